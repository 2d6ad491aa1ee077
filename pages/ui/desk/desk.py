"""What one visitor has on a desk: the run under way and the last result; for a program, the program too.

There is one result and at most one run. Starting another forgets the one before, so that a late
answer has nowhere to go and can never replace a newer one.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.contract.trace import Limits, Program
from engine.program.lesson import limits_for
from engine.running.turns import Asker, Place
from pages.ui.desk.results import KnownTraces, Result, blank
from pages.ui.desk.task import AnyTask, Runs, Task

R = TypeVar("R")


@dataclass(frozen=True)
class _UnderWay(Generic[R]):
    task: AnyTask
    result: Callable[[], R]  # what it came to, once it has ended


class Desk(Generic[R]):
    """One run at most, and the result of the last one, whatever that is.

    Several scripts of one visitor may be in here at once, and what one waits for may be replaced by another. What
    replaces the run under way is done under a lock, so however often Run is pressed, one run is left.
    """

    def __init__(self, runner: Runs, asker: Asker | None = None) -> None:
        self._runner, self._asker = runner, asker or Asker(uuid.uuid4().hex)
        self._lock = threading.RLock()
        self._under_way: _UnderWay[R] | None = None
        self._last: R | None = None

    @property
    def last(self) -> R | None:
        """The last result; None before there was one."""
        return self._last

    @property
    def is_running(self) -> bool:
        """Whether a run is under way whose result is not on the desk yet."""
        return self._under_way is not None

    @property
    def is_starting(self) -> bool:
        """Whether the run under way waits for PyTorch to be imported."""
        return self.is_running and not self._runner.is_ready

    @property
    def place(self) -> Place | None:
        """Where the run under way waits; None when none does."""
        task = self._task
        return None if task is None else task.place

    @property
    def run_id(self) -> str:
        """Of the run under way; "" when there is none."""
        task = self._task
        return "" if task is None else task.run_id

    @property
    def printed(self) -> str:
        """The last of what the run under way has printed up to now."""
        task = self._task
        return "" if task is None else task.printed

    def put(self, result: R) -> None:
        """Put a result on the desk that was made elsewhere; a run under way is ended and forgotten."""
        with self._lock:
            self._forget()
            self._last = result

    def stop(self) -> None:
        """End the run under way; what it told until then becomes the result."""
        task = self._task
        if task is not None:
            task.stop()

    def settle(self, timeout_s: float) -> bool:
        """Take over the result of the run under way if it ends within ``timeout_s``; whether none is under way."""
        awaited = self._under_way
        if awaited is not None and awaited.task.wait(timeout_s):
            result = awaited.result()
            with self._lock:
                if self._under_way is awaited:
                    self._last, self._under_way = result, None
        return self._under_way is None

    @property
    def _task(self) -> AnyTask | None:
        under_way = self._under_way
        return None if under_way is None else under_way.task

    def _await(self, task: AnyTask, result: Callable[[], R]) -> None:
        self._under_way = _UnderWay(task, result)

    def _forget(self) -> None:
        if self._under_way is not None:
            self._under_way.task.stop()
            self._under_way = None


class ProgramDesk(Desk[Result]):
    """The desk for a program. ``limits`` bound every run."""

    def __init__(
        self, runner: Runs, known: KnownTraces, limits: Limits | None = None, asker: Asker | None = None
    ) -> None:
        super().__init__(runner, asker)
        self._known, self._limits = known, limits or Limits()
        self._left: Program | None = None  # what was on the desk when its visitor left
        self._like: Program | None = None  # the lesson's program that the one on the desk was made of

    @property
    def has_program(self) -> bool:
        """Whether a program was ever shown or run here."""
        return self._under_way is not None or self._last is not None

    @property
    def program(self) -> Program:
        """The program on the desk: the one under way, else the one that ran."""
        task = self._task
        return task.program if task is not None else self.result.outline.program

    @property
    def result(self) -> Result:
        """What is on the desk. Only after :meth:`show` or :meth:`run`."""
        if self._last is None:
            raise LookupError("no program was shown on this desk yet: call show() first")
        return self._last

    def show(self, program: Program, like: Program | None = None) -> None:
        """Put ``program`` on the desk: its known result at once, else run it now, as :meth:`run` does."""
        with self._lock:
            known = self._known.get(program)
            self._lay(known or blank(program), like)
            if known is None:
                task = self._known.begin(program, self._asker, self._begin)
                self._await(task, lambda: self._result_of(task))

    def have(self, program: Program) -> None:
        """Put ``program`` on the desk, unless it is there."""
        with self._lock:
            if not self.has_program or self.program != program:
                self.show(program)

    def run(self, program: Program, like: Program | None = None) -> None:
        """Run ``program``; a run under way is ended and forgotten. The last result stays until it is done. As many
        backward runs are recorded as of ``like``, the lesson's program that it was made of."""
        with self._lock:
            self._lay(self._last or blank(program), like)
            task = self._begin(program, self._asker)
            self._await(task, lambda: self._result_of(task))

    def leave(self) -> None:
        """The visitor has left: end the run under way and give back what the last one told."""
        with self._lock:
            if self.has_program and (self.is_running or not self.result.is_blank):
                program = self.program
                self._lay(blank(program), self._like)
                self._left = program

    def come_back(self) -> None:
        """The visitor is there again: what was given back is run anew."""
        with self._lock:
            program, self._left = self._left, None
            if program is not None and not self.is_running and self.result.is_blank:
                self.show(program, self._like)

    def _lay(self, result: Result, like: Program | None) -> None:
        self.put(result)
        self._left, self._like = None, like

    def _begin(self, program: Program, asker: Asker) -> Task:
        return Task(self._runner, program, limits_for(self._like or program, self._limits), asker).start()

    def _result_of(self, task: AnyTask) -> Result:
        return self._known.offer(Result(task.run_id, task.packed()))


class NamedDesks:
    """Several desks for programs, each made when it is first asked for. All runs are in one name: they belong to one
    press, and run one after the other. ``lock``: one press at a time."""

    def __init__(
        self, runner: Runs, known: KnownTraces, limits: Limits | None = None, asker: Asker | None = None
    ) -> None:
        self.lock = threading.RLock()
        self.visitor = asker.visitor if asker else ""
        self._new = lambda: ProgramDesk(runner, known, limits, asker)
        self._desks: dict[str, ProgramDesk] = {}

    def __getitem__(self, name: str) -> ProgramDesk:
        with self.lock:
            if name not in self._desks:
                self._desks[name] = self._new()
            return self._desks[name]

    def leave(self) -> None:
        """The visitor has left."""
        with self.lock:
            for desk in self._desks.values():
                desk.leave()

    def come_back(self, names: Iterable[str] | None = None) -> None:
        """The visitor is there again, at these desks; without names at all."""
        with self.lock:
            for name in tuple(self._desks) if names is None else names:
                self[name].come_back()
