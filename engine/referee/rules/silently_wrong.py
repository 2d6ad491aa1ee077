"""Saved tensors overwritten before their backward: silently wrong gradients, and errors with their true gradient.

NOTE [From a mismatch to the line]
A mismatch says that a run would read a saved tensor otherwise than it was saved. The overwrites of that saved
tensor up to the run's start tell the line: the first one since the bytes were last right. A counter that moved
while the bytes stayed the same has no overwrite; then the call that moved it is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.contract.trace import (
    CalledStep,
    Mismatch,
    Overwrite,
    RunEndedStep,
    RunStartedStep,
    Saved,
    Trace,
    TrueGradient,
)
from engine.explain.errors.explain_error import explain_failure
from engine.explain.errors.explanation import Explanation, said
from engine.reading.index import index_of
from engine.reading.naming import called
from engine.reading.operands import out_of_place
from engine.referee.finding import Compared, Finding, Kind, Role, on_lines
from engine.text.language import N_
from engine.text.numbers import value_text

CHANGED = "modified by an inplace operation"  # in PyTorch's message


@dataclass(frozen=True)
class _Cause:
    """Who wrote: the line, the call when it was one, and the step just after it."""

    line: int | None
    call: int | None
    step: int | None
    by: str  # see Writer
    through: int | None


def findings(trace: Trace) -> tuple[Finding, ...]:
    """At most one finding for each line that overwrote."""
    found: dict[tuple[Kind, int | None], Finding] = {}
    for finding in (*_raised(trace), *_silent(trace)):
        found.setdefault((finding.kind, finding.line), finding)
    raised = any(finding.kind != "silent-wrong-gradient" for finding in found.values())
    return (*found.values(), *(() if raised else _unrecorded(trace)))


def _unrecorded(trace: Trace) -> Iterator[Finding]:
    """The error of a run past the recording budget: who wrote is not known, the line is that of the backward."""
    failure = trace.failure
    if failure is None or CHANGED not in failure.message:
        return
    explanation = explain_failure(trace, failure)
    if explanation is not None:
        lines = on_lines(("used", failure.line))
        yield Finding("inplace-error", failure.line, explanation, node=failure.node, step=len(trace.steps), lines=lines)


def _silent(trace: Trace) -> Iterator[Finding]:
    for mismatch in trace.mismatches:
        saved = _saved(trace, mismatch)
        if saved is None or mismatch.same_bytes is not False or mismatch.version != saved.version:
            continue
        compared = [one for one in trace.true_gradients if one.run == mismatch.run]
        wrong = [one for one in compared if one.differs]
        unknown = [one for one in compared if one.unavailable is not None]
        if _has_ended(trace, mismatch.run) and (wrong or unknown):
            yield _finding(trace, "silent-wrong-gradient", mismatch, saved, wrong or unknown)


def _raised(trace: Trace) -> Iterator[Finding]:
    """A run that PyTorch stopped because of a version counter: the node it stopped at."""
    for step in trace.steps:
        if not isinstance(step, RunEndedStep) or step.completed or CHANGED not in (step.error or ""):
            continue
        stale = [m for m in trace.mismatches if m.run == step.run and _is_stale(trace, m)]
        failed = next((m for m in stale if m.node == step.failed_node), stale[0] if stale else None)
        saved = None if failed is None else _saved(trace, failed)
        if failed is not None and saved is not None:
            compared = [one for one in trace.true_gradients if one.run == step.run]
            yield _finding(trace, "inplace-error", failed, saved, compared)


def _finding(trace: Trace, kind: Kind, mismatch: Mismatch, saved: Saved, compared: list[TrueGradient]) -> Finding:
    node, run = trace.nodes[mismatch.node], trace.runs[mismatch.run]
    cause = _cause(trace, mismatch, saved)
    call = None if cause.call is None else trace.calls[cause.call]
    if kind == "inplace-error" and call is not None and call.function.startswith("torch.optim."):
        kind = "step-before-backward"
    lines: tuple[tuple[Role, int | None], ...] = (("saved", node.line), ("changed", cause.line), ("used", run.line))
    gradients = tuple(
        Compared(called(trace, one.tensor), one.tensor, one.computed, one.true, one.unavailable) for one in compared
    )
    return Finding(
        kind=kind,
        line=cause.line or node.line,
        explanation=_explained(trace, kind, mismatch, saved, cause, gradients),
        tensor=saved.tensor,
        name=_name_of_saved(trace, saved),
        node=mismatch.node,
        step=cause.step,
        lines=tuple((role, line) for role, line in lines if line is not None),
        gradients=gradients,
    )


def _explained(
    trace: Trace, kind: Kind, mismatch: Mismatch, saved: Saved, cause: _Cause, gradients: tuple[Compared, ...]
) -> Explanation:
    node = trace.nodes[mismatch.node]
    instead = {} if cause.call is None else out_of_place(trace, trace.calls[cause.call])
    values = {
        "name": _name_of_saved(trace, saved) or (saved.role if saved.tensor is None else called(trace, saved.tensor)),
        "node": node.name,
        "saved": node.line or "?",
        "changed": cause.line or "?",
        "used": trace.runs[mismatch.run].line or "?",
        "was": saved.version,
        "now": mismatch.version,
        "before": value_text(saved.value),
        "after": value_text(mismatch.value),
    }
    if kind == "silent-wrong-gradient":
        return said(_silent_meaning(cause, gradients), _silent_cure(cause), **values)
    if kind == "step-before-backward":
        return said(
            N_(
                "`{name}` was saved at version {was} for {node} (line {saved}). The optimizer's step on line {changed} "
                "changed it to version {now} before the backward on line {used} had used it, so PyTorch refuses."
            ),
            N_("Run every backward of this forward pass before the step, or compute the loss again after it."),
            **values,
        )
    return said(
        N_(
            "`{name}` was saved at version {was} for {node} (line {saved}). Line {changed} changed it in place to "
            "version {now}, so the backward on line {used} has lost the value it needs and PyTorch refuses."
        ),
        NEW_TENSOR if instead else COPY,
        **values,
        **instead,
    )


NEW_TENSOR = N_(
    "Make a new tensor, `{new}` in place of `{written}` on line {changed}. Or change a copy, `{name}.clone()`, or do "
    "it after backward."
)
COPY = N_("Let line {changed} change a copy, `{name}.clone()`, instead of `{name}` itself, or do it after backward.")


def _silent_meaning(cause: _Cause, gradients: tuple[Compared, ...]) -> str:
    known = all(one.unavailable is None for one in gradients)
    if not known:
        return N_(
            "The gradient is silently wrong: `{name}` was saved for {node} (line {saved}) as {before}, line {changed} "
            "made it {after} without PyTorch noticing, and the backward on line {used} computed with that. Detected; "
            "the true gradient is not available."
        )
    if cause.by == "memory":
        return N_(
            "The gradient is silently wrong: `{name}` was saved for {node} (line {saved}) as {before}. Line {changed} "
            "wrote to the same memory from outside PyTorch and made it {after}; the backward on line {used} computed "
            "with that."
        )
    if cause.by == "set_data":
        return N_(
            "The gradient is silently wrong: `{name}` was saved for {node} (line {saved}) as {before}. Line {changed} "
            "gave it other content, {after}, through `.data`, which PyTorch does not count; the backward on line "
            "{used} computed with that."
        )
    return N_(
        "The gradient is silently wrong: `{name}` was saved for {node} (line {saved}) as {before}. Line {changed} "
        "overwrote it with {after} through a tensor whose version counter is not the one PyTorch checks; the backward "
        "on line {used} computed with that."
    )


def _silent_cure(cause: _Cause) -> str:
    if cause.by == "memory":
        return N_(
            "Copy before line {changed} writes: `{name}.detach().clone().numpy()`, or `torch.tensor(...)` instead of "
            "`from_numpy`."
        )
    return N_(
        "Do not write through `.data`. Use `detach()`: the same change then raises an error instead of a wrong number; "
        "or change a `clone()`, or write after backward under `torch.no_grad()`."
    )


def _cause(trace: Trace, mismatch: Mismatch, saved: Saved) -> _Cause:
    start = next(i for i, s in enumerate(trace.steps) if isinstance(s, RunStartedStep) and s.run == mismatch.run)
    since: list[Overwrite] = []
    for one in trace.overwrites:
        if (one.node, one.role) == (mismatch.node, mismatch.role) and one.step <= start:
            since = [] if one.is_restored else [*since, one]
    if since:
        first = since[0]
        return _Cause(first.line, first.call, first.step, first.by, first.through)
    return _moved_counter(trace, mismatch, saved, start) or _Cause(None, None, None, "memory", None)


def _moved_counter(trace: Trace, mismatch: Mismatch, saved: Saved, start: int) -> _Cause | None:
    """The first call after saving that moved the counter of the saved storage."""
    first = trace.nodes[mismatch.node].call
    for at, step in enumerate(trace.steps[:start], 1):
        if not isinstance(step, CalledStep) or (first is not None and step.call <= first):
            continue
        call = trace.calls[step.call]
        for change in call.in_place:
            if trace.tensors[change.tensor].storage == saved.storage and change.version_after > saved.version:
                return _Cause(call.line, step.call, at, "call", change.tensor)
    return None


def _saved(trace: Trace, mismatch: Mismatch) -> Saved | None:
    return next((s for s in trace.nodes[mismatch.node].saved if s.role == mismatch.role), None)


def _is_stale(trace: Trace, mismatch: Mismatch) -> bool:
    saved = _saved(trace, mismatch)
    return saved is not None and mismatch.version != saved.version


def _has_ended(trace: Trace, run: int) -> bool:
    return any(isinstance(s, RunEndedStep) and s.run == run and s.completed for s in trace.steps)


def _name_of_saved(trace: Trace, saved: Saved) -> str | None:
    """The name of what a node saved; of a nameless view (``w.t()``, ``h[0]``) that of the tensor it looks at."""
    name_of = index_of(trace).name_of
    own = name_of(saved.tensor)
    if own is not None or saved.storage is None:
        return own
    sharing = [i for i, record in enumerate(trace.tensors) if record.storage == saved.storage and record.cut is None]
    return next((name for i in sharing if (name := name_of(i)) is not None), None)
