"""Gradients added onto old ones by mistake."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Literal

from engine.contract.trace import AccumulatedStep, Root, Trace
from engine.explain.errors.explanation import Explanation, said
from engine.reading.index import TraceIndex, index_of, is_complete
from engine.reading.predicates import is_zero
from engine.referee.finding import Finding, on_lines
from engine.referee.rules.rebound import rebindings
from engine.text.language import N_

Why = Literal["stale", "doubled", "looked"]


def findings(trace: Trace) -> tuple[Finding, ...]:
    """One finding for each line whose backward added onto a gradient that should have been gone."""
    return tuple(_accumulated(trace, index_of(trace).afresh()))


def _accumulated(trace: Trace, index: TraceIndex) -> Iterator[Finding]:
    found: dict[int | None, tuple[int, AccumulatedStep, Why]] = {}
    others: dict[int | None, set[int]] = {}
    rebound = {rebinding.leaf for rebinding in rebindings(trace)}  # there the rebinding is the mistake
    for tensor, steps in sorted(index.accumulated.items()):
        for (first, one), (second, two) in pairwise(steps):
            line = trace.runs[two.run].line
            why = _mistake(trace, index, tensor, (first, one), (second, two), rebound)
            if why is not None:
                found.setdefault(line, (second, two, why))
                others.setdefault(line, set()).add(tensor)
    for line, (at, step, why) in found.items():
        yield _on_top(trace, at, step, why, len(others[line]))


def _mistake(
    trace: Trace,
    index: TraceIndex,
    tensor: int,
    first: tuple[int, AccumulatedStep],
    second: tuple[int, AccumulatedStep],
    rebound: set[int],
) -> Why | None:
    """Why the second gradient should not have been added onto the first; None when it may be on purpose."""
    (start, one), (end, two) = first, second
    if two.before is None or is_zero(two.before) or one.run == two.run or is_zero(one.after):
        return None
    if two.node is None or index.is_cleared_between(tensor, start, end):
        return None
    if index.is_updated_between(tensor, start, end):
        return "stale" if _is_used(index, tensor, end) else None
    if index.is_ever_updated or not _has_no_update(trace) or tensor in rebound:
        return None
    if _same_root(trace, one.run, two.run):
        return "doubled"
    is_loop = trace.runs[one.run].line == trace.runs[two.run].line
    is_result = (
        _numbers_taken(trace, index, tensor, start, end) if is_loop else index.is_looked_at_between(tensor, start, end)
    )
    return "looked" if is_result else None


def _numbers_taken(trace: Trace, index: TraceIndex, tensor: int, start: int, end: int) -> bool:
    """Whether a loop took the gradient of its round, rather than print the sum as it grows."""
    for number, call in enumerate(trace.calls) if index.may(len(trace.calls)) else ():
        is_taken = call.cut is not None or call.name == "clone"
        if not is_taken or not start < index.call_step.get(number, 0) < end:
            continue
        if any(a.tensor is not None and trace.tensors[a.tensor].grad_of == tensor for a in call.inputs):
            return True
    return False


def _is_used(index: TraceIndex, tensor: int, step: int) -> bool:
    """Whether the sum goes into an update or is looked at before it is cleared; at the end of a trace it counts."""
    cleared = index.cleared.get(tensor, [])
    following = bisect_right(cleared, step)
    last = cleared[following] if following < len(cleared) else len(index.trace.steps) + 1
    if index.is_updated_between(tensor, step, last):
        return True
    return index.is_looked_at_between(tensor, step, last)


def _has_no_update(trace: Trace) -> bool:
    """Whether the program changes no leaf at all; what was not recorded is judged by the text."""
    if is_complete(trace):
        return True
    return not any(word in trace.program.source for word in (".step(", ".data", "no_grad", "set_grad_enabled"))


def _same_root(trace: Trace, one: int, two: int) -> bool:
    """Whether two runs started from the same number under the same name."""
    a, b = (trace.runs[run].roots for run in (one, two))
    if len(a) != 1 or len(b) != 1 or trace.runs[two].parent is not None:
        return False
    return _root_name(trace, a[0]) == _root_name(trace, b[0]) and a[0].value == b[0].value is not None


def _root_name(trace: Trace, root: Root) -> str | None:
    return None if root.tensor is None else trace.tensors[root.tensor].name


def _on_top(trace: Trace, at: int, step: AccumulatedStep, why: Why, n: int) -> Finding:
    run, name = trace.runs[step.run], index_of(trace).name_of(step.tensor)
    values = {"name": name or "…", "line": run.line or "?", "others": n - 1}
    return Finding(
        kind="grad-accumulated",
        line=run.line,
        explanation=_said_on_top(why, n > 1, values),
        tensor=step.tensor,
        name=name,
        node=step.node,
        step=at,
        lines=on_lines(("backward", run.line)),
    )


def _said_on_top(why: Why, has_others: bool, values: Mapping[str, object]) -> Explanation:
    cure = N_(
        "Clear the gradients before each backward: `optimizer.zero_grad()`, or `{name}.grad = None` for a single "
        "tensor."
    )
    if why == "stale" and has_others:
        return said(
            N_(
                "The backward on line {line} added its gradient onto the old one in `{name}.grad` and in those "
                "of {others} "
                "more: they were used for an update already and never cleared. Each step also repeats all steps before."
            ),
            cure,
            **values,
        )
    if why == "stale":
        return said(
            N_(
                "The backward on line {line} added its gradient onto the old one in `{name}.grad`: it was used for an "
                "update already and never cleared. Each step also repeats all steps before."
            ),
            cure,
            **values,
        )
    if why == "doubled":
        return said(
            N_(
                "The backward on line {line} calculated the same gradient again and added it: `{name}.grad` "
                "holds both, "
                "not one of them."
            ),
            cure,
            **values,
        )
    return said(
        N_(
            "The backward on line {line} added its gradient onto the one that was already in `{name}.grad` and "
            "had been "
            "read: what is there now is the sum of both."
        ),
        cure,
        **values,
    )
