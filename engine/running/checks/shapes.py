"""Whether shapes are such as PyTorch has, and values have the items that their shapes say."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from math import prod

from engine.contract.codec import CodecError
from engine.contract.trace import Bins, Limits, TensorRecord, Value
from engine.contract.values import MOST_BINS

MOST_DIMENSIONS = 64  # PyTorch's own limit
MOST_NUMBER = 2**63  # sizes, and the number of elements


def check_value(value: Value, limits: Limits) -> None:
    """A value's items are as many as its kept indices say, these lie within its shape, and there are not too many."""
    shape, kept = value.shape, value.kept
    check_shapes((shape,))
    if value.bins is not None:
        check_bins(value.bins)
    if not value.items:
        if any(kept):
            raise CodecError("a value with indices and no items")
        return
    if len(value.items) > most_items(limits):
        raise CodecError(f"a value with {len(value.items)} items")
    sizes = shape if value.is_whole and not kept else tuple(len(indices) for indices in kept)
    is_inside = all(all(0 <= index < size for index in indices) for indices, size in zip(kept, shape, strict=False))
    if len(sizes) != len(shape) or prod(sizes) != len(value.items) or not is_inside:
        raise CodecError(f"a value of shape {shape} with {len(value.items)} items")


def check_bins(bins: Bins) -> None:
    """Not too many, between edges that rise, with counts that can be."""
    edges, counts = bins.edges, bins.counts
    is_known = 0 < len(counts) <= MOST_BINS and len(edges) == len(counts) + 1
    rises = all(-math.inf < low < high < math.inf for low, high in pairwise(edges))
    if not (is_known and rises and all(0 <= count < MOST_NUMBER for count in counts)):
        raise CodecError(f"{len(counts)} bins between {len(edges)} edges, or not in order")


def most_items(limits: Limits) -> int:
    """Of one value in a recording with these limits."""
    return max(limits.items, limits.grad_items, limits.numeric_items, (2 * limits.edge) ** 2)


def check_shapes(shapes: Iterable[tuple[int, ...]]) -> None:
    """Raises CodecError for one that no tensor has."""
    for shape in shapes:
        if not shape:
            continue
        if len(shape) > MOST_DIMENSIONS:
            raise CodecError(f"a shape of {len(shape)} dimensions")
        if min(shape) < 0 or max(shape) >= MOST_NUMBER or prod(shape) >= MOST_NUMBER:
            raise CodecError(f"no tensor has the shape {shape}")


def check_strides(tensor: TensorRecord) -> None:
    """A tensor's shape, and as many strides as dimensions, or none."""
    check_shapes((tensor.shape,))
    if len(tensor.strides) not in (0, len(tensor.shape)):
        raise CodecError(f"{len(tensor.strides)} strides for {len(tensor.shape)} dimensions")
