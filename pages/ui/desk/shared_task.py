"""One run of a lesson that several visitors wait for: a class that opens it together starts one process."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from functools import cached_property

import msgspec

from engine.contract.packed import Packed
from engine.contract.trace import Limits, Program
from engine.running.ending import of_stopped
from engine.running.turns import Place
from pages.ui.desk.task import RunTask

STOPPED = of_stopped("cancelled", Limits(), None, "", "").failure  # as for a run that is ended


class _Crowd:
    """The run and how many wait for it."""

    def __init__(self, task: RunTask) -> None:
        self.task = task
        self.lock = threading.Lock()
        self.n_waiting, self.has_been_joined = 0, False

    def join(self) -> bool:
        """One more waits for it; False when it was given up, or is over."""
        with self.lock:
            if self.has_been_joined and (self.n_waiting == 0 or self.task.has_ended):
                return False
            self.n_waiting, self.has_been_joined = self.n_waiting + 1, True
            return True

    @cached_property
    def whole(self) -> Packed:
        """Once it has ended; one recording for everybody."""
        return self.task.packed()


class SharedTask:
    """One visitor's share in a run that was joined. Whoever stops it leaves; it is ended when nobody waits any more."""

    def __init__(self, crowd: _Crowd) -> None:
        self._crowd = crowd
        self._left: Packed | None = None  # what the run had told when this visitor stopped it

    @property
    def program(self) -> Program:
        return self._crowd.task.program

    @property
    def run_id(self) -> str:
        return self._crowd.task.run_id

    @property
    def has_ended(self) -> bool:
        return self._left is not None or self._crowd.task.has_ended

    @property
    def place(self) -> Place | None:
        return self._crowd.task.place

    def wait(self, timeout_s: float) -> bool:
        """Whether the run has ended for this visitor, looking for at most ``timeout_s``."""
        return self._left is not None or self._crowd.task.wait(timeout_s)

    @property
    def printed(self) -> str:
        """The last of what it printed up to now."""
        return self._crowd.task.printed

    def packed(self) -> Packed:
        """What the run told up to now, or up to this visitor's stop; whole once it has ended."""
        if self._left is not None:
            return self._left
        if not self._crowd.task.has_ended:
            return self._crowd.task.packed()
        with self._crowd.lock:
            return self._crowd.whole

    def stop(self) -> None:
        """Leave; the last one ends the run, whose own last word is waited for then."""
        crowd = self._crowd
        with crowd.lock:
            if self._left is not None or crowd.task.has_ended:
                return
            crowd.n_waiting -= 1
            if crowd.n_waiting == 0:
                crowd.task.stop()
                return
        self._left = Packed.of(msgspec.structs.replace(crowd.task.trace(), ending="cancelled", failure=STOPPED))


class SharedRuns:
    """Runs under way, found by their program, for as long as anybody holds a share."""

    def __init__(self) -> None:
        self._crowds: weakref.WeakValueDictionary[Program, _Crowd] = weakref.WeakValueDictionary()
        self._lock = threading.Lock()

    def join(self, program: Program, begin: Callable[[], RunTask]) -> SharedTask:
        """A share in the run of ``program`` that is under way; ``begin()`` starts one when none is."""
        with self._lock:
            crowd = self._crowds.get(program)
            while crowd is None or not crowd.join():
                crowd = self._crowds[program] = _Crowd(begin())
            return SharedTask(crowd)
