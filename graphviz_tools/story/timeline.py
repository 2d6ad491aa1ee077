"""Bands and marks of the timeline, and marks beside code lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.contract.trace import AccumulatedStep, CalledStep, FailedStep, Failure, RunEndedStep, Step
from engine.explain.errors.cases.endings import is_asked_for
from engine.explain.errors.stack import own_frames
from graphviz_tools.graph.labels import tensor_text
from graphviz_tools.graph.views.cuts import cut_text
from graphviz_tools.payload import Band, LineMark, Mark, ShownStep
from graphviz_tools.story.context import Stage
from graphviz_tools.story.findings import finding_line_marks, finding_marks, tells_failure


def bands(steps: Sequence[ShownStep]) -> tuple[Band, ...]:
    """Neighbouring steps of one phase together; the start and the end belong to no band."""
    found: list[Band] = []
    for number, step in enumerate(steps):
        if step.phase not in ("forward", "backward"):
            continue
        if found and found[-1].phase == step.phase and found[-1].last == number - 1:
            found[-1] = Band(step.phase, found[-1].first, number)
        else:
            found.append(Band(step.phase, number, number))
    return tuple(found)


def marks(stage: Stage) -> tuple[Mark, ...]:
    """In-place changes, cuts, gradients that add up, failures: one mark a step, the gravest."""
    found = (_mark(stage, number, step) for number, step in enumerate(stage.trace.steps, 1))
    marks = {mark.step: mark for mark in found if mark is not None}
    for mark in finding_marks(stage):
        known = marks.get(mark.step)
        if known is None or known.kind != "failure":
            marks[mark.step] = mark
    return tuple(marks[step] for step in sorted(marks))


def _mark(stage: Stage, number: int, step: Step) -> Mark | None:
    _, trace = stage._, stage.trace
    match step:
        case FailedStep() if not is_asked_for(trace):
            return Mark(
                number, "failure", trace.failure.type if trace.failure is not None else _("the program ended early")
            )
        case RunEndedStep(completed=False, error=error):
            return Mark(number, "failure", error or _("backward stops with an error"))
        case AccumulatedStep(tensor=tensor, before=before) if before is not None:
            return Mark(number, "accumulation", _("added to {name}.grad").format(name=tensor_text(trace, tensor, _)))
        case CalledStep(call=call):
            record = trace.calls[call]
            written = [change.tensor for change in record.in_place if _matters(stage, change.tensor)]
            if written:
                name = tensor_text(trace, written[0], _)
                return Mark(number, "mutation", _("{name} changed in place").format(name=name))
            if record.cut is not None and any(a.tensor in stage.index.tracked for a in record.inputs):
                return Mark(number, "cut", _("out of the graph: {how}").format(how=cut_text(record.cut, "")))
        case _:
            pass
    return None


def _matters(stage: Stage, tensor: int) -> bool:
    """Whether writing to a tensor can touch the graph: it takes part, or shares bytes with one that does."""
    storage = stage.trace.tensors[tensor].storage
    return tensor in stage.index.tracked or (storage is not None and storage in stage.tracked_storages)


def line_marks(stage: Stage) -> tuple[LineMark, ...]:
    """The referee's findings, and the line the program failed on: its meaning, unless a finding tells that."""
    return (*finding_line_marks(stage), *_failure_line(stage))


def _failure_line(stage: Stage) -> Iterator[LineMark]:
    failure = stage.trace.failure
    if failure is None or failure.line is None:
        return
    end = len(stage.trace.steps)
    telling = [finding for finding in stage.findings if tells_failure(finding, failure)]
    callers = list(dict.fromkeys(frame.line for frame in own_frames(stage.trace)[:-1] if frame.line != failure.line))
    if not any(finding.line == failure.line for finding in telling):
        text = "" if telling else _meaning(stage, failure)
        yield LineMark(failure.line, "error", text, parts=tuple(_called_from(stage, callers)), since=end)
    yield from (LineMark(line, "note", "", since=end) for line in callers if telling)


def _called_from(stage: Stage, callers: Sequence[int]) -> Iterator[tuple[str, int]]:
    """The lines whose calls led to the failing one, the nearest first."""
    for nth, line in enumerate(reversed(callers)):
        lines = ", ".join(map(str, reversed(callers)))
        yield stage._("called from line {lines}").format(lines=lines) if nth == 0 else "", line


def _meaning(stage: Stage, failure: Failure) -> str:
    return stage.explanation[0] if stage.explanation is not None else f"{failure.type}: {failure.message}"
