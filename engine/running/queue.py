"""The gate before the processes: threads wait here for their turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from engine.running.turns import Place, Places, Ticket, Turns


class Queue:
    """:class:`Turns` for many threads: each change is made under a lock, then those it moved are told."""

    def __init__(self, places: Places, clock: Callable[[], float] = time.monotonic) -> None:
        self._condition = threading.Condition()
        self._turns, self._clock = Turns(places), clock

    @property
    def n_waiting(self) -> int:
        return self._turns.count("waiting")

    @property
    def n_running(self) -> int:
        return self._turns.count("first", "aside")

    @property
    def n_stopped(self) -> int:
        return self._turns.count("parked", "held")

    def enter(self, ticket: Ticket) -> bool:
        """Line up and wait for a place; False when the ticket is out before."""
        with self._changing() as turns:
            turns.line_up(ticket, self._clock())
        with self._condition:
            self._condition.wait_for(lambda: ticket.runs or ticket.state == "out")
            return ticket.runs

    def step_aside(self, ticket: Ticket) -> None:
        with self._changing() as turns:
            turns.step_aside(ticket, self._clock())

    def outlive(self, ticket: Ticket) -> None:
        with self._changing() as turns:
            turns.outlive(ticket, self._clock())

    def hold(self, ticket: Ticket) -> bool:
        with self._changing() as turns:
            return turns.hold(ticket, self._clock())

    def resume(self, ticket: Ticket) -> bool:
        with self._changing() as turns:
            return turns.resume(ticket, self._clock())

    def look(self) -> None:
        """What only time brings about; to be called now and then."""
        with self._changing() as turns:
            turns.expire(self._clock())
            turns.rotate(self._clock())

    def leave(self, ticket: Ticket) -> None:
        with self._changing() as turns:
            turns.leave(ticket, self._clock())

    def give_up(self, ticket: Ticket) -> None:
        """Leave, if it has not begun."""
        with self._changing() as turns:
            if not ticket.has_begun:
                turns.leave(ticket, self._clock())

    def place(self, ticket: Ticket) -> Place | None:
        with self._condition:
            return self._turns.place(ticket, self._clock())

    @contextmanager
    def _changing(self) -> Generator[Turns, None, None]:
        with self._condition:
            yield self._turns
            moved, self._turns.moved = self._turns.moved, []
            self._condition.notify_all()
        for ticket in moved:  # not under the lock: what follows may take a moment
            ticket.follow()
