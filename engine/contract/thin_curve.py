"""Long curves made short: of every piece its lowest and its highest point (min/max decimation).

Unlike taking every n-th point, no peak is lost; unlike a mean, only points that were measured are shown.
"""

from __future__ import annotations

from collections.abc import Sequence


def lows_and_highs(ys: Sequence[float], most: int) -> list[int]:
    """Rising indices of at most ``most`` (2 or more) points: the first, the last, each piece's lowest and highest.

    >>> lows_and_highs([0, 1, 9, 1, 2, -5, 2, 3], 6)
    [0, 1, 2, 4, 5, 7]
    """
    n = len(ys)
    if n <= most:
        return list(range(n))
    n_pieces = max((most - 2) // 2, 0)
    kept = [0]
    for piece in range(n_pieces):
        start, end = 1 + piece * (n - 2) // n_pieces, 1 + (piece + 1) * (n - 2) // n_pieces
        part = ys[start:end]
        low, high = start + part.index(min(part)), start + part.index(max(part))  # type: ignore[attr-defined]
        kept.extend(sorted({low, high}))
    return [*kept, n - 1]
