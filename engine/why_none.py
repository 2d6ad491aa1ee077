"""Why a leaf's ``.grad`` is None, as one code, from the trace alone."""

from __future__ import annotations

from typing import Literal

from engine.trace import AccumulatedStep, GradSetStep, Leaf, RunEndedStep, Trace

WhyNone = Literal[
    "no_backward", "backward_failed", "grad_only", "not_an_input", "cleared", "not_reached", "not_recorded"
]


def why_none(trace: Trace, leaf: Leaf) -> WhyNone | None:
    """The reason, or None when the leaf has a gradient.

    no_backward: no backward ran. backward_failed: it raised before reaching the leaf. grad_only: only
    torch.autograd.grad ran, which fills no .grad. not_an_input: backward(inputs=...) left it out.
    cleared: it had one, the program took it away. not_reached: the root does not depend on it.
    not_recorded: runs beyond the recording budget leave that open.
    """
    if leaf.grad is not None:
        return None
    if not trace.runs:
        return "no_backward"
    last = next(
        (s for s in reversed(trace.steps) if isinstance(s, (AccumulatedStep, GradSetStep)) and s.tensor == leaf.tensor),
        None,
    )
    if last is not None:
        return "cleared"
    if any(omission.what == "backward_runs" for omission in trace.omissions):
        return "not_recorded"
    backwards = [run for run in trace.runs if run.kind == "backward"]
    if not backwards:
        return "grad_only"
    if any(isinstance(s, RunEndedStep) and not s.completed for s in trace.steps):
        return "backward_failed"
    if all(run.inputs is not None and leaf.tensor not in run.inputs for run in backwards):
        return "not_an_input"
    return "not_reached"
