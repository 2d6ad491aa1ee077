"""The last event of a program that was stopped, or died without a word."""

from __future__ import annotations

import msgspec

from engine.events import Finished
from engine.running.fault import fault_line
from engine.running.process import Exit
from engine.trace import Ending, Failure, Limits

OWN_FAULT = 70  # a child's exit status when the recorder itself failed (EX_SOFTWARE)
FROM_OUTSIDE = (-9, -15)  # SIGKILL, also by the system when memory is short; SIGTERM
WINDOWS_FAULT = 0xC0000000  # statuses from here on are exceptions of native code
KILLED, LATE = 137, 124  # exit statuses as a shell and timeout(1) show them
MESSAGES: dict[str, str] = {
    "timeout": "stopped after {limits.time_s:g} s",
    "cancelled": "stopped on request",
    "output": "stopped: it printed far more than {limits.output_chars} characters",
    "sandbox": "the program's process sent something that is no event",
}


def of_stopped(reason: Ending, limits: Limits, finished: Finished | None, fault: str, filename: str) -> Finished:
    """For a program that the runner killed for ``reason``; ``finished`` is what it had said itself, if anything."""
    if finished is not None and finished.ending == reason:
        return finished
    end = _end(reason, MESSAGES[reason].format(limits=limits), LATE if reason == "timeout" else KILLED,
               fault_line(fault, filename))  # fmt: skip
    if finished is None:
        return end
    return msgspec.structs.replace(finished, ending=reason, failure=end.failure, exit_status=end.exit_status)


def of_exit(end: Exit, fault: str, filename: str) -> Finished:
    """For a program whose process ended without a last word."""
    status = end.status
    if status is None:
        return _end("sandbox", "the process that starts programs ended; please run again", KILLED)
    if status in FROM_OUTSIDE:
        return _end("vanished", f"the program's process was ended from outside by signal {-status}", 128 - status)
    if status < 0 or status >= WINDOWS_FAULT:
        cause = f"signal {-status}" if status < 0 else f"fault 0x{status:X}"
        message = f"the program's process was ended by {cause}"
        return _end("crash", message, 128 - status if status < 0 else 1, fault_line(fault, filename))
    if status == OWN_FAULT:
        return _end("sandbox", "the recorder itself failed; see the program's error output", OWN_FAULT)
    return _end("vanished", "the process ended without telling how it went", status)


def _end(ending: Ending, message: str, status: int, line: int | None = None) -> Finished:
    failure = Failure(type="Stopped", message=message, line=line, phase="limit")
    return Finished(ending=ending, failure=failure, exit_status=status)
