"""NaN and infinite gradients: the first call or node that made such a number out of finite ones.

NOTE [Where it was born]
1. A run gave some leaf a gradient that is not finite, or started from NaN.
2. Its root is not finite: look through the calls the root was made from, in order, for the first that made such a
   number of finite ones. An infinity the program wrote itself (a mask of -inf) is not looked for at first.
3. Its root is finite: look through the nodes in the engine's order for the first that was given finite gradients
   only and passed on others. When it had saved such a number, that number's call is to blame.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.contract.trace import AccumulatedStep, CallRecord, NodeRanStep, RunEndedStep, TensorState, Trace, Value
from engine.explain.errors.explanation import said
from engine.reading.birth import Birth
from engine.reading.index import TraceIndex, index_of, made_from
from engine.reading.operands import operands_of
from engine.reading.predicates import all_finite, has_nan, is_finite
from engine.referee.finding import Finding, on_lines
from engine.referee.rules.nonfinite_why import explain
from engine.text.language import N_


def findings(trace: Trace) -> tuple[Finding, ...]:
    found: dict[int | None, Finding] = {}
    index = index_of(trace).afresh()
    for run, tensor in _received(trace).items():
        birth = birth_in(index, run)
        if birth is not None and (not found or birth.is_out_of_finite):
            found.setdefault(birth.line, _finding(index, run, tensor, birth))
    return tuple(found.values()) or tuple(_later(trace))


def _received(trace: Trace) -> dict[int, int | None]:
    """Run -> the first tensor it gave a gradient that is not finite; its root when that is NaN."""
    found: dict[int, int | None] = {}
    for step in trace.steps:
        if isinstance(step, AccumulatedStep) and is_finite(step.after) is False and is_finite(step.before) is not False:
            found.setdefault(step.run, step.tensor)
        elif isinstance(step, RunEndedStep) and not all_finite(step.returned):
            position = next(i for i, value in enumerate(step.returned) if is_finite(value) is False)
            inputs = trace.runs[step.run].inputs or ()
            found.setdefault(step.run, inputs[position] if position < len(inputs) else None)
    for number, run in enumerate(trace.runs):
        nan = next((root for root in run.roots if has_nan(root.value)), None)
        if nan is not None:  # a loss that says nothing, even where every gradient is finite
            found.setdefault(number, nan.tensor)
    return found


def birth_in(index: TraceIndex, run: int) -> Birth | None:
    """Where the first number that is not finite on the way to, or back from, this run's root was made."""
    if run not in index.births:
        n = len(index.trace.calls) + len(index.ran.get(run, ()))
        if not index.may(n):
            return None
        index.births[run] = _birth(index.trace, index, run)
    return index.births[run]


def _birth(trace: Trace, index: TraceIndex, run: int) -> Birth | None:
    roots = trace.runs[run].roots
    if not all_finite(root.value for root in roots):
        tensors = [root.tensor for root in roots if root.tensor is not None]
        birth = _in_forward(trace, index, made_from(trace, *tensors), run)
        if birth is not None:
            return birth
    if not all_finite(root.gradient for root in roots):
        line = trace.runs[run].line
        return Birth("given", line, index.started.get(run, 0), is_out_of_finite=False)
    birth = _in_backward(index, run)
    return None if birth is None else _of_saved(trace, index, run, birth)


def _in_forward(trace: Trace, index: TraceIndex, ancestors: set[int], run: int) -> Birth | None:
    calls = list(_calls_with_inputs(trace, index, ancestors, index.started.get(run, len(trace.steps) + 1)))
    for number, inputs in calls:
        if _makes(trace.calls[number], inputs) and not _is_written(trace.calls[number]):
            return _by_call(trace, index, number, inputs)
    for number, inputs in calls:
        outputs = _values(trace.calls[number].outputs)
        if any(map(has_nan, outputs)) and not any(map(has_nan, inputs)):
            return _by_call(trace, index, number, inputs)
    return None


def _calls_with_inputs(
    trace: Trace, index: TraceIndex, ancestors: set[int], end: int
) -> Iterator[tuple[int, list[Value | None]]]:
    """The calls that made one of ``ancestors``, each with the values its inputs had."""
    now: dict[int, Value | None] = {}
    for number, call in enumerate(trace.calls):
        if index.call_step.get(number, 0) >= end:
            return
        changed = {change.tensor for change in call.in_place}
        now |= {state.tensor: state.value for state in call.seen if state.tensor not in changed}
        if any(state.tensor in ancestors for state in call.outputs):
            yield number, [now.get(a.tensor) for a in call.inputs if a.tensor is not None]
        now |= {state.tensor: state.value for state in (*call.seen, *call.outputs)}


def _makes(call: CallRecord, inputs: list[Value | None]) -> bool:
    return all_finite(inputs) and not all_finite(_values(call.outputs))


def _is_written(call: CallRecord) -> bool:
    """Whether the program wrote the infinity itself: ``masked_fill(mask, -inf)``."""
    return any("inf" in (argument.text or "") for argument in call.inputs)


def _values(states: tuple[TensorState, ...]) -> list[Value | None]:
    return [state.value for state in states]


def _by_call(trace: Trace, index: TraceIndex, number: int, inputs: list[Value | None]) -> Birth:
    call = trace.calls[number]
    node = call.nodes[-1] if call.nodes else None
    return Birth(
        "forward",
        call.line,
        index.call_step.get(number, 0),
        name=call.name,
        node=node,
        inputs=tuple(inputs),
        outputs=tuple(_values(call.outputs)),
        operands=tuple(operands_of(trace, call.inputs)),
        is_out_of_finite=bool(inputs),
    )


def _in_backward(index: TraceIndex, run: int) -> Birth | None:
    trace, fallback = index.trace, None
    for at, step in sorted(index.ran.get(run, {}).values(), key=lambda entry: entry[0]):
        if all_finite(step.grad_outputs) and not all_finite(step.grad_inputs):
            return _by_node(trace, at, step, is_out_of_finite=True)
        if fallback is None and not all_finite(step.grad_outputs):
            fallback = _by_node(trace, at, step, is_out_of_finite=False)
    return fallback


def _of_saved(trace: Trace, index: TraceIndex, run: int, birth: Birth) -> Birth:
    """The call that made what the node had saved, when that was not finite already and of another line."""
    saved = () if birth.node is None else trace.nodes[birth.node].saved
    bad = [one.tensor for one in saved if one.tensor is not None and is_finite(one.value) is False]
    ancestors = made_from(trace, *bad)
    earlier = _in_forward(trace, index, ancestors, run) if bad else None
    return birth if earlier is None or earlier.line == birth.line else earlier


def _by_node(trace: Trace, at: int, step: NodeRanStep, *, is_out_of_finite: bool) -> Birth:
    node = trace.nodes[step.node]
    return Birth(
        "backward",
        node.line,
        at,
        name=node.name,
        node=step.node,
        inputs=step.grad_outputs,
        outputs=step.grad_inputs,
        saved=tuple((saved.role, saved.value) for saved in node.saved),
        operands=() if node.call is None else tuple(operands_of(trace, trace.calls[node.call].inputs)),
        is_out_of_finite=is_out_of_finite,
    )


def _finding(index: TraceIndex, run: int, tensor: int | None, birth: Birth) -> Finding:
    trace, name = index.trace, index.name_of(tensor)
    return Finding(
        kind="nan-gradient",
        line=birth.line,
        explanation=explain(birth, name or "…"),
        tensor=tensor,
        name=name,
        node=birth.node,
        step=birth.step,
        lines=on_lines(("cause", birth.line), ("backward", trace.runs[run].line)),
    )


def _later(trace: Trace) -> Iterator[Finding]:
    """A gradient that is not finite at the end, made by a run past the recording budget."""
    leaf = next((leaf for leaf in trace.leaves if is_finite(leaf.grad) is False), None)
    if leaf is None or not trace.later_losses:
        return
    rounds = [(i, line) for i, (line, value) in enumerate(trace.later_losses) if not isinstance(value, (int, float))]
    line = rounds[0][1] if rounds else trace.later_losses[-1][0]
    yield Finding(
        kind="nan-gradient",
        line=line,
        explanation=said(
            N_(
                "`{name}.grad` is not finite at the end. The gradients of the first {n} backward runs, which were "
                "recorded, are; a later one, on line {line}, made it."
            ),
            N_("Make the learning rate smaller, or start the program where the numbers are about to go wrong."),
            name=leaf.name,
            n=len(trace.runs),
            line=line or "?",
        ),
        tensor=leaf.tensor,
        name=leaf.name,
        step=len(trace.steps),
        lines=on_lines(("backward", line)),
    )
