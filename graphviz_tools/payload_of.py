"""Trace and Diagram to what the player gets: plain data, every step showable on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.contract.trace import NodeRanStep, RunStartedStep, Trace
from engine.explain.errors.cases.endings import is_asked_for
from engine.text.language import Language
from graphviz_tools.graph.diagram import Arrow, Vertex
from graphviz_tools.payload import Block, Payload, ShownArrow, ShownVertex
from graphviz_tools.story.appearance import built_at
from graphviz_tools.story.context import Stage
from graphviz_tools.story.inspector import card, grad_tracks
from graphviz_tools.story.legend import legend
from graphviz_tools.story.notices import notices
from graphviz_tools.story.runs import shown_runs, turns
from graphviz_tools.story.steps import shown_steps
from graphviz_tools.story.strings import player_strings
from graphviz_tools.story.timeline import bands, line_marks, marks
from graphviz_tools.story.tracks import Tracks, room_of, tracks

VERSION = 1


@dataclass(frozen=True)
class Picture:
    """What layout made of a diagram. ``svg`` None: ``reason`` says why there is nothing to see."""

    svg: str | None
    reason: str = ""


def payload_of(
    stage: Stage, draw: Callable[[dict[str, int]], Picture], *, run_key: str, language: Language, editable: bool
) -> Payload:
    """The whole payload. ``draw`` is given the room each badge and label needs; without a picture the steps
    are told all the same."""
    built = built_at(stage)
    woven = tracks(stage, built)
    picture = draw(room_of(woven))
    gradients = grad_tracks(stage)
    ran = _step_of_node(stage.trace)
    failure = len(stage.trace.steps) if stage.trace.failure is not None and stage.trace.steps else None
    opens_at = _opens_at(stage, failure)
    steps = shown_steps(stage, woven.lit, opens_at)
    vertices = {v.id: _vertex(stage, v, built, woven, card(stage, v, gradients), ran) for v in stage.diagram.vertices}
    return Payload(
        version=VERSION,
        run_key=run_key,
        source=stage.trace.program.source,
        stdout=stage.trace.stdout,
        steps=steps,
        values=stage.table.rows(),
        vertices=vertices,
        arrows={a.id: _arrow(a, built, woven) for a in stage.diagram.arrows},
        bands=bands(steps),
        marks=marks(stage),
        line_marks=line_marks(stage),
        strings=player_strings(stage._),
        legend=legend(stage),
        svg=picture.svg,
        no_picture=picture.reason,
        notices=notices(stage),
        start_step=opens_at,
        failure_step=None if is_asked_for(stage.trace) else failure,
        runs=shown_runs(stage.trace, stage._),
        turns=turns(stage.trace),
        drawn_run=stage.diagram.run,
        without_calls=stage.diagram.without_calls,
        editable=editable,
        language=language,
    )


def _opens_at(stage: Stage, failure: int | None) -> int:
    """Where the player opens: at the failure; else where the first backward starts, with the graph built;
    without a backward at the end of the program."""
    if failure is not None:
        return failure
    steps = stage.trace.steps
    return next((k for k, step in enumerate(steps, 1) if isinstance(step, RunStartedStep)), len(steps))


def _vertex(
    stage: Stage, vertex: Vertex, built: dict[str, int], woven: Tracks, blocks: tuple[Block, ...], ran: dict[int, int]
) -> ShownVertex:
    badge = woven.badges.get(vertex.id)
    return ShownVertex(
        kind=vertex.kind,
        title=vertex.title,
        built_at=built[vertex.id],
        line=_line(stage, vertex),
        step=_go_there(vertex, built, ran),
        states=woven.states[vertex.id].done(),
        badge=badge.done() if badge is not None else (),
        card=blocks,
        same_as=vertex.same_as,
        search=" ".join((*vertex.lines, vertex.title)).lower(),
    )


def _arrow(arrow: Arrow, built: dict[str, int], woven: Tracks) -> ShownArrow:
    return ShownArrow(
        source=arrow.source,
        target=arrow.target,
        kind=arrow.kind,
        built_at=built[arrow.id],
        label=woven.labels[arrow.id].done(),
        weight=woven.weights[arrow.id].done(),
    )


def _line(stage: Stage, vertex: Vertex) -> int | None:
    trace = stage.trace
    if vertex.call is not None:
        return trace.calls[vertex.call].line
    if vertex.tensor is not None:
        return trace.tensors[vertex.tensor].line
    return trace.nodes[vertex.nodes[0]].line if vertex.nodes else None


def _go_there(vertex: Vertex, built: dict[str, int], ran: dict[int, int]) -> int:
    """The step a double click leads to: the execution in a backward run, else the making."""
    return min((ran[node] for node in vertex.nodes if node in ran), default=built[vertex.id])


def _step_of_node(trace: Trace) -> dict[int, int]:
    found: dict[int, int] = {}
    for number, step in enumerate(trace.steps, 1):
        if isinstance(step, NodeRanStep):
            found.setdefault(step.node, number)
    return found
