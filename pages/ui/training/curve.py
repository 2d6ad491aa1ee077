"""One curve of a run: points with rising x, bounded in number, told to a browser bit by bit."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.contract.thin_curve import lows_and_highs

CAPACITY = 50_000  # points kept of one curve; the memory of one is then under a megabyte
BROWSER_MOST = 1_000  # points a browser draws smoothly among several curves
BROWSER_START = 400  # of a curve told anew
UPDATE_MOST = 60  # new points of a curve in one update


class Curve:
    """Rising whole x, finite y. Beyond ``capacity`` points, half are left out: lows and highs stay."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.xs, self.ys = array("q"), array("d")
        self.n = 0  # points that were added, kept or not
        self._capacity = capacity

    def __len__(self) -> int:
        return len(self.xs)

    def add(self, x: int, y: float) -> None:
        """Append a point; x is larger than any before."""
        if len(self.xs) >= self._capacity:
            self._halve()
        self.xs.append(x)
        self.ys.append(y)
        self.n += 1

    @property
    def last(self) -> float | None:
        return self.ys[-1] if self.ys else None

    def after(self, x: int) -> tuple[array[int], array[float]]:
        """The points beyond ``x``."""
        start = bisect_right(self.xs, x)
        return self.xs[start:], self.ys[start:]

    def _halve(self) -> None:
        kept = lows_and_highs(self.ys, self._capacity // 2)
        self.xs = array("q", (self.xs[i] for i in kept))
        self.ys = array("d", (self.ys[i] for i in kept))

    @property
    def is_thinned(self) -> bool:
        """Whether points were left out."""
        return self.n > len(self)


@dataclass(frozen=True)
class Points:
    """A part of a curve on its way to a browser; ``is_whole``: it replaces what is there."""

    xs: Sequence[int]
    ys: Sequence[float]
    is_whole: bool


@dataclass
class SentCurve:
    """What one browser has of a curve."""

    last_x: int = -1
    n: int = 0

    def news(self, xs: Sequence[int], ys: Sequence[float], all_xs: Sequence[int], all_ys: Sequence[float]) -> Points:
        """The next part, given the points it does not have and all there are; counts it as told."""
        is_whole = self.n == 0 or self.n + min(len(xs), UPDATE_MOST) > BROWSER_MOST
        points = _thinned(all_xs, all_ys, BROWSER_START) if is_whole else _thinned(xs, ys, UPDATE_MOST)
        self.n = len(points[0]) + (0 if is_whole else self.n)
        self.last_x = all_xs[-1]
        return Points(*points, is_whole)


def _thinned(xs: Sequence[int], ys: Sequence[float], most: int) -> tuple[Sequence[int], Sequence[float]]:
    if len(xs) <= most:
        return xs, ys
    kept = lows_and_highs(ys, most)
    return [xs[i] for i in kept], [ys[i] for i in kept]


def epochs(xs: Sequence[int], ys: Sequence[float], length: int) -> Iterator[tuple[int, float]]:
    """(number of the epoch, mean of its points) for every whole epoch of ``length`` steps; both count from 1.

    >>> list(epochs([1, 2, 3, 4, 5], [1.0, 3.0, 5.0, 7.0, 9.0], 2))
    [(1, 2.0), (2, 6.0)]
    """
    start, n_points = 0, len(xs)
    while start < n_points:
        number = (xs[start] - 1) // length + 1
        end = bisect_right(xs, number * length, start)
        if end < n_points or xs[end - 1] == number * length:
            yield number, sum(ys[start:end]) / (end - start)
        start = end
