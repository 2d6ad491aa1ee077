"""How a program went, in the three words that a learner predicts with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from engine.contract.trace import Trace
from engine.referee.finding import Finding, Kind

Outcome = Literal["raised", "right", "wrong"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

RIGHT_ALL_THE_SAME: tuple[Kind, ...] = ("graph-retained",)  # it costs memory, the numbers are right


def outcome(trace: Trace, found: Sequence[Finding]) -> Outcome | None:
    """Raised: also when the program caught the exception. Wrong: a gradient is wrong or missing, ``found`` (the
    referee's findings of this trace) says which. None: a limit or a stop ended the run before it could show."""
    if trace.ending not in ("ok", "error", "exit", "syntax", "recursion"):
        return None
    if trace.failure is not None or trace.raised:
        return "raised"
    return "right" if all(finding.kind in RIGHT_ALL_THE_SAME for finding in found) else "wrong"


def telling_step(trace: Trace, found: Sequence[Finding]) -> int | None:
    """The step to look at: of the failure, of a caught exception, of the first finding that has one; else None."""
    if trace.failure is not None:
        return len(trace.steps)
    if trace.raised:
        return trace.raised[0].step
    return next((finding.step for finding in found if finding.step is not None), None)
