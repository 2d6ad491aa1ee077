"""Gradients added onto old ones by mistake, and steps taken before there were gradients."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from engine.explain.explanation import Explanation, said
from engine.language import N_
from engine.referee.finding import Finding, on_lines
from engine.referee.history import History, is_complete
from engine.referee.numbers import is_zero
from engine.referee.rebound import rebindings
from engine.trace import AccumulatedStep, CallRecord, Root, Trace

Why = Literal["stale", "doubled", "looked"]


def findings(trace: Trace) -> tuple[Finding, ...]:
    history = History(trace)
    early = tuple(_stepped_early(trace, history))
    return (*_accumulated(trace, history), *early)


def _accumulated(trace: Trace, history: History) -> Iterator[Finding]:
    """One finding for each line whose backward added onto a gradient that should have been gone."""
    found: dict[int | None, tuple[int, AccumulatedStep, Why]] = {}
    others: dict[int | None, list[int]] = {}
    for tensor, steps in history.accumulated.items():
        for (first, one), (second, two) in pairwise(steps):
            line = trace.runs[two.run].line
            why = _mistake(trace, history, tensor, (first, one), (second, two))
            if why is not None:
                found.setdefault(line, (second, two, why))
                if tensor not in others.setdefault(line, []):
                    others[line].append(tensor)
    for line, (position, step, why) in found.items():
        yield _on_top(trace, history, position, step, why, len(others[line]))


def _mistake(trace: Trace, history: History, tensor: int, first: tuple[int, AccumulatedStep],
             second: tuple[int, AccumulatedStep]) -> Why | None:  # fmt: skip
    """Why the second gradient should not have been added onto the first; None when it may be on purpose."""
    (start, one), (end, two) = first, second
    if two.before is None or is_zero(two.before) or one.run == two.run or is_zero(one.after):
        return None
    if two.node is None or history.is_cleared_between(tensor, start, end):
        return None
    if history.is_updated_between(tensor, start, end):
        return "stale" if _is_used(history, tensor, end) else None
    if any(history.updated.values()) or not _has_no_update(trace) or _is_rebound(trace, tensor):
        return None
    if _same_root(trace, one.run, two.run):
        return "doubled"
    is_loop = trace.runs[one.run].line == trace.runs[two.run].line  # a sum over rounds, looked at as it grows
    if not is_loop and any(start < read.step <= end and not read.is_none for read in history.looks(tensor)):
        return "looked"
    return None


def _is_rebound(trace: Trace, tensor: int) -> bool:
    """Whether what was added came through a tensor that took the leaf's name: the rebinding is the mistake."""
    return any(rebinding.leaf == tensor for rebinding in rebindings(trace))


def _is_used(history: History, tensor: int, position: int) -> bool:
    """Whether the sum goes into an update or is looked at before it is cleared; at the end of a trace it counts."""
    end = min((i for i in history.cleared.get(tensor, ()) if i > position), default=None)
    last = len(history.trace.steps) + 1 if end is None else end
    if history.is_updated_between(tensor, position, last):
        return True
    return any(position < read.step <= last and not read.is_none for read in history.looks(tensor))


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


def _on_top(trace: Trace, history: History, position: int, step: AccumulatedStep, why: Why, n: int) -> Finding:
    run, tensor = trace.runs[step.run], trace.tensors[step.tensor]
    values = {"name": tensor.name or "…", "line": run.line or "?", "others": n - 1}
    return Finding(
        kind="grad-accumulated",
        line=run.line,
        explanation=_said_on_top(why, n > 1, values),
        tensor=step.tensor,
        name=tensor.name,
        node=step.node,
        step=position + 1,
        lines=on_lines(("backward", run.line)),
    )


def _said_on_top(why: Why, has_others: bool, values: dict[str, object]) -> Explanation:
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


def _stepped_early(trace: Trace, history: History) -> Iterator[Finding]:
    """``optimizer.step()`` after the loss and before its backward, with nothing to step with."""
    lines: set[int | None] = set()
    for number, call in enumerate(trace.calls):
        position = history.called.get(number)
        if position is None or call.line in lines or not call.function.startswith("torch.optim.") or not _is_step(call):
            continue
        run = _next_run(history, position)
        if run is None or not _has_nothing(trace, history, call, position, run):
            continue
        if _is_built_before(trace, run, number):
            lines.add(call.line)
            yield _too_early(trace, call, position, run)


def _is_step(call: CallRecord) -> bool:
    return call.name.endswith(".step")


def _next_run(history: History, position: int) -> int | None:
    later = [(start, run) for run, start in history.started.items() if start > position]
    return min(later)[1] if later else None


def _has_nothing(trace: Trace, history: History, call: CallRecord, position: int, run: int) -> bool:
    """Whether no leaf the step could be for, those the next run reaches, had a gradient other than 0."""
    changed = {change.tensor for change in call.in_place}
    reached = {trace.nodes[n].variable for n in trace.runs[run].nodes} - {None}
    if not reached or (changed and not changed & reached):
        return False
    return all(_is_without(history, leaf, position) for leaf in changed | reached if leaf is not None)


def _is_without(history: History, leaf: int, position: int) -> bool:
    added = max((i for i, _ in history.accumulated.get(leaf, ()) if i < position), default=None)
    return added is None or history.is_cleared_between(leaf, added, position)


def _is_built_before(trace: Trace, run: int, call: int) -> bool:
    """Whether the root of the run was calculated before the call."""
    tensors = [root.tensor for root in trace.runs[run].roots if root.tensor is not None]
    calls = [trace.tensors[tensor].call for tensor in tensors]
    return bool(calls) and all(made is not None and made < call for made in calls)


def _too_early(trace: Trace, call: CallRecord, position: int, run: int) -> Finding:
    backward = trace.runs[run]
    root = backward.roots[0].tensor
    tensor = next((trace.nodes[n].variable for n in backward.nodes if trace.nodes[n].variable is not None), None)
    return Finding(
        kind="step-before-backward",
        line=call.line,
        explanation=said(
            N_(
                "The step on line {line} comes before the backward on line {backward}: the loss was calculated, but "
                "there are no gradients yet, so the step changes nothing."
            ),
            N_("Keep the order: `zero_grad()`, forward, `backward()`, `step()`."),
            line=call.line or "?",
            backward=backward.line or "?",
        ),
        tensor=root,
        name=None if root is None else trace.tensors[root].name,
        node=next((n for n in backward.nodes if trace.nodes[n].variable == tensor), None),
        step=position + 1,
        lines=on_lines(("cause", call.line), ("backward", backward.line)),
    )
