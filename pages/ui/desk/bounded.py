"""A cache that is bounded by the size of what it holds, safe to use from many threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Bounded(Generic[T]):
    """Keeps what was used last, as long as all of it together is at most ``most_bytes``."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._n_bytes = 0

    @property
    def n_bytes(self) -> int:
        return self._n_bytes

    def get(self, key: Hashable, make: Callable[[], tuple[T, int]]) -> T:
        """What is kept under ``key``, else what ``make`` gives: the thing and its size.

        Two threads that ask for the same at once may both make it; one of the two is kept.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        thing, size = make()
        with self._lock:
            _, earlier = self._kept.pop(key, (None, 0))
            self._kept[key] = thing, size
            self._n_bytes += size - earlier
            while self._n_bytes > self._most_bytes and self._kept:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._n_bytes -= dropped
        return thing
