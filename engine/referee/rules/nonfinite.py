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
from engine.reading import clues
from engine.reading.birth import Birth
from engine.reading.history import History
from engine.reading.operands import operands_of
from engine.reading.predicates import all_finite, has_nan, is_finite
from engine.referee.finding import Finding, on_lines
from engine.referee.rules.nonfinite_why import explain
from engine.text.language import N_


def findings(trace: Trace) -> tuple[Finding, ...]:
    found: dict[int | None, Finding] = {}
    history = History(trace)
    for run, tensor in _received(trace).items():
        birth = birth_in(history, run)
        if birth is not None and (not found or birth.is_out_of_finite):
            found.setdefault(birth.line, _finding(history, run, tensor, birth))
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


def birth_in(history: History, run: int) -> Birth | None:
    """Where the first number that is not finite on the way to, or back from, this run's root was made."""
    if run not in history.births:
        n = len(history.trace.calls) + len(history.ran.get(run, ()))
        history.births[run] = _birth(history.trace, history, run) if history.may(n) else None
    return history.births[run]


def _birth(trace: Trace, history: History, run: int) -> Birth | None:
    roots = trace.runs[run].roots
    if not all_finite(root.value for root in roots):
        tensors = [root.tensor for root in roots if root.tensor is not None]
        birth = _in_forward(trace, history, clues.made_from(trace, *tensors), run)
        if birth is not None:
            return birth
    if not all_finite(root.gradient for root in roots):
        line = trace.runs[run].line
        return Birth("given", line, history.started.get(run, 0) + 1, is_out_of_finite=False)
    birth = _in_backward(history, run)
    return None if birth is None else _of_saved(trace, history, run, birth)


def _in_forward(trace: Trace, history: History, ancestors: set[int], run: int) -> Birth | None:
    calls = list(_calls_with_inputs(trace, history, ancestors, history.started.get(run, len(trace.steps))))
    for number, inputs in calls:
        if _makes(trace.calls[number], inputs) and not _is_written(trace.calls[number]):
            return _by_call(trace, history, number, inputs)
    for number, inputs in calls:
        outputs = _values(trace.calls[number].outputs)
        if any(map(has_nan, outputs)) and not any(map(has_nan, inputs)):
            return _by_call(trace, history, number, inputs)
    return None


def _calls_with_inputs(
    trace: Trace, history: History, ancestors: set[int], end: int
) -> Iterator[tuple[int, list[Value | None]]]:
    """The calls that made one of ``ancestors``, each with the values its inputs had."""
    now: dict[int, Value | None] = {}
    for number, call in enumerate(trace.calls):
        if history.called.get(number, 0) >= end:
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


def _by_call(trace: Trace, history: History, number: int, inputs: list[Value | None]) -> Birth:
    call = trace.calls[number]
    node = call.nodes[-1] if call.nodes else None
    return Birth(
        "forward",
        call.line,
        history.called.get(number, 0) + 1,
        name=call.name,
        node=node,
        inputs=tuple(inputs),
        outputs=tuple(_values(call.outputs)),
        operands=tuple(operands_of(trace, call.inputs)),
        is_out_of_finite=bool(inputs),
    )


def _in_backward(history: History, run: int) -> Birth | None:
    trace, fallback = history.trace, None
    for position, step in sorted(history.ran.get(run, {}).values(), key=lambda entry: entry[0]):
        if all_finite(step.grad_outputs) and not all_finite(step.grad_inputs):
            return _by_node(trace, position, step, is_out_of_finite=True)
        if fallback is None and not all_finite(step.grad_outputs):
            fallback = _by_node(trace, position, step, is_out_of_finite=False)
    return fallback


def _of_saved(trace: Trace, history: History, run: int, birth: Birth) -> Birth:
    """The call that made what the node had saved, when that was not finite already and of another line."""
    saved = [] if birth.node is None else trace.nodes[birth.node].saved
    bad = [one.tensor for one in saved if one.tensor is not None and is_finite(one.value) is False]
    ancestors = clues.made_from(trace, *bad)
    earlier = _in_forward(trace, history, ancestors, run) if bad else None
    return birth if earlier is None or earlier.line == birth.line else earlier


def _by_node(trace: Trace, position: int, step: NodeRanStep, *, is_out_of_finite: bool) -> Birth:
    node = trace.nodes[step.node]
    return Birth(
        "backward",
        node.line,
        position + 1,
        name=node.name,
        node=step.node,
        inputs=step.grad_outputs,
        outputs=step.grad_inputs,
        saved=tuple((saved.role, saved.value) for saved in node.saved),
        operands=() if node.call is None else tuple(operands_of(trace, trace.calls[node.call].inputs)),
        is_out_of_finite=is_out_of_finite,
    )


def _finding(history: History, run: int, tensor: int | None, birth: Birth) -> Finding:
    trace, name = history.trace, history.name_of(tensor)
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
