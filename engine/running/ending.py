"""The last event of a program that was stopped, or died without a word. The words: :mod:`engine.contract.endings`."""

from __future__ import annotations

import signal
from typing import Literal

import msgspec

from engine.contract.endings import BROKEN, CAUSES, KILLED, LATE, OUTPUT_FACTOR, OWN_FAULT, UNCONFINED
from engine.contract.events import Finished
from engine.contract.trace import Cause, Failure, Limits
from engine.running.processes.fault import fault_line
from engine.running.processes.process import Exit

Stop = Literal["timeout", "output", "toobig", "forged", "cancelled"]  # causes for which the runner kills
KILLS = (-9, -15)  # SIGKILL, also by the system when memory is short; SIGTERM
BY_SIGNAL: dict[int, Cause] = {24: "cpu", 25: "file", 31: "call"}  # by which the kernel enforces a limit
BY_STATUS: dict[int, Cause] = {BROKEN: "broken", OWN_FAULT: "fault", UNCONFINED: "unconfined"}
WINDOWS_FAULT = 0xC0000000  # statuses from here on are exceptions of native code


def of_stopped(cause: Stop, limits: Limits, finished: Finished | None, fault: str, filename: str) -> Finished:
    """For a program that the runner killed for ``cause``; ``finished`` is what it had said itself, if anything."""
    ending, status = CAUSES[cause].ending, LATE if cause == "timeout" else KILLED
    if finished is not None and finished.ending == ending:
        return finished
    details = {"time_s": limits.time_s, "most": OUTPUT_FACTOR * limits.output_chars}
    end = _of(cause, status, fault_line(fault, filename), **details)
    if finished is None:
        return end
    return msgspec.structs.replace(finished, ending=ending, failure=end.failure, exit_status=status)


def of_exit(end: Exit, fault: str, filename: str) -> Finished:
    """For a program whose process ended without a last word."""
    status = end.status
    if status is None:
        return _of("lost", KILLED)
    if status in KILLS:
        return _of("killed", 128 - status, signal=-status)
    line = fault_line(fault, filename)
    if status == -31 and line is not None:  # a trap: it closed the recorder's descriptors
        return _of("broken", BROKEN, line)
    if -status in BY_SIGNAL:
        return _of(BY_SIGNAL[-status], 128 - status, line)
    if status < 0:
        return _of("crash", 128 - status, line, what=_signal_name(-status))
    if status >= WINDOWS_FAULT:
        return _of("crash", 1, line, what=f"fault 0x{status:X}")
    return _of(BY_STATUS.get(status, "vanished"), status, line if status == BROKEN else None)


def _of(cause: Cause, status: int, line: int | None = None, **details: object) -> Finished:
    message = CAUSES[cause].message.format(**details)
    return Finished(CAUSES[cause].ending, Failure("Stopped", message, line, "limit", cause=cause), exit_status=status)


def _signal_name(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = "an unknown signal"  # a real-time one
    return f"{name} (signal {number})"
