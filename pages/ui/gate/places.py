"""Places for what stays open: so many in all, so many for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Places:
    """To be used in one event loop.

    >>> places = Places(most=3, most_each=1)
    >>> with places.take("me") as is_first, places.take("me") as is_second:
    ...     is_first, is_second, places.n_taken
    (True, False, 1)
    """

    def __init__(self, most: int, most_each: int) -> None:
        self._most, self._most_each = most, most_each
        self._taken: Counter[str] = Counter()

    @property
    def n_taken(self) -> int:
        return self._taken.total()

    @contextmanager
    def take(self, whose: str) -> Iterator[bool]:
        """Whether there was a place; it is given back with the end of the block."""
        if self.n_taken >= self._most or self._taken[whose] >= self._most_each:
            yield False
            return
        self._taken[whose] += 1
        try:
            yield True
        finally:
            self._taken[whose] -= 1
            self._taken += Counter()  # forgets those with none
