"""Optimizer steps with nothing to step with: before the backward, after the gradients were cleared, without any."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Literal

from engine.contract.trace import CallRecord, Trace
from engine.contract.values import n_elements
from engine.explain.errors.explanation import said
from engine.reading.index import TraceIndex, index_of, is_complete
from engine.referee.finding import Finding, on_lines
from engine.text.language import N_

Why = Literal["before", "cleared", "never"]

SAID: dict[Why, str] = {
    "before": N_(
        "The step on line {line} comes before the backward on line {backward}: the loss was calculated, but "
        "there are no "
        "gradients yet, so the step changes nothing."
    ),
    "cleared": N_(
        "The gradients of the backward on line {backward} were cleared before the step on line {line}, so the step has "
        "nothing to go by."
    ),
    "never": N_("The step on line {line} changes nothing: a loss was calculated, but no backward ever ran."),
}
CURE = N_("Keep the order: `zero_grad()`, forward, `backward()`, `step()`.")


def findings(trace: Trace) -> tuple[Finding, ...]:
    """One finding for each line with such a step."""
    index = index_of(trace).afresh()
    found: dict[int | None, Finding] = {}
    for number, call in enumerate(trace.calls):
        if call.line in found or not index.may(1):
            continue
        if number in index.call_step and call.function.startswith("torch.optim.") and call.name.endswith(".step"):
            for why, run in _whys(trace, index, number):
                found.setdefault(call.line, _finding(trace, index, number, why, run))
    return tuple(found.values())


def _whys(trace: Trace, index: TraceIndex, number: int) -> Iterator[tuple[Why, int | None]]:
    call, step = trace.calls[number], index.call_step[number]
    before, after = _runs_around(index, step)
    if after is not None and _has_nothing(trace, index, call, step, after) and _is_built(trace, after, number):
        yield "before", after
    if before is not None and _was_cleared(trace, index, call, step, before):
        yield "cleared", before
    if not trace.runs and is_complete(trace) and not call.in_place and _has_loss(index, number):
        yield "never", None


def _runs_around(index: TraceIndex, step: int) -> tuple[int | None, int | None]:
    """The last run that ended before a step, and the next one after it."""
    ends, starts = index.completed_by_end, index.started_by_step
    before, after = bisect_left(ends, (step,)) - 1, bisect_right(starts, (step, len(index.trace.runs)))
    return (ends[before][1] if before >= 0 else None), (starts[after][1] if after < len(starts) else None)


def _reached(trace: Trace, run: int) -> set[int]:
    return {variable for n in trace.runs[run].nodes if (variable := trace.nodes[n].variable) is not None}


def _has_nothing(trace: Trace, index: TraceIndex, call: CallRecord, step: int, run: int) -> bool:
    """Whether no leaf the step could be for, those the run reaches, had a gradient other than 0."""
    changed, reached = {change.tensor for change in call.in_place}, _reached(trace, run)
    if not reached or (changed and not changed & reached) or not index.may(len(changed) + len(reached)):
        return False
    return all(_is_without(index, leaf, step) for leaf in changed | reached)


def _is_without(index: TraceIndex, leaf: int, step: int) -> bool:
    steps = index.accumulated.get(leaf, [])
    before = bisect_left(steps, step, key=lambda entry: entry[0])
    added = steps[before - 1][0] if before else None
    return added is None or index.is_cleared_between(leaf, added, step)


def _was_cleared(trace: Trace, index: TraceIndex, call: CallRecord, step: int, run: int) -> bool:
    """Whether all gradients of the last run were cleared before the step, and by then had changed no leaf."""
    changed, reached, ended = {change.tensor for change in call.in_place}, _reached(trace, run), index.ended[run][0]
    if not reached or not changed <= reached or not index.may(len(reached)):
        return False
    return all(
        index.is_cleared_between(leaf, ended, step) and not index.is_updated_between(leaf, ended, step)
        for leaf in reached
    )


def _is_built(trace: Trace, run: int, call: int) -> bool:
    """Whether the root of the run was calculated before the call."""
    tensors = [root.tensor for root in trace.runs[run].roots if root.tensor is not None]
    calls = [trace.tensors[tensor].call for tensor in tensors]
    return bool(calls) and all(made is not None and made < call for made in calls)


def _has_loss(index: TraceIndex, call: int) -> bool:
    """Whether a single number with a graph was calculated before the call."""
    if not index.may(call):
        return False
    states = (state for c in index.trace.calls[:call] for state in c.outputs)
    results = (index.trace.tensors[s.tensor] for s in states if s.node is not None and not s.is_leaf)
    return any(n_elements(tensor.shape, 2) == 1 for tensor in results)


def _finding(trace: Trace, index: TraceIndex, number: int, why: Why, run: int | None) -> Finding:
    call, backward = trace.calls[number], None if run is None else trace.runs[run]
    root = None if backward is None or not backward.roots else backward.roots[0].tensor
    values = {"line": call.line or "?", "backward": (backward.line if backward is not None else None) or "?"}
    return Finding(
        kind="step-before-backward",
        line=call.line,
        explanation=said(SAID[why], CURE, **values),
        tensor=root,
        name=None if root is None else trace.tensors[root].name,
        node=None if backward is None or not backward.roots else backward.roots[0].node,
        step=index.call_step[number],
        lines=on_lines(("cause", call.line), ("backward", None if backward is None else backward.line)),
    )
