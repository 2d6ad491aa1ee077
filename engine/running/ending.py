"""The last event of a program that was stopped, or died without a word. The words: :mod:`engine.contract.endings`."""

from __future__ import annotations

import signal

import msgspec

from engine.contract.endings import BROKEN, CAUSES, KILLED, LATE, OUTPUT_FACTOR, OWN_FAULT, UNCONFINED
from engine.contract.events import Finished
from engine.contract.trace import Ending, Failure, Limits
from engine.running.processes.fault import fault_line
from engine.running.processes.process import Exit

KILLS = (-9, -15)  # SIGKILL, also by the system when memory is short; SIGTERM
BY_SIGNAL = {24: "cpu", 25: "file", 31: "call"}  # by which the kernel enforces a limit
BY_STATUS = {BROKEN: "broken", OWN_FAULT: "fault", UNCONFINED: "unconfined"}
WINDOWS_FAULT = 0xC0000000  # statuses from here on are exceptions of native code


def of_stopped(reason: Ending, limits: Limits, finished: Finished | None, fault: str, filename: str) -> Finished:
    """For a program that the runner killed for ``reason``; ``finished`` is what it had said itself, if anything."""
    if finished is not None and finished.ending == reason:
        return finished
    cause = CAUSES["forged" if reason == "sandbox" else reason]
    message = cause.message.format(time_s=limits.time_s, most=OUTPUT_FACTOR * limits.output_chars)
    end = _end(reason, message, LATE if reason == "timeout" else KILLED, fault_line(fault, filename))
    if finished is None:
        return end
    return msgspec.structs.replace(finished, ending=reason, failure=end.failure, exit_status=end.exit_status)


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


def _of(name: str, status: int, line: int | None = None, **details: object) -> Finished:
    cause = CAUSES[name]
    return _end(cause.ending, cause.message.format(**details), status, line)


def _signal_name(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = "an unknown signal"  # a real-time one
    return f"{name} (signal {number})"


def _end(ending: Ending, message: str, status: int, line: int | None = None) -> Finished:
    failure = Failure(type="Stopped", message=message, line=line, phase="limit")
    return Finished(ending=ending, failure=failure, exit_status=status)
