"""Leaves of a training loop, found by name and read now and then."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch

from engine.contract.live import LeafSample, LiveLeaf, Scalar
from engine.contract.trace import LiveLimits
from engine.contract.values import finite_or_word
from engine.recording import private
from engine.recording.graph.identity import is_strided
from engine.recording.graph.preview import UNREADABLE, array_of, norm_of, stats_of

MOST_LEAVES = 2_000  # in all: a program may make new ones for each step
MAX_NAME = 200  # characters
FEW = 64  # elements that plain Python is quicker for


class LeafSamples:
    """Numbers leaves in the order of finding. Its methods must be called :func:`private.unseen`."""

    def __init__(self, limits: LiveLimits, id_of: Callable[[torch.Tensor], int | None]) -> None:
        self._limits = limits
        self._id_of = id_of  # in the trace
        self._known: dict[int, tuple[weakref.ref[torch.Tensor], int]] = {}  # id() -> (leaf, its number)
        self._n = 0

    def find(self, named: Iterable[tuple[str | None, torch.Tensor]]) -> Iterator[LiveLeaf]:
        """Those among ``named`` that are leaves and not known yet, as many as there is room for."""
        for name, leaf in named:
            known = self._known.get(id(leaf))
            if (known is not None and known[0]() is leaf) or not (leaf.is_leaf and leaf.requires_grad):
                continue
            self._forget_dead()
            if len(self._known) >= self._limits.leaves or self._n >= MOST_LEAVES:
                return
            self._known[id(leaf)] = (weakref.ref(leaf), self._n)
            yield LiveLeaf(
                self._n, name and name[:MAX_NAME], private.shape_of(leaf), str(leaf.device), self._id_of(leaf)
            )
            self._n += 1

    def read(self, backward: int) -> Iterator[LeafSample]:
        """Every known leaf that is alive, as it is now."""
        for reference, number in list(self._known.values()):
            leaf = reference()
            if leaf is not None:
                yield self._sample(leaf, number, backward)

    def _sample(self, leaf: torch.Tensor, number: int, backward: int) -> LeafSample:
        norm = None if leaf.grad is None else _norm(leaf.grad)
        array = _array(leaf)
        if array is None or array.dtype.kind != "f":
            return LeafSample(backward, number, norm, None, None, None)
        first = array.ravel()[: self._limits.values].tolist()
        return LeafSample(backward, number, norm, *_low_high_mean(array), tuple(finite_or_word(x) for x in first))

    def _forget_dead(self) -> None:
        self._known = {key: known for key, known in self._known.items() if known[0]() is not None}


def _array(tensor: torch.Tensor) -> np.ndarray | None:
    """The content, flattened; None when it cannot be read."""
    if not is_strided(tensor) or private.unreadable(tensor):
        return None
    try:
        return array_of(tensor).ravel()
    except UNREADABLE:
        return None


def _norm(grad: torch.Tensor) -> Scalar | None:
    """The Euclidean norm of all elements; 0 for none; None when they cannot be read."""
    if grad.layout is torch.sparse_coo:
        grad = grad.coalesce().values()
    array = _array(grad)
    if array is None:
        return None
    if array.size <= FEW:
        return finite_or_word(math.hypot(*map(abs, array.tolist())))
    return finite_or_word(norm_of(array))


def _low_high_mean(array: np.ndarray) -> tuple[Scalar | None, Scalar | None, Scalar | None]:
    """Least, greatest and mean; NaN counts for the mean alone."""
    if not array.size:
        return None, None, None
    if array.size <= FEW:  # NumPy is slow to begin
        numbers = array.tolist()
        if all(map(math.isfinite, numbers)):
            return min(numbers), max(numbers), sum(numbers) / len(numbers)
    low, mean, high = float(array.min()), float(array.mean()), float(array.max())
    if math.isfinite(low) and math.isfinite(mean) and math.isfinite(high):
        return low, high, mean
    stats = stats_of(array)
    return stats.min, stats.max, stats.mean
