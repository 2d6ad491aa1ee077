"""Why a program ended: from its exception to a Failure, an ending and an exit status.

A limit of ours reaches the program as a BaseException with an attribute ``ending``, one of the words
of :data:`engine.trace.Ending`; the child process defines and raises them.
"""

from __future__ import annotations

import errno

import torch

from engine.recording import tracebacks
from engine.trace import Ending, Failure, Phase, Value

MAX_MESSAGE = 4_000
MAX_TRACEBACK = 20_000

FailedRun = tuple[BaseException, "int | None", "tuple[Value | None, ...]"]
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
    elif hasattr(error, "ending"):
        phase, line = "limit", getattr(error, "line", None) or line
    return Failure(
        type=type(error).__name__,
        message=_message(error),
        line=line,
        phase=phase,
        node=run[1] if in_run and run is not None else None,
        call=call[1] if call is not None and call[0] is error else None,
        traceback=tracebacks.text(error)[-MAX_TRACEBACK:],
        column=column,
        grad_outputs=run[2] if in_run and run is not None else (),
    )


def status_of(error: BaseException | None) -> tuple[Ending, int]:
    """(ending, exit status) as ``python`` would leave the process."""
    if error is None:
        return "ok", 0
    if isinstance(error, SystemExit):
        code = 0 if error.code is None else error.code if isinstance(error.code, int) else 1
        return ("ok" if code == 0 else "exit"), code & 0xFF
    limit: Ending | None = getattr(error, "ending", None)
    if limit is not None:
        return limit, 124 if limit == "timeout" else 1
    if isinstance(error, SyntaxError) and error.__traceback__ is None:
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
    message = _message(error)
    return isinstance(error, RuntimeError) and (message == "std::bad_alloc" or "can't allocate memory" in message)


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return str(error.msg)[:MAX_MESSAGE]
    try:
        return str(error)[:MAX_MESSAGE]
    except Exception as second:  # noqa: BLE001 - the program's own __str__ may raise
        return f"<no message: {type(second).__name__} while reading it>"
