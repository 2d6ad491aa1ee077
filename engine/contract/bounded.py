"""A store that is bounded by the size of what it holds, safe to use from many threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Bounded(Generic[K, T]):
    """Keeps what was used last, as long as all of it together is at most ``most``: in number, or in the size that
    ``size_of`` gives.

    >>> two: Bounded[str, int] = Bounded(2)
    >>> for name in ("a", "b", "a", "c"):
    ...     _ = two.get_or_make(name, lambda: 0)
    >>> "a" in two, "b" in two
    (True, False)
    """

    def __init__(self, most: int, size_of: Callable[[T], int] = lambda _thing: 1) -> None:
        self._most, self._size_of = most, size_of
        self._lock = threading.Lock()
        self._kept: OrderedDict[K, tuple[T, int]] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Of all that is kept."""
        return self._size

    def __contains__(self, key: object) -> bool:
        with self._lock:
            return key in self._kept

    def get(self, key: K) -> T | None:
        """What is kept under ``key``, which is used by that; else None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: K, thing: T) -> T:
        """Keep it, instead of what was kept under ``key``; what is larger than all may be is not kept."""
        size = self._size_of(thing)
        with self._lock:
            _, earlier = self._kept.pop(key, (None, 0))
            self._kept[key] = thing, size
            self._size += size - earlier
            while self._size > self._most and self._kept:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._size -= dropped
        return thing

    def get_or_make(self, key: K, make: Callable[[], T]) -> T:
        """What is kept under ``key``, else what ``make`` gives, which must not be None.

        Two threads that ask for the same at once may both make it; one of the two is kept.
        """
        kept = self.get(key)
        return self.put(key, make()) if kept is None else kept
