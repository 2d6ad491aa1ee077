"""Why a program ended: from its exception to a Failure, an ending and an exit status.

A limit of ours reaches the program as a :class:`engine.recording.program.clock.TimeLimit`. A program may make its
exceptions say anything and everything: what is read of them is bounded, and by Python's own descriptors where there
are some.
"""

from __future__ import annotations

import errno

import torch

from engine.contract.endings import CAUSES
from engine.contract.ids import NodeId
from engine.contract.trace import Ending, Failure, Phase, Value
from engine.recording.program import tracebacks
from engine.recording.program.clock import TimeLimit

MAX_MESSAGE = 4_000
MAX_TRACEBACK = 20_000

FailedRun = tuple[BaseException, "NodeId | None", "tuple[Value | None, ...]"]
FailedCall = tuple[BaseException, str]


def failure_of(error: BaseException, filename: str, run: FailedRun | None, call: FailedCall | None) -> Failure | None:
    """What went wrong and where; None for a program that left by ``sys.exit()`` without a complaint."""
    ending, _ = status_of(error)
    if ending == "ok":
        return None
    in_run = run is not None and run[0] is error
    phase: Phase = "backward" if in_run else "forward"
    line, column = tracebacks.program_line(error, filename), None
    if isinstance(error, SyntaxError) and line is None:
        phase, line, column = "compile", error.lineno, error.offset
    elif isinstance(error, TimeLimit):
        phase, line = "limit", error.line or line
    return Failure(
        type=tracebacks.name_of(type(error)),
        message=message_of(error),
        line=line,
        phase=phase,
        node=run[1] if in_run and run is not None else None,
        call=call[1] if call is not None and call[0] is error else None,
        traceback=tracebacks.text(error)[-MAX_TRACEBACK:],
        column=column,
        grad_outputs=run[2] if in_run and run is not None else (),
    )


def broken(line: int | None) -> Failure:
    """For a program without an exception that took its process apart; ``line``: where it ended."""
    return Failure("BrokenProcess", CAUSES["broken"].message, line, "forward", cause="broken")


def status_of(error: BaseException | None) -> tuple[Ending, int]:
    """(ending, exit status) as ``python`` would leave the process."""
    if error is None:
        return "ok", 0
    if isinstance(error, SystemExit):
        code = 0 if error.code is None else error.code if isinstance(error.code, int) else 1
        return ("ok" if code == 0 else "exit"), code & 0xFF
    if isinstance(error, TimeLimit):
        return error.ending, 124
    if isinstance(error, SyntaxError) and tracebacks.traceback_of(error) is None:
        return "syntax", 1
    if isinstance(error, RecursionError):
        return "recursion", 1
    if isinstance(error, KeyboardInterrupt):
        return "error", 130
    if _is_out_of_memory(error):
        return "memory", 1
    return "error", 1


def _is_out_of_memory(error: BaseException) -> bool:
    """Python's own, the system's, and those that torch makes RuntimeErrors of."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    message = message_of(error)
    return isinstance(error, RuntimeError) and (message == "std::bad_alloc" or "can't allocate memory" in message)


def message_of(error: BaseException) -> str:
    """Its words, bounded."""
    if isinstance(error, SyntaxError):
        return str(error.msg)[:MAX_MESSAGE]
    try:
        return str(error)[:MAX_MESSAGE]
    except Exception as second:  # noqa: BLE001 - the program's own __str__ may raise
        return f"<no message: {type(second).__name__} while reading it>"
