"""What is said at each step: one walk over the trace, each step told without its neighbours."""

from __future__ import annotations

import codecs
from collections.abc import Container, Iterable, Iterator, Mapping

from typing_extensions import assert_never

from engine.contract.trace import (
    AccumulatedStep,
    CalledStep,
    FailedStep,
    GradSetStep,
    NodeRanStep,
    RunEndedStep,
    RunStartedStep,
    Step,
    Trace,
    Value,
)
from engine.reading.replay import Arrival
from graphviz_tools.payload import ShownStep, TextBlock
from graphviz_tools.story.brief import brief_step, told_in_full
from graphviz_tools.story.context import Stage
from graphviz_tools.story.step_context import Told
from graphviz_tools.story.steps_backward import (
    accumulated_step,
    failed_step,
    grad_set_step,
    node_step,
    run_ended_step,
    run_started_step,
)
from graphviz_tools.story.steps_forward import called_step


def shown_steps(stage: Stage, lit: Mapping[int, Iterable[str]], opens_at: int = 0) -> tuple[ShownStep, ...]:
    """Step 0 and one for each step of the trace, those of a very long one in full around ``opens_at`` and the ends."""
    return (_first(stage), *_tell(stage, lit, told_in_full(stage, opens_at)))


def _first(stage: Stage) -> ShownStep:
    _ = stage._
    text = _("Nothing has run yet. Step forward to watch the graph being built, then the gradients flow back.")
    if not stage.trace.steps:
        text = _("Nothing was recorded.")
    return ShownStep(_("before the first line"), "start", blocks=(TextBlock(text),), short=_("start"))


def _tell(stage: Stage, lit: Mapping[int, Iterable[str]], full: Container[int] | None) -> Iterator[ShownStep]:
    values: dict[int, Value | None] = {}
    arrivals: dict[tuple[int, int], list[Arrival]] = {}
    running: dict[int, None] = {}
    printed = list(_characters(stage.trace))
    for number, step in enumerate(stage.trace.steps, 1):
        if isinstance(step, RunStartedStep):
            running[step.run] = running.pop(step.run, None)
        for change in stage.index.changes[number]:
            if isinstance(change, Arrival):
                arrivals.setdefault((change.run, change.node), []).append(change)
        told = Told(
            line=_line(stage.trace, step, running),
            lit=tuple(lit.get(number, ())),
            printed=printed[number - 1],
            is_backward=bool(running),
            values=values,
        )
        brief = brief_step(stage, step, told) if full is not None and number not in full else None
        yield brief or _one(stage, step, told, arrivals)
        if isinstance(step, RunEndedStep):
            running.pop(step.run, None)
        if isinstance(step, CalledStep):
            call = stage.trace.calls[step.call]
            values.update((s.tensor, s.value) for s in (*call.seen, *call.outputs) if s.value is not None)


def _one(stage: Stage, step: Step, told: Told, arrivals: dict[tuple[int, int], list[Arrival]]) -> ShownStep:
    match step:
        case CalledStep(call=call):
            return called_step(stage, call, told)
        case RunStartedStep(run=run):
            return run_started_step(stage, run, told)
        case NodeRanStep():
            return node_step(stage, step, arrivals.pop((step.run, step.node), []), told)
        case AccumulatedStep():
            return accumulated_step(stage, step, told)
        case RunEndedStep():
            return run_ended_step(stage, step, told)
        case GradSetStep():
            return grad_set_step(stage, step, told)
        case FailedStep():
            return failed_step(stage, told)
        case _:
            assert_never(step)


def _line(trace: Trace, step: Step, running: dict[int, None]) -> int | None:
    match step:
        case CalledStep(call=call):
            own = trace.calls[call].line
            return own if own is not None or not running else trace.runs[next(reversed(running))].line
        case RunStartedStep(run=run) | RunEndedStep(run=run) | NodeRanStep(run=run) | AccumulatedStep(run=run):
            return trace.runs[run].line
        case GradSetStep(line=line):
            return line
        case FailedStep():
            return trace.failure.line if trace.failure is not None else None
        case _:
            assert_never(step)


def _characters(trace: Trace) -> Iterator[int]:
    """Characters of stdout written before each step; at the last one everything is shown."""
    data = trace.stdout.encode()
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    n_bytes = n_characters = 0
    for number, step in enumerate(trace.steps, 1):
        if step.printed > n_bytes:
            n_characters += len(decoder.decode(data[n_bytes : step.printed]))
            n_bytes = step.printed
        yield len(trace.stdout) if number == len(trace.steps) else min(n_characters, len(trace.stdout))
