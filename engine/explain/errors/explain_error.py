"""Why a program did not finish, in plain words: from a trace to what its error means and what cures it."""

from __future__ import annotations

from engine.contract.trace import Failure, Trace
from engine.explain.errors.cases import backward, endings, leaves, python_errors, shapes, values
from engine.explain.errors.explanation import Case, Explanation, said
from engine.text.language import N_

__all__ = ["CASES", "Explanation", "explain", "explain_failure"]

CASES: tuple[Case, ...] = (*backward.CASES, *leaves.CASES, *shapes.CASES, *values.CASES, *python_errors.CASES)


def explain(trace: Trace) -> Explanation | None:
    """The explanation of how a run ended; None for one that ended well.

    A limit, a stop or a crash is explained by the trace's ending, an exception by its type and message, in
    PyTorch's old wordings and new. An unknown error gets an honest general answer. Never raises on odd traces.
    """
    ending = endings.explain(trace)
    if ending is not None or trace.failure is None:
        return ending
    return explain_failure(trace, trace.failure) or unknown(trace.failure)


def explain_failure(trace: Trace, failure: Failure) -> Explanation | None:
    """The explanation of an exception that ended ``trace``, None for an unknown one."""
    for case in CASES:
        match = case.pattern.search(failure.message) if not case.types or failure.type in case.types else None
        found = case.find(trace, failure, match) if match is not None else None
        if found is not None:
            return found
    return None


def unknown(failure: Failure) -> Explanation:
    cure = N_(
        "Read the last line of the traceback first, then go up to the first line that is yours, and print "
        "there what goes into the call."
    )
    if failure.phase == "backward":
        return said(
            N_("{type} was raised while backward was running. The graph up to this point is shown."),
            cure,
            type=failure.type,
        )
    return said(N_("{type} was raised. Everything up to this point is shown."), cure, type=failure.type)
