"""Whether the recorder is on: the one place where that changes, and who acts on it.

NOTE [On and off]
    On -- the budget is spent --> Leaving -- the program's next line --> Off
    Off -- a run is wanted --> Off(is_wanted) -- the program's next line --> Once
    Once -- its run has ended, and the step after it --> Leaving
While torch calls the mode's handler, torch itself keeps the mode aside and puts it back afterwards, so the handler
cannot remove it. A one-shot trace function on the program's frame can: Python calls it at the frame's next line,
where the mode is on the stack again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, Protocol, Union


@dataclass(frozen=True)
class On:
    """From the program's start, up to the budget."""


@dataclass(frozen=True)
class Once:
    """On again, up to the end of the next run and the optimizer's step after it."""


@dataclass(frozen=True)
class Leaving:
    """Nothing is recorded any more; the instruments go at the program's next line."""

    is_wanted: bool = False  # and come back at once


@dataclass(frozen=True)
class Off:
    """Runs are seen by one hook each."""

    is_wanted: bool = False  # the instruments come back at the program's next line


State = Union[On, Once, Leaving, Off]


class Instruments(Protocol):
    """Those that act when the state changes."""

    def watch_unrecorded(self) -> None:
        """Recording ends here: see the runs that follow."""

    def take_off(self) -> None:
        """At a line of the program, after that."""

    def put_on(self) -> None:
        """At a line of the program: record once more."""


class Switch:
    """The state, and the budget of runs that decides about it."""

    def __init__(self, filename: str, n_runs: int, instruments: Instruments) -> None:
        self.state: State = On()
        self._filename = filename
        self._n_left = n_runs
        self._instruments = instruments

    @property
    def is_on(self) -> bool:
        """Whether what the program does is recorded."""
        return isinstance(self.state, (On, Once))

    @property
    def is_spent(self) -> bool:
        """Whether no further run is to be recorded."""
        return self._n_left <= 0

    def count_run(self) -> None:
        """A run is recorded."""
        self._n_left -= 1

    def allow_one(self) -> None:
        """Record the next run, too."""
        self._n_left = 1

    def leave(self, caller: FrameType) -> None:
        """The budget is spent: take everything off at the program's next line, and watch later runs."""
        if not self.is_on:
            return
        self.state = Leaving()
        at_next_line(caller, self._filename, self._left)
        self._instruments.watch_unrecorded()

    def stepped(self, frame: FrameType) -> None:
        """After an optimizer's step."""
        if isinstance(self.state, Once) and self.is_spent:
            self.leave(frame)

    def record_next(self, frame: FrameType) -> None:
        """Somebody wants to see the next run."""
        if self.state == Leaving():
            self.state = Leaving(is_wanted=True)
        elif self.state == Off():
            self.state = Off(is_wanted=True)
            at_next_line(frame, self._filename, self._come_back)

    def _left(self) -> None:
        is_wanted = self.state == Leaving(is_wanted=True)
        self.state = Off(is_wanted)
        self._instruments.take_off()
        if is_wanted:
            self._come_back()

    def _come_back(self) -> None:
        self.state = Once()
        self.allow_one()
        self._instruments.put_on()


def at_next_line(frame: FrameType | None, filename: str, act: Callable[[], None]) -> None:
    """Call ``act`` once, when the program's innermost frame reaches its next line or returns."""
    earlier = sys.gettrace()
    while frame is not None and frame.f_code.co_filename != filename:
        frame = frame.f_back
    if frame is None:
        return
    earlier_local = frame.f_trace

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        if event in ("line", "return", "exception"):
            sys.settrace(earlier)
            frame.f_trace = earlier_local
            act()
        return earlier_local if event != "call" else local

    frame.f_trace = local
    sys.settrace(earlier or _ignore)


def _ignore(frame: FrameType, event: str, argument: Any) -> None:
    """A global trace function is needed for local ones to run; new frames are not traced."""
