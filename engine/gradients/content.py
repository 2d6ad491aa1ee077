"""The elements of one value arranged to be looked at: bins of a histogram, and a matrix."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from engine.contract.trace import Complex, Number, Value
from engine.contract.values import edges_between, n_bins, n_elements


@dataclass(frozen=True)
class Histogram:
    """Counts of the finite elements; ``edges`` has one entry more than ``counts``."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n_zeros: int = 0
    n_nan: int = 0
    n_inf: int = 0


@dataclass(frozen=True)
class Matrix:
    """A value as rows and columns with their indices in the value.

    A vector is one row. Of more than two dimensions the first gives the rows, all others together the
    columns. ``is_part``: only some rows and columns were recorded.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    cells: tuple[tuple[float, ...], ...]  # NaN and infinities as floats; of complex numbers the absolute value
    is_part: bool = False


def histogram(value: Value) -> Histogram | None:
    """Bins of equal width over all elements: as the recorder counted them, else counted here. None when only a part of
    the elements is known, or they are complex."""
    if value.bins is not None and value.stats is not None:
        stats = value.stats
        return Histogram(value.bins.edges, value.bins.counts, stats.n_zeros, stats.n_nan, stats.n_inf)
    if value.unavailable is not None or not value.is_whole or any(isinstance(x, Complex) for x in value.items):
        return None
    numbers = [_real(item) for item in value.items]
    finite = sorted(x for x in numbers if math.isfinite(x))
    n_nan = sum(math.isnan(x) for x in numbers)
    n_inf = len(numbers) - len(finite) - n_nan
    edges, counts = _bins(finite)
    return Histogram(edges, counts, sum(x == 0 for x in finite), n_nan, n_inf)


def matrix(value: Value) -> Matrix | None:
    """The recorded elements as a matrix; None when there are none."""
    if not value.items or n_elements([len(kept) for kept in value.kept]) != len(value.items):
        return None
    kept, shape = ((0,), *value.kept), (1, *value.shape)  # a scalar is a vector of one, a vector a matrix of one row
    if len(value.shape) > 1:
        kept, shape = value.kept, value.shape
    rows, columns = kept[0], _flat(kept[1:], shape[1:])
    cells = tuple(map(_real, value.items))
    n = len(columns)
    split = tuple(cells[i : i + n] for i in range(0, len(cells), n))
    return Matrix(rows, columns, split, is_part=not value.is_whole)


def _bins(numbers: list[float]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Edges and counts of rising numbers; none for none."""
    if not numbers:
        return (), ()
    edges = edges_between(numbers[0], numbers[-1], n_bins(len(numbers)))
    counts = [0] * (len(edges) - 1)
    for number in numbers:
        counts[min(len(counts), bisect_right(edges, number)) - 1] += 1
    return edges, tuple(counts)


def _flat(kept: tuple[tuple[int, ...], ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Indices of the kept entries when the dimensions are laid out as one."""
    flat: tuple[int, ...] = (0,)
    for indices, size in zip(kept, shape, strict=True):
        flat = tuple(before * size + index for before in flat for index in indices)
    return flat


def _real(item: Number) -> float:
    if isinstance(item, Complex):
        return math.hypot(float(item.re), float(item.im))
    return float(item)
