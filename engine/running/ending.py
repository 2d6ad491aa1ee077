"""The last event of a program that was stopped, or died without a word."""

from __future__ import annotations

import signal

import msgspec

from engine.events import Finished
from engine.running.fault import fault_line
from engine.running.process import Exit
from engine.trace import Ending, Failure, Limits

OWN_FAULT = 70  # a child's exit status when the recorder itself failed (EX_SOFTWARE)
UNCONFINED = 71  # ... when the kernel would not confine it (EX_OSERR)
KILLS = (-9, -15)  # SIGKILL, also by the system when memory is short; SIGTERM
OF_LIMITS: dict[int, tuple[Ending, str]] = {  # signals by which the kernel enforces a limit
    31: ("denied", "the program made a system call that is forbidden here (SIGSYS)"),
    24: ("timeout", "the program used up its processor time and was still running"),
    25: ("denied", "Writing files isn't allowed here (SIGXFSZ)"),
}
WINDOWS_FAULT = 0xC0000000  # statuses from here on are exceptions of native code
OUTPUT_FACTOR = 50  # a program that prints more than so many times what is kept is stopped
KILLED, LATE = 137, 124  # exit statuses as a shell and timeout(1) show them
MESSAGES: dict[str, str] = {
    "timeout": "the program didn't finish within {limits.time_s:g} s",
    "cancelled": "stopped on request",
    "output": "stopped: it printed more than {most} characters",
    "toobig": "stopped: it made more than can be recorded: too many tensor operations or too large values",
    "sandbox": "the program's process sent something that is no event",
}


def of_stopped(reason: Ending, limits: Limits, finished: Finished | None, fault: str, filename: str) -> Finished:
    """For a program that the runner killed for ``reason``; ``finished`` is what it had said itself, if anything."""
    if finished is not None and finished.ending == reason:
        return finished
    message = MESSAGES[reason].format(limits=limits, most=OUTPUT_FACTOR * limits.output_chars)
    end = _end(reason, message, LATE if reason == "timeout" else KILLED, fault_line(fault, filename))
    if finished is None:
        return end
    return msgspec.structs.replace(finished, ending=reason, failure=end.failure, exit_status=end.exit_status)


def of_exit(end: Exit, fault: str, filename: str) -> Finished:
    """For a program whose process ended without a last word."""
    status = end.status
    if status is None:
        return _end("sandbox", "the process that starts programs ended; please run again", KILLED)
    if status in KILLS:
        return _end("vanished", f"the program's process was ended by signal {-status}", 128 - status)
    if -status in OF_LIMITS:
        reason, message = OF_LIMITS[-status]
        return _end(reason, message, 128 - status, fault_line(fault, filename))
    if status < 0 or status >= WINDOWS_FAULT:
        cause = _signal_name(-status) if status < 0 else f"fault 0x{status:X}"
        message = f"the program crashed: {cause}"
        return _end("crash", message, 128 - status if status < 0 else 1, fault_line(fault, filename))
    if status == OWN_FAULT:
        return _end("sandbox", "the recorder itself failed; see the program's error output", OWN_FAULT)
    if status == UNCONFINED:
        return _end("sandbox", "this computer could not confine the program, so it was not run", UNCONFINED)
    return _end("vanished", "the process ended without telling how it went", status)


def _signal_name(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = "an unknown signal"  # a real-time one
    return f"{name} (signal {number})"


def _end(ending: Ending, message: str, status: int, line: int | None = None) -> Finished:
    failure = Failure(type="Stopped", message=message, line=line, phase="limit")
    return Finished(ending=ending, failure=failure, exit_status=status)
