"""Which backward run a step belongs to, so that step, picture and choice of the run speak of the same moment."""

from __future__ import annotations

from collections.abc import Iterator

from engine.contract.trace import RunEndedStep, RunStartedStep, Trace
from engine.text.language import Translate
from graphviz_tools.graph.labels import tensor_text
from graphviz_tools.payload import ShownRun
from graphviz_tools.story.run_titles import run_titles


def shown_runs(trace: Trace, _: Translate) -> tuple[ShownRun, ...]:
    """The runs that were recorded whole, in order, each with the step where its backward starts."""
    started = [(k, step.run) for k, step in enumerate(trace.steps, 1) if isinstance(step, RunStartedStep)]
    titles = run_titles(trace, _)
    return tuple(ShownRun(run, k, titles[run], _about(trace, run, _)) for k, run in started if run in titles)


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
    open_runs: dict[int, None] = {}  # the innermost last
    told: int | None = None
    for (step, run, is_start), coming in zip(edges, _coming(edges)):
        if is_start:
            open_runs[run] = None
        else:
            open_runs.pop(run, None)
        current = next(reversed(open_runs), coming)
        if current != told:
            yield (0 if told is None else step + (not is_start)), current
            told = current


def _coming(edges: list[tuple[int, int, bool]]) -> list[int]:
    """For each edge the run that starts there or next; behind the last start the edge's own run."""
    found: list[int] = []
    later: int | None = None
    for _step, run, is_start in reversed(edges):
        later = run if is_start else later
        found.append(run if later is None else later)
    return found[::-1]


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
