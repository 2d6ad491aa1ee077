"""What one visitor has on the desk: the program shown, the run under way, the last result.

There is one result and at most one run. Starting another forgets the one before, so that a late
answer has nowhere to go and can never replace a newer one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from engine.trace import Limits, Program, Trace
from pages.ui.shared_task import SharedRuns, SharedTask
from pages.ui.task import Runs, RunTask


@dataclass(frozen=True, eq=False)
class Result:
    """A program and what its run told. ``key`` changes with every run."""

    key: str
    trace: Trace
    is_blank: bool = False  # nothing has run yet: only the program is known


class KnownTraces:
    """Traces of the lessons' own programs, shared by all visitors of this process.

    Made by running them here, so they cannot be older than the program or PyTorch. A trace is found by
    the program's whole content, a run by its program while it goes on. Only the given programs' traces are
    kept, so there are never more than there are lessons, and what a visitor typed is never among them. Safe
    to use from many threads: the first result of a program stays.
    """

    def __init__(self, programs: frozenset[Program]) -> None:
        self._programs = programs
        self._results: dict[Program, Result] = {}
        self._under_way = SharedRuns()

    def get(self, program: Program) -> Result | None:
        return self._results.get(program)

    def begin(self, program: Program, begin: Callable[[], RunTask]) -> RunTask | SharedTask:
        """Run ``program``, or wait with others for the run of a lesson that is under way."""
        return self._under_way.join(program, begin) if program in self._programs else begin()

    def offer(self, result: Result) -> None:
        """Keep the result of a lesson's program that came to its own end."""
        if result.trace.program in self._programs and result.trace.ending in ("ok", "error", "exit"):
            self._results.setdefault(result.trace.program, result)


class Session:
    """The desk of one visitor. ``limits`` bound every run."""

    def __init__(self, runner: Runs, known: KnownTraces, limits: Limits | None = None, visitor: str = "") -> None:
        self.id = visitor or uuid.uuid4().hex  # desks of one visitor share it: their runs wait in one line
        self._runner, self._known = runner, known
        self._limits = limits or Limits()
        self._task: RunTask | SharedTask | None = None
        self._result: Result | None = None

    @property
    def is_running(self) -> bool:
        """Whether a run is under way whose result is not on the desk yet."""
        return self._task is not None

    @property
    def is_starting(self) -> bool:
        """Whether the run under way waits for PyTorch to be imported."""
        return self.is_running and not self._runner.is_ready

    @property
    def place(self) -> int | None:
        """The place in the queue of the run under way, 1 for the next to begin; None when none waits."""
        return None if self._task is None else self._task.place

    def show(self, program: Program) -> None:
        """Put ``program`` on the desk: its known result at once, else run it now."""
        known = self._known.get(program)
        if known is None:
            self._forget()
            self._result = blank(program)
            self._task = self._known.begin(program, lambda: self._begin(program))
        else:
            self._forget()
            self._result = known

    def run(self, program: Program) -> None:
        """Run ``program``; a run under way is ended and forgotten. The last result stays until it is done."""
        self._forget()
        self._result = self._result or blank(program)
        self._task = self._begin(program)

    def put(self, result: Result) -> None:
        """Put a result on the desk that was made elsewhere; a run under way is ended and forgotten."""
        self._forget()
        self._result = result

    def stop(self) -> None:
        """End the run under way; what it told until then becomes the result."""
        if self._task is not None:
            self._task.stop()

    def settle(self, timeout_s: float) -> bool:
        """Take over the result of the run under way if it ends within ``timeout_s``; whether none is under way.

        Two scripts of one visitor may be in here at once: what one waits for may be replaced by the other.
        """
        awaited = self._task
        if awaited is not None and awaited.wait(timeout_s):
            result = Result(awaited.run_id, awaited.trace())
            self._known.offer(result)
            if self._task is awaited:
                self._result, self._task = result, None
        return self._task is None

    @property
    def has_program(self) -> bool:
        """Whether a program was ever shown or run here."""
        return self._task is not None or self._result is not None

    @property
    def program(self) -> Program:
        """The program on the desk: the one under way, else the one that ran."""
        return self._task.program if self._task is not None else self.result.trace.program

    @property
    def result(self) -> Result:
        """What is on the desk. Only after :meth:`show` or :meth:`run`."""
        if self._result is None:
            raise LookupError("no program was shown in this session yet: call show() first")
        return self._result

    def _begin(self, program: Program) -> RunTask:
        return RunTask(self._runner, program, self._limits, self.id)

    def _forget(self) -> None:
        if self._task is not None:
            self._task.stop()
            self._task = None


@lru_cache(maxsize=128)
def blank(program: Program) -> Result:
    """The result of a program that has not run: its source and nothing else."""
    return Result(f"blank-{uuid.uuid4().hex}", Trace(program=program, ending="ok"), is_blank=True)
