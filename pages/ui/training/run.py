"""One training run: a program driven through the runner by a thread, with what it told."""

from __future__ import annotations

import threading
from typing import Protocol

import msgspec

from engine.contract.events import Event, Finished
from engine.contract.live import Command, SetPace
from engine.contract.policy import Policy
from engine.contract.policy import limits_of as of_policy
from engine.contract.trace import Limits, LiveLimits, Trace
from engine.program.length import Length, length_of
from engine.running.turns import Asker
from pages.ui.desk.task import Runs, Task
from pages.ui.training.candidates import Candidate
from pages.ui.training.store import LOSS, STEPS, Store

TIME_S = 600.0  # a run may train for so long, pauses not counted


class Trains(Runs, Protocol):
    """The part of :class:`engine.running.Runner` that training needs."""

    policy: Policy

    def pause(self, run_id: str) -> object: ...

    def resume(self, run_id: str) -> object: ...

    def tell(self, run_id: str, command: Command) -> bool: ...


class LiveRun:
    """A run from its start to its last number. All methods may be called from any thread, at any time."""

    def __init__(
        self,
        runner: Trains,
        candidate: Candidate,
        asker: Asker,
        number: int,
        record: tuple[int, ...] = (),
        *,
        pace: float = 0.0,
        is_example: bool = False,
    ) -> None:
        self.number = number  # of the desk's runs, from 1
        self.candidate = candidate
        self.length: Length = length_of(candidate.program.source)
        self.store = Store()
        self.record = record
        self.is_example = is_example  # everybody's: nobody may stop it
        self._runner = runner
        self._pace = self._told_pace = pace
        limits = limits_of(candidate, record, runner.policy, pace)
        self._wants_end = threading.Event()
        self._task = Task(runner, candidate.program, limits, asker)
        self._task.start(self._take)

    @property
    def id(self) -> str:
        return self._task.run_id

    @property
    def has_ended(self) -> bool:
        return self.store.phase == "ended"

    def wait(self, timeout_s: float) -> bool:
        """Whether the runner has let go of it, looking for at most ``timeout_s``."""
        return self._task.wait(timeout_s)

    def trace(self) -> Trace:
        """The steps recorded in full up to now."""
        return self._task.trace()

    def pause(self) -> None:
        """Hold the process where it is. Its place is free for others until it is resumed."""
        self._runner.pause(self.id)
        self.store.enter("paused")

    def resume(self) -> None:
        """Let it go on as soon as there is a place for it."""
        self._runner.resume(self.id)
        self.store.enter("running" if self.store.has_started and not self._waits else "waiting")

    def look(self) -> None:
        """Note whether it has a place now or waits for one; to be called now and then."""
        if self.store.has_started and self.store.phase in ("running", "waiting"):
            self.store.enter("waiting" if self._waits else "running")

    def stop(self) -> None:
        """End the process; what it told stays. A run that has not begun is over at once."""
        self._wants_end.set()
        self._task.stop()
        if not self.store.has_started:
            self.store.add(Finished(ending="cancelled"))

    def tell(self, command: Command) -> bool:
        """Give the program's process a command; False when there is none to take it."""
        return self.store.has_started and not self.has_ended and bool(self._runner.tell(self.id, command))

    def slow_down(self, pace: float) -> None:
        """At most so many steps a second from now on, or from the start of a run that has not begun; 0: all it can."""
        self._pace = pace
        if self.tell(SetPace(pace)):
            self._told_pace = pace

    @property
    def _waits(self) -> bool:
        return self._task.place is not None

    def _take(self, event: Event) -> None:
        if not self.has_ended:
            self.store.add(event)
        if self._pace != self._told_pace:  # chosen before there was a process to tell
            self.slow_down(self._pace)
        if self.record and not self._wants_end.is_set() and self._has_recorded():
            self.stop()

    def _has_recorded(self) -> bool:
        """Whether every step is there that this run was started for."""
        with self.store.reading() as store:
            return {backward + 1 for backward in self.record} <= {each.step for each in store.recorded}


def limits_of(
    candidate: Candidate, record: tuple[int, ...] = (), policy: Policy = "trusted", pace: float = 0.0
) -> Limits:
    """What a training run may do, and what is read of it: as any run under the policy, for longer."""
    names = dict.fromkeys((*candidate.series, LOSS, *STEPS))
    live = LiveLimits(series=tuple(names), record=record, pace=pace)
    return msgspec.structs.replace(of_policy(policy), time_s=TIME_S, live=live)
