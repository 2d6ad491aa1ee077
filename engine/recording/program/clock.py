"""The program's clock: seconds without pauses, the time limit, and beats in between.

The kernel's timer (SIGALRM) is the program's only interruption: no thread is to be seen, and the handler runs
between two of its bytecodes. Where there is no SIGALRM nothing beats and the parent ends what is late.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from time import perf_counter
from types import FrameType

from engine.contract.live import Command
from engine.contract.trace import Ending
from engine.installation import RECORDER
from engine.recording.program.mailbox import Mailbox

SOONEST_S = 0.001
AGAIN_S, PATIENCE = 0.01, 50  # how soon the time limit rings again while the recorder is busy, and how often

Beat = Callable[["FrameType | None"], float]


class TimeLimit(BaseException):
    """The wall clock ran out; a BaseException, so that ``except Exception`` does not swallow it."""

    ending: Ending = "timeout"

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


class Clock:
    """Starts when it is made."""

    def __init__(self, mailbox: Mailbox | None = None) -> None:
        self._mailbox = mailbox or Mailbox()
        self._started = perf_counter()
        self._time_s = 0.0
        self._commands: list[Command] = []
        self._beat: Beat | None = None
        self._is_ringing = False
        self._patience = PATIENCE

    def zero(self) -> float:
        """The perf_counter() from which the program's seconds count now: its start, and all pauses known so far."""
        return self._started + self._mailbox.paused_s

    def commands(self) -> list[Command]:
        """What the server asked for since the last time."""
        commands, self._commands = self._commands + self._mailbox.take(), []
        return commands

    def limit(self, time_s: float) -> None:
        """Raise TimeLimit in the program when its time is up (main thread, POSIX)."""
        self._time_s = time_s
        if hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread():
            self._is_ringing = True
            signal.signal(signal.SIGALRM, self._ring)
            self._wind(self._time_s)

    def beat(self, beat: Beat | None) -> None:
        """Call ``beat(frame)`` in the program's main thread; it says after how many seconds it wants to be called."""
        self._beat = beat
        if self._is_ringing:
            self._wind(SOONEST_S if beat is not None else self._time_s - (perf_counter() - self.zero()))

    def stop(self) -> None:
        """No more rings."""
        self._beat = None
        if self._is_ringing:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)

    def _ring(self, number: int, at: FrameType | None) -> None:
        self._commands += self._mailbox.take()  # also tells of a pause
        left_s = self._time_s - (perf_counter() - self.zero())
        if left_s <= 0:
            if is_recording(at) and self._patience > 0:  # half a record would be the end of all that follow
                self._patience -= 1
                self._wind(AGAIN_S)
                return
            raise TimeLimit(f"still running after {self._time_s:g} s", _program_line(at))
        self._wind(min(left_s, self._beat(at)) if self._beat is not None else left_s)

    def _wind(self, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, SOONEST_S))


def is_recording(at: FrameType | None) -> bool:
    """Whether the innermost frame that is the program's or the recorder's is the recorder's."""
    program = getattr(sys.modules.get("__main__"), "__file__", None)
    while at is not None and at.f_code.co_filename != program:
        if at.f_code.co_filename.startswith(RECORDER):
            return True
        at = at.f_back
    return False


def _program_line(at: FrameType | None) -> int | None:
    main = sys.modules.get("__main__")
    filename = getattr(main, "__file__", None)
    while at is not None:
        if at.f_code.co_filename == filename:
            return at.f_lineno
        at = at.f_back
    return None
