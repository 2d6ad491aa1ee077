"""Why a leaf's ``.grad`` is None, as one code, from the trace alone."""

from __future__ import annotations

from typing import Literal

from engine.contract.trace import AccumulatedStep, GradSetStep, Leaf, RunEndedStep, Trace

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
    return WhyNones(trace).of(leaf)


class WhyNones:
    """:func:`why_none` for many leaves of a trace."""

    def __init__(self, trace: Trace) -> None:
        self._has_runs = bool(trace.runs)
        self._had_one = {step.tensor for step in trace.steps if isinstance(step, (AccumulatedStep, GradSetStep))}
        self._is_whole = all(omission.what != "backward_runs" for omission in trace.omissions)
        self._asked = [run.inputs for run in trace.runs if run.kind == "backward"]
        self._has_failed = any(isinstance(step, RunEndedStep) and not step.completed for step in trace.steps)
        self._inputs = {tensor for inputs in self._asked for tensor in inputs or ()}

    def of(self, leaf: Leaf) -> WhyNone | None:
        """As :func:`why_none`."""
        if leaf.grad is not None:
            return None
        if not self._has_runs:
            return "no_backward"
        if leaf.tensor in self._had_one:
            return "cleared"
        if not self._is_whole:
            return "not_recorded"
        if not self._asked:
            return "grad_only"
        if self._has_failed:
            return "backward_failed"
        if None not in self._asked and leaf.tensor not in self._inputs:
            return "not_an_input"
        return "not_reached"
