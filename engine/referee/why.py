"""Why a tensor's ``.grad`` is None, zero or not finite: one reason, and where to look for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec

from engine.contract.ids import TensorId
from engine.contract.trace import (
    AccumulatedStep,
    CalledStep,
    GradSetStep,
    Leaf,
    NodeRanStep,
    NodeRecord,
    RunEndedStep,
    RunStartedStep,
    TensorRecord,
    Trace,
    Value,
)
from engine.explain.errors.explanation import Explanation, said
from engine.reading.cuts import cutting
from engine.reading.index import TraceIndex, index_of
from engine.reading.naming import called
from engine.reading.predicates import is_finite, is_zero
from engine.reading.why_none import WhyNone
from engine.referee.rules.nonfinite import birth_in
from engine.referee.rules.nonfinite_why import explain
from engine.referee.rules.not_reached import CUTS
from engine.referee.rules.zero import ZeroCode, zero_at
from engine.text.language import N_

Code = WhyNone | ZeroCode | Literal["not_required", "frozen", "not_leaf", "cleared_to_zero", "not_finite"]


@dataclass(frozen=True)
class Reason:
    """Why a gradient is what it is, the line and node to point at, and the step at which it was decided."""

    code: Code
    explanation: Explanation
    line: int | None = None
    node: int | None = None
    step: int | None = None


@dataclass(frozen=True)
class _Last:
    """The last thing that happened to a ``.grad``: at which step, in which run (None: the program itself), to what."""

    step: int
    run: int | None
    before: Value | None
    value: Value | None
    line: int | None


def why(trace: Trace, tensor: int, step: int | None = None) -> Reason | None:
    """The reason, None when ``.grad`` is an ordinary gradient. ``step``: as it was after so many steps."""
    return Reasons(trace).of(tensor, step)


class Reasons:
    """:func:`why` for many tensors of a trace: what they share is worked out once for each step."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._at: dict[int | None, tuple[Trace, TraceIndex]] = {}

    def of(self, tensor: int, step: int | None = None) -> Reason | None:
        """As :func:`why`."""
        if step not in self._at:
            trace = self._trace if step is None else _up_to(self._trace, step)
            self._at[step] = trace, index_of(trace).afresh()
        return _why(*self._at[step], tensor, step)


def _why(trace: Trace, index: TraceIndex, tensor: int, step: int | None) -> Reason | None:
    last = _last(trace, index, tensor)
    leaf = index.leaf_of.get(tensor)
    value = leaf.grad if leaf is not None and step is None else None if last is None else last.value
    if value is None:
        return _none(trace, index, tensor, last)
    if is_finite(value) is False:
        return _not_finite(trace, index, tensor, last)
    if is_zero(value) and last is not None and value.shape != (0,):
        return _zero(index, tensor, last)
    return None


def _not_finite(trace: Trace, index: TraceIndex, tensor: int, last: _Last | None) -> Reason:
    birth = None if last is None or last.run is None else birth_in(index, last.run)
    name = _name(index, tensor)
    if birth is not None:
        return Reason("not_finite", explain(birth, name), birth.line, birth.node, birth.step)
    meaning = N_("`{name}.grad` is not finite; the recording does not tell why.")
    return Reason("not_finite", said(meaning, N_("Record the run in which it happens."), name=name))


Made = TypeVar("Made", TensorRecord, NodeRecord)
RUN_STEPS = (RunStartedStep, NodeRanStep, AccumulatedStep, RunEndedStep)


def _up_to(trace: Trace, step: int) -> Trace:
    """The trace of the program stopped after so many steps."""
    steps = trace.steps[:step]
    calls = max((done.call + 1 for done in steps if isinstance(done, CalledStep)), default=0)
    runs = max((done.run + 1 for done in steps if isinstance(done, RUN_STEPS)), default=0)
    is_end = step >= len(trace.steps)
    return msgspec.structs.replace(
        trace,
        steps=steps,
        calls=trace.calls[:calls],
        tensors=tuple(_forgetting(record, calls) for record in trace.tensors),
        nodes=tuple(_forgetting(record, calls) for record in trace.nodes),
        runs=trace.runs[:runs],
        omissions=trace.omissions if is_end else (),
        leaves=trace.leaves if is_end else (),
    )


def _forgetting(record: Made, calls: int) -> Made:
    """What a call beyond the first ``calls`` made, without the call."""
    return record if record.call is None or record.call < calls else msgspec.structs.replace(record, call=None)


def _last(trace: Trace, index: TraceIndex, tensor: int) -> _Last | None:
    found: list[_Last] = []
    for at, step in index.accumulated.get(tensor, ())[-1:]:
        found.append(_Last(at, step.run, step.before, step.after, trace.runs[step.run].line))
    for at in index.cleared.get(tensor, ())[-1:]:
        step = trace.steps[at - 1]
        if isinstance(step, GradSetStep):
            found.append(_Last(at, None, step.before, step.after, step.line))
        elif isinstance(step, CalledStep):
            value = found[0].value if found else None
            zeros = None if value is None else _zeros(value)
            found.append(_Last(at, None, value, zeros, trace.calls[step.call].line))
    return max(found, key=lambda last: last.step) if found else None


def _zeros(value: Value) -> Value:
    return Value(value.shape, value.dtype, (0.0,) * len(value.items), value.kept, True)


def _name(index: TraceIndex, tensor: int) -> str:
    return index.name_of(tensor) or called(index.trace, tensor)


# --- None -----------------------------------------------------------------------------------------

NONE: dict[WhyNone, tuple[str, str]] = {
    "no_backward": (
        N_("`{name}.grad` is None: no backward has run."),
        N_("Call `backward()` on the loss first."),
    ),
    "backward_failed": (
        N_("`{name}.grad` is None: the backward on line {line} raised before it came to `{name}`."),
        N_("Put the error right; the gradient follows."),
    ),
    "grad_only": (
        N_("`{name}.grad` is None: only `torch.autograd.grad` ran. It returns gradients and fills no `.grad`."),
        N_("Use what `torch.autograd.grad` returned, or call `backward()`."),
    ),
    "not_an_input": (
        N_("`{name}.grad` is None: `backward(inputs=...)` on line {line} asked for other tensors only."),
        N_("Add `{name}` to `inputs`, or leave `inputs` out."),
    ),
    "cleared": (
        N_("`{name}.grad` is None: line {line} took it away."),
        N_("That is right before the next backward. Look at a gradient after `backward()` and before it is cleared."),
    ),
    "not_reached": (
        N_("`{name}.grad` is None: what backward started from does not depend on `{name}`."),
        N_("Use `{name}` in the calculation of the loss, or leave it out; an optimizer passes it over."),
    ),
    "not_recorded": (
        N_("`{name}.grad` is None, and why is not known: not all backward runs were recorded."),
        N_("Record more runs, or fewer rounds."),
    ),
}


def _none(trace: Trace, index: TraceIndex, tensor: int, last: _Last | None) -> Reason:
    record, name, state = trace.tensors[tensor], _name(index, tensor), index.last_states.get(tensor)
    is_variable, frozen = tensor in index.node_of_leaf, index.frozen
    if tensor in frozen:
        explanation = said(
            N_("`{name}.grad` is None: line {line} switched `requires_grad` off for it."),
            N_("That is right for what shall not learn. Otherwise switch it on again before the calculation."),
            name=name,
            line=frozen[tensor] or "?",
        )
        return Reason("frozen", explanation, frozen[tensor])
    if last is None and not is_variable and state is not None and not state.requires_grad:
        explanation = said(
            N_("`{name}.grad` is None: `{name}` does not require grad, so nothing was recorded for it."),
            N_("If you want its gradient, make it with `requires_grad=True`, or call `{name}.requires_grad_()` first."),
            name=name,
        )
        return Reason("not_required", explanation, record.line)
    if state is not None and not state.is_leaf and not state.retains_grad:
        return Reason("not_leaf", _not_leaf(trace, name, state.node), record.line, state.node)
    return _none_of_leaf(trace, index, tensor, name, last)


def _not_leaf(trace: Trace, name: str, node: int | None) -> Explanation:
    return said(
        N_(
            "`{name}.grad` is None: `{name}` is no leaf but the result of {node}. Backward passes gradients "
            "through it and "
            "keeps them for leaves only."
        ),
        N_("Call `{name}.retain_grad()` before backward, or use `torch.autograd.grad(loss, {name})`."),
        name=name,
        node="…" if node is None else trace.nodes[node].name,
    )


def _none_of_leaf(trace: Trace, index: TraceIndex, tensor: int, name: str, last: _Last | None) -> Reason:
    record = trace.tensors[tensor]
    code = index.why_nones.of(Leaf(name, TensorId(tensor), record.shape, record.dtype)) or "not_reached"
    node = index.node_of_leaf.get(tensor)
    place = cutting(index, tensor) if code == "not_reached" else None
    if place is not None:
        explanation = said(
            CUTS[place.cut],
            N_("Keep the way from `{name}` to the loss in the graph. Without it `{name}` never learns."),
            name=name,
            line=place.line or "?",
            tensor=place.name,
        )
        return Reason(code, explanation, place.line, place.node, place.step)
    run = index.first_failed if code == "backward_failed" else next(iter(index.started), None)
    line = last.line if code == "cleared" and last is not None else None if run is None else trace.runs[run].line
    if code in ("no_backward", "not_reached", "not_recorded"):
        line = record.line
    step = last.step if last is not None else None
    return Reason(code, said(*NONE[code], name=name, line=line or "?"), line, node, step)


# --- zero -----------------------------------------------------------------------------------------


def _zero(index: TraceIndex, tensor: int, last: _Last) -> Reason | None:
    name = _name(index, tensor)
    if last.run is None:
        explanation = said(
            N_("`{name}.grad` holds zeros: line {line} filled it with them."),
            N_("That is right before the next backward, which adds to them."),
            name=name,
            line=last.line or "?",
        )
        return Reason("cleared_to_zero", explanation, last.line, None, last.step)
    if last.before is not None and not is_zero(last.before):
        explanation = said(
            N_("`{name}.grad` is zero: the gradient of the backward on line {line} cancelled the one that was there."),
            N_("Clear gradients before each backward."),
            name=name,
            line=last.line or "?",
        )
        return Reason("zero_cancelled", explanation, last.line, None, last.step)
    found = zero_at(index, last.run, tensor, name)
    return None if found is None else Reason(found.code, found.explanation, found.line, found.node, found.step)
