"""A fair gate before the processes: everybody's first run goes before anybody's second."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

MOST_SESSIONS = 10_000  # remembered at once
MOST_ASIDE = 2  # of one session


@dataclass(eq=False)
class Ticket:
    """One run: it waits, is inside, and may have stepped aside there."""

    session: str
    turn: int = 0
    is_inside: bool = False
    is_aside: bool = False


class Queue:
    """At most ``n`` pass at a time, in turns.

    A run's turn is the one now being served, or the one after its session's last, whichever is later; within
    a turn, first come first served. So a session that starts many runs, or runs that never end, gets one place
    in each turn, and everybody else gets theirs before its next. Runs that take long may step aside, at most
    ``n_aside`` of them and two of a session, so that short ones need not wait for them either.
    """

    def __init__(self, n: int, n_aside: int = 0) -> None:
        self._condition = threading.Condition()
        self._waiting: list[Ticket] = []
        self._n_inside = 0
        self._aside: Counter[str] = Counter()
        self._n_aside = n_aside
        self._last_turn: dict[str, int] = {}
        self._now = 0
        self._free = n

    @property
    def n_waiting(self) -> int:
        return len(self._waiting)

    @property
    def n_inside(self) -> int:
        return self._n_inside

    def enter(self, ticket: Ticket, is_cancelled: threading.Event) -> bool:
        """Wait for a place; False when cancelled meanwhile."""
        with self._condition:
            self._line_up(ticket)
            try:
                self._condition.wait_for(
                    lambda: is_cancelled.is_set() or (self._free > 0 and self._in_order()[0] is ticket)
                )
            finally:  # also when the caller is interrupted
                self._waiting.remove(ticket)
            if not is_cancelled.is_set():
                self._free -= 1
                self._n_inside += 1
                ticket.is_inside = True
                self._now = max(self._now, ticket.turn)
            self._condition.notify_all()
            return not is_cancelled.is_set()

    def step_aside(self, ticket: Ticket) -> bool:
        """Give the place to the next and go on beside; False when too many do, or the run has left."""
        with self._condition:
            is_full = self._aside.total() >= self._n_aside or self._aside[ticket.session] >= MOST_ASIDE
            if is_full or not ticket.is_inside or ticket.is_aside:
                return False
            ticket.is_aside = True
            self._aside[ticket.session] += 1
            self._free += 1
            self._condition.notify_all()
            return True

    def leave(self, ticket: Ticket) -> None:
        """Give the place to the next."""
        with self._condition:
            self._n_inside -= 1
            if ticket.is_aside:
                self._aside -= Counter([ticket.session])
            else:
                self._free += 1
            ticket.is_inside = ticket.is_aside = False
            self._condition.notify_all()

    def wake(self) -> None:
        """Let those who wait look again whether they were cancelled."""
        with self._condition:
            self._condition.notify_all()

    def place(self, ticket: Ticket) -> int | None:
        """How many runs go before this one, plus one; None when it does not wait."""
        with self._condition:
            return next((n for n, one in enumerate(self._in_order(), 1) if one is ticket), None)

    def _line_up(self, ticket: Ticket) -> None:
        ticket.turn = max(self._now, self._last_turn.get(ticket.session, -1) + 1)
        if len(self._last_turn) > MOST_SESSIONS:
            self._last_turn = {one: turn for one, turn in self._last_turn.items() if turn >= self._now}
        self._last_turn[ticket.session] = ticket.turn
        self._waiting.append(ticket)

    def _in_order(self) -> list[Ticket]:
        return sorted(self._waiting, key=lambda ticket: ticket.turn)  # stable: within a turn as they came
