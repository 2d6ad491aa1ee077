"""What one visitor has on the desk: the program shown, the run under way, the last result.

There is one result and at most one run. Starting another forgets the one before, so that a late
answer has nowhere to go and can never replace a newer one.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable

from engine.contract.packed import Packed
from engine.contract.trace import Limits, Program, Trace
from engine.program.lesson import limits_for
from engine.running.turns import NOBODY, Asker, Place
from pages.ui.desk.shared_task import SharedRuns, SharedTask
from pages.ui.desk.task import Runs, RunTask


class Result:
    """A program and what its run told, as bytes. ``key`` changes with every run.

    ``is_blank``: nothing has run yet, only the program is known.
    """

    def __init__(self, key: str, recorded: Trace | Packed, is_blank: bool = False) -> None:
        self.key, self.is_blank = key, is_blank
        self.packed = recorded if isinstance(recorded, Packed) else Packed.of(recorded)

    @property
    def outline(self) -> Trace:
        """The program, its output and its end, with nothing in between."""
        return self.packed.outline

    @property
    def trace(self) -> Trace:
        """The whole recording. Hold it for as long as it is needed: it is made from the bytes."""
        return self.packed.trace()


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

    def begin(self, program: Program, asker: Asker, begin: Callable[[Program, Asker], RunTask]) -> RunTask | SharedTask:
        """Run ``program``, or wait with others for the run of a lesson that is under way, which is in nobody's name."""
        if program not in self._programs:
            return begin(program, asker)
        return self._under_way.join(program, lambda: begin(program, NOBODY))

    def offer(self, result: Result) -> Result:
        """Keep the result of a lesson's program that came to its own end; the one that is kept if it is of the same
        run, so that all who waited for it share one."""
        if result.outline.program not in self._programs or result.outline.ending not in ("ok", "error", "exit"):
            return result
        kept = self._results.setdefault(result.outline.program, result)
        return kept if kept.key == result.key else result


class Session:
    """The desk of one visitor. ``limits`` bound every run.

    Several scripts of one visitor may be in here at once. What replaces the run under way is done under a lock, so
    however often Run is pressed, one run is left.
    """

    def __init__(
        self, runner: Runs, known: KnownTraces, limits: Limits | None = None, asker: Asker | None = None
    ) -> None:
        self._asker = asker or Asker(uuid.uuid4().hex)
        self._lock = threading.RLock()
        self._left: Program | None = None  # what was on the desk when its visitor left
        self._like: Program | None = None  # the lesson's program that the one on the desk was made of
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

    def show(self, program: Program, like: Program | None = None) -> None:
        """Put ``program`` on the desk: its known result at once, else run it now, as :meth:`run` does."""
        with self._lock:
            self._forget()
            self._like = like
            known = self._known.get(program)
            self._result = known or blank(program)
            if known is None:
                self._task = self._known.begin(program, self._asker, self._begin)

    def run(self, program: Program, like: Program | None = None) -> None:
        """Run ``program``; a run under way is ended and forgotten. The last result stays until it is done. As many
        backward runs are recorded as of ``like``, the lesson's program that it was made of."""
        with self._lock:
            self._forget()
            self._like = like
            self._result = self._result or blank(program)
            self._task = self._begin(program, self._asker)

    def put(self, result: Result) -> None:
        """Put a result on the desk that was made elsewhere; a run under way is ended and forgotten."""
        with self._lock:
            self._forget()
            self._result = result

    def stop(self) -> None:
        """End the run under way; what it told until then becomes the result."""
        task = self._task
        if task is not None:
            task.stop()

    def leave(self) -> None:
        """The visitor has left: end the run under way and give back what the last one told."""
        with self._lock:
            if self.has_program and (self.is_running or not self.result.is_blank):
                program = self.program
                self._forget()
                self._left, self._result = program, blank(program)

    def come_back(self) -> None:
        """The visitor is there again: what was given back is run anew."""
        with self._lock:
            program, self._left = self._left, None
            if program is not None and not self.is_running and self.result.is_blank:
                self.show(program, self._like)

    def settle(self, timeout_s: float) -> bool:
        """Take over the result of the run under way if it ends within ``timeout_s``; whether none is under way.

        What one script waits for may be replaced by another one.
        """
        awaited = self._task
        if awaited is not None and awaited.wait(timeout_s):
            result = self._known.offer(Result(awaited.run_id, awaited.packed()))
            with self._lock:
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
        task = self._task
        return task.program if task is not None else self.result.outline.program

    @property
    def result(self) -> Result:
        """What is on the desk. Only after :meth:`show` or :meth:`run`."""
        if self._result is None:
            raise LookupError("no program was shown in this session yet: call show() first")
        return self._result

    def _begin(self, program: Program, asker: Asker) -> RunTask:
        return RunTask(self._runner, program, limits_for(self._like or program, self._limits), asker)

    def _forget(self) -> None:
        self._left = None
        if self._task is not None:
            self._task.stop()
            self._task = None


def blank(program: Program) -> Result:
    """The result of a program that has not run: its source and nothing else. Its key is the program's."""
    digest = hashlib.sha256(repr(program).encode("utf-8", "backslashreplace")).hexdigest()
    return Result(f"blank-{digest}", Trace(program=program, ending="ok"), is_blank=True)
