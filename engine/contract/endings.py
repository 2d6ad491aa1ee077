"""How a run can end and why: every ending, its cause, what the process leaves as exit status, and the words.

docs/endings.md shows this table; a test compares the two.
"""

from __future__ import annotations

from engine.contract.trace import Cause, Ending, Record

OUTPUT_FACTOR = 50  # a program that prints more than so many times what is kept is stopped
KILLED, LATE = 137, 124  # exit statuses as a shell and timeout(1) show them
OWN_FAULT = 70  # a child's exit status when the recorder itself failed, before the program (EX_SOFTWARE)
UNCONFINED = 71  # ... when the kernel would not confine it (EX_OSERR)
BROKEN = 72  # ... when the program broke the process


class Way(Record, frozen=True):
    """How a run can end: one row. ``{names}`` in the message are filled in; "" stands for the exception's own words."""

    ending: Ending
    cause: str
    status: int | str  # of the trace; words where it depends
    message: str = ""


CAUSES: dict[Ending | Cause, Way] = {
    "ok": Way("ok", "the program came to its end, or left by `sys.exit(0)`", 0),
    "error": Way("error", "an exception that nobody caught", "1; 130 after Ctrl+C"),
    "syntax": Way("syntax", "Python could not compile the program", 1),
    "recursion": Way("recursion", "RecursionError", 1),
    "memory": Way("memory", "MemoryError, ENOMEM, or torch's own words for it", 1),
    "exit": Way("exit", "`sys.exit()` with anything but 0", "its own"),
    "denied": Way("denied", "confined: an exception for something that is not allowed here", 1),
    "broken": Way(
        "error",
        "it closed the recorder's descriptors, emptied `sys.modules` or builtins, or refused all audit events",
        BROKEN,
        "the program broke the process it ran in",
    ),
    "timeout": Way("timeout", "the wall clock", LATE, "the program didn't finish within {time_s:g} s"),
    "cpu": Way(
        "timeout", "processor time (SIGXCPU)", 152, "the program used up its processor time and was still running"
    ),
    "output": Way("output", "too much printed", KILLED, "stopped: it printed more than {most} characters"),
    "toobig": Way(
        "toobig",
        "too long a recording",
        KILLED,
        "stopped: it made more than can be recorded: too many tensor operations or too large values",
    ),
    "forged": Way(
        "sandbox",
        "bytes on the recorder's channel that are no event",
        KILLED,
        "the program's process sent something that is no event",
    ),
    "cancelled": Way(
        "cancelled", "somebody pressed Stop, went away, or ran something else", KILLED, "stopped on request"
    ),
    "call": Way(
        "denied",
        "confined: a system call through another architecture's gate (SIGSYS)",
        159,
        "the program made a system call that is forbidden here (SIGSYS)",
    ),
    "file": Way("denied", "confined: a file grew (SIGXFSZ)", 153, "Writing files isn't allowed here (SIGXFSZ)"),
    "crash": Way(
        "crash",
        "a signal of native code (SIGSEGV, SIGABRT ...), or an exception of Windows",
        "128 + the signal; 1 on Windows",
        "the program crashed: {what}",
    ),
    "killed": Way(
        "vanished",
        "SIGKILL or SIGTERM from outside, also by the system when memory is short",
        "128 + the signal",
        "the program's process was ended by signal {signal}",
    ),
    "vanished": Way("vanished", "`os._exit()`", "its own", "the process ended without telling how it went"),
    "lost": Way(
        "sandbox",
        "the process that starts programs was killed",
        KILLED,
        "the process that starts programs ended; please run again",
    ),
    "fault": Way(
        "sandbox",
        "a fault of the recorder, before the program began",
        OWN_FAULT,
        "the recorder itself failed; see the program's error output",
    ),
    "unconfined": Way(
        "sandbox",
        "the kernel refused a step of the confinement",
        UNCONFINED,
        "this computer could not confine the program, so it was not run",
    ),
}


def table() -> str:
    """The causes as a table in Markdown."""
    rows = [f"| `{one.ending}` | {one.cause} | {one.status} | {one.message or 'its own'} |" for one in CAUSES.values()]
    return "\n".join(["| ending | cause | exit status | message |", "|---|---|---|---|", *rows])
