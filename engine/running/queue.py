"""A fair gate before the processes: everybody's first run goes before anybody's second."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

MOST_SESSIONS = 10_000  # remembered at once


@dataclass(eq=False)
class Ticket:
    """One run that waits."""

    session: str
    turn: int = 0


class Queue:
    """At most ``n`` pass at a time, in turns.

    A run's turn is the one now being served, or the one after its session's last, whichever is later; within
    a turn, first come first served. So a session that starts many runs, or runs that never end, gets one place
    in each turn, and everybody else gets theirs before its next.
    """

    def __init__(self, n: int) -> None:
        self._condition = threading.Condition()
        self._waiting: list[Ticket] = []
        self._inside: Counter[str] = Counter()
        self._last_turn: dict[str, int] = {}
        self._now = 0
        self._free = n

    @property
    def n_waiting(self) -> int:
        return len(self._waiting)

    @property
    def n_inside(self) -> int:
        return sum(self._inside.values())

    def enter(self, session: str, is_cancelled: threading.Event, ticket: Ticket | None = None) -> bool:
        """Wait for a place; False when cancelled meanwhile. ``ticket`` lets others ask for the :meth:`place`."""
        ticket = ticket or Ticket(session)
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
                self._inside[session] += 1
                self._now = max(self._now, ticket.turn)
            self._condition.notify_all()
            return not is_cancelled.is_set()

    def leave(self, session: str) -> None:
        """Give the place to the next."""
        with self._condition:
            self._free += 1
            self._inside[session] -= 1
            if not self._inside[session]:
                del self._inside[session]
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
