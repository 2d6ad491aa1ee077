"""Turns at a few places for requests that nobody interrupts: whoever used least lately goes first.

Runs have other turns (:mod:`engine.running.turns`): they may stand still, and nobody knows how long they will take.

>>> turns = ShortTurns(2)
>>> with turns.turn("ada"):
...     turns.n_free
1
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from engine.running.turns import Used

HEAVY_S = 1.0  # who used more lately, or is about to, leaves the last place to others
MOST_REMEMBERED = 1000


@dataclass(eq=False)
class _Waiting:
    visitor: str
    expected_s: float


class ShortTurns:
    """``n`` places. A visitor holds at most one; of two or more, the last free one is kept for light requests.

    So neither many requests of a visitor nor long ones make anybody else wait for more than the one that is
    being served.
    """

    def __init__(self, n: int, clock: Callable[[], float] = monotonic) -> None:
        self._condition = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._inside: set[str] = set()
        self._used: dict[str, Used] = {}
        self._n = n
        self._clock = clock

    @property
    def n_free(self) -> int:
        return self._n - len(self._inside)

    @property
    def n_waiting(self) -> int:
        return len(self._waiting)

    @contextmanager
    def turn(self, visitor: str, expected_s: float = 0.0) -> Generator[None, None, None]:
        """A place, as soon as it is this visitor's turn; what it is held for is remembered.

        ``expected_s``: how long that may be, as far as it can be guessed. It counts as if it were used already.
        """
        self._enter(_Waiting(visitor, expected_s))
        began = self._clock()
        try:
            yield
        finally:
            self._leave(visitor, began)

    def _enter(self, one: _Waiting) -> None:
        with self._condition:
            self._waiting.append(one)
            try:
                self._condition.wait_for(lambda: self._next() is one)
                self._inside.add(one.visitor)
            finally:  # also when the caller is interrupted
                self._waiting.remove(one)
                self._condition.notify_all()

    def _leave(self, visitor: str, began: float) -> None:
        with self._condition:
            now = self._clock()
            self._inside.discard(visitor)
            self._used.setdefault(visitor, Used()).add(now - began, now)
            if len(self._used) > MOST_REMEMBERED:
                self._forget(now)
            self._condition.notify_all()

    def _next(self) -> _Waiting | None:
        """Who may enter now: the lightest that is not inside already, of equals the first that came."""
        now = self._clock()
        others = [one for one in self._waiting if one.visitor not in self._inside]
        first = min(others, key=lambda one: self._weight(one, now), default=None)
        if first is None:
            return None
        n_kept = 1 if self._n > 1 and self._weight(first, now) > HEAVY_S else 0
        return first if self.n_free > n_kept else None

    def _weight(self, one: _Waiting, now: float) -> float:
        return self._faded(one.visitor, now) + one.expected_s

    def _faded(self, visitor: str, now: float) -> float:
        used = self._used.get(visitor)
        return used.faded(now) if used is not None else 0.0

    def _forget(self, now: float) -> None:
        """The lighter half."""
        heaviest = sorted(self._used, key=lambda visitor: -self._used[visitor].faded(now))[: MOST_REMEMBERED // 2]
        self._used = {visitor: self._used[visitor] for visitor in heaviest}
