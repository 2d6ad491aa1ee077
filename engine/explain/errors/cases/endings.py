"""Runs that ended otherwise than by an ordinary exception: limits, exits, crashes."""

from __future__ import annotations

from typing_extensions import assert_never

from engine.contract.trace import Trace
from engine.explain.errors.cases import denied, turns
from engine.explain.errors.explanation import Explanation, said
from engine.text.language import N_


def is_asked_for(trace: Trace) -> bool:
    """Whether somebody wanted the program to end here: no error."""
    return trace.ending == "cancelled" and turns.explain(trace.failure) is None


def explain(trace: Trace) -> Explanation | None:
    """The explanation of the ending itself; None where there is nothing to explain or the exception tells more."""
    line = trace.failure.line if trace.failure is not None else None
    cause = trace.failure.cause if trace.failure is not None else None
    match trace.ending:
        case "error" if cause == "broken":
            return said(
                N_("The program took apart the Python process it ran in, so its end could not be recorded in full."),
                N_("Leave `sys.modules`, the builtins and descriptors that you did not open alone."),
            )
        case "ok" | "error" | "syntax":
            return None
        case "recursion":
            return said(
                N_("A function calls itself without ever stopping, or deeper than Python allows (about 1,000 levels)."),
                N_("Add or correct the condition under which it returns without calling itself; or use a loop."),
            )
        case "exit":
            return said(
                N_("The program ended itself with exit status {status}."),
                N_("Remove `sys.exit()` or `exit()` to see the rest."),
                status=trace.exit_status,
            )
        case "timeout":
            return _timeout(trace, line)
        case "memory":
            return said(
                N_("The program asked for more memory than it may have."),
                N_(
                    "Use smaller tensors: a tensor of a billion float32 numbers takes 4 GB. Broadcasting (n,) against "
                    "(n, 1) makes n × n numbers."
                ),
            )
        case "denied":
            return denied.explain(trace.failure)
        case "toobig" if cause == "not_run":
            return said(
                N_("The program text is larger than what is accepted here."),
                N_("Keep to the part you want to look at."),
            )
        case "toobig":
            return said(
                N_("The program did more than can be recorded, so it was stopped."),
                N_("Use fewer rounds or smaller tensors: a picture of the first few shows the same."),
            )
        case "output":
            return said(
                N_("The program printed more than can be kept, so it was stopped."),
                N_("Print less: only every hundredth round, or only shapes and means."),
            )
        case "crash":
            return said(
                N_("Python itself crashed: something in native code went wrong, not in your program's logic."),
                N_(
                    "Very deep graphs and very deep recursion are known reasons. Make the program smaller until it "
                    "runs."
                ),
            )
        case "vanished":
            return said(
                N_("The process that ran the program disappeared; perhaps the system ended it for lack of memory."),
                N_("Run it again. If it happens again, use smaller tensors."),
            )
        case "cancelled" if (explanation := turns.explain(trace.failure)) is not None:
            return explanation
        case "cancelled":
            return said(
                N_("The program was stopped on request. Everything up to that moment is shown."),
                N_("Run it again to see it to its end."),
            )
        case "sandbox" if cause == "forged":
            return said(
                N_("The program wrote into the channel by which it is recorded, so the recording cannot be trusted."),
                N_("Write to standard output only: descriptor 3 belongs to the recorder."),
            )
        case "sandbox" if cause == "not_run":
            return said(
                N_("This server could not run the program safely, so it was not run."),
                N_("The lessons still work. To run programs of your own, use Backstep on your own computer."),
            )
        case "sandbox" if cause == "lost":
            return said(
                N_("The process that runs programs was ended from outside. Everything up to that moment is shown."),
                N_("Run it again."),
            )
        case "sandbox":
            return said(
                N_("The protected place for running programs could not be set up, so nothing was run."),
                N_("This is a fault of the installation, not of your program: tell whoever runs it."),
            )
        case _:
            assert_never(trace.ending)


def _timeout(trace: Trace, line: int | None) -> Explanation:
    cure = N_(
        "Look for a loop that never ends: a `while` whose condition never becomes False. Otherwise use "
        "fewer rounds or smaller tensors."
    )
    seconds = f"{trace.limits.time_s:g}"
    if line is None:
        return said(N_("The program was still running after {seconds} seconds and was stopped."), cure, seconds=seconds)
    return said(
        N_("The program was still running after {seconds} seconds and was stopped on line {line}."),
        cure,
        seconds=seconds,
        line=line,
    )
