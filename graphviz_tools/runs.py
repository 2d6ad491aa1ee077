"""Which backward run a step belongs to, so that step, picture and choice of the run speak of the same moment."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import Translate
from engine.trace import RunEndedStep, RunStartedStep, Trace
from graphviz_tools.labels import tensor_text
from graphviz_tools.player.payload import ShownRun


def shown_runs(trace: Trace, _: Translate) -> tuple[ShownRun, ...]:
    """The runs that were recorded whole, in order, each with the step where its backward starts."""
    started = [(k, step.run) for k, step in enumerate(trace.steps, 1) if isinstance(step, RunStartedStep)]
    full = [(k, run) for k, run in started if trace.runs[run].is_full]
    title = _("Backward {number}")
    return tuple(ShownRun(run, k, title.format(number=n), _about(trace, run, _)) for n, (k, run) in enumerate(full, 1))


def first_step(trace: Trace, run: int) -> int:
    """The step where the backward of ``run`` starts; the last one where that was not recorded."""
    starts = (k for k, step in enumerate(trace.steps, 1) if isinstance(step, RunStartedStep) and step.run == run)
    return next(starts, len(trace.steps))


def turns(trace: Trace) -> tuple[tuple[int, int], ...]:
    """Track of the run that each step belongs to: the one under way, the innermost where one runs inside another;
    between two the one to come, since its graph is being built; after the last one the last. () without a run.
    """
    return tuple(_turns(list(_edges(trace))))


def _turns(edges: list[tuple[int, int, bool]]) -> Iterator[tuple[int, int]]:
    """``edges``: (step, run, whether it starts there) in order."""
    open_runs: list[int] = []
    told: int | None = None
    for position, (step, run, is_start) in enumerate(edges):
        if is_start:
            open_runs.append(run)
        elif run in open_runs:
            open_runs.remove(run)
        coming = next((later for _, later, starts in edges[position:] if starts), run)
        current = open_runs[-1] if open_runs else coming
        if current != told:
            yield (0 if told is None else step + (not is_start)), current
            told = current


def _edges(trace: Trace) -> Iterator[tuple[int, int, bool]]:
    for k, step in enumerate(trace.steps, 1):
        if isinstance(step, (RunStartedStep, RunEndedStep)) and trace.runs[step.run].is_full:
            yield k, step.run, isinstance(step, RunStartedStep)


def _about(trace: Trace, run: int, _: Translate) -> str:
    """Whose backward it is, and where it was asked for."""
    record = trace.runs[run]
    roots = ", ".join(tensor_text(trace, root.tensor, _) for root in record.roots if root.tensor is not None)
    line = "" if record.line is None else _("line {line}").format(line=record.line)
    return " · ".join(filter(None, (roots, line)))
