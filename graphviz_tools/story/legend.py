"""The legend: only what is in the picture."""

from __future__ import annotations

from collections.abc import Iterator

from engine.text.language import N_
from graphviz_tools.graph.diagram import Diagram
from graphviz_tools.graph.views.words import SAME
from graphviz_tools.story.context import Stage

KINDS = (
    ("root", N_("root: backward starts here")),
    ("node", N_("autograd node: the backward of one operation")),
    ("group", N_("several nodes drawn as one")),
    ("leaf", N_("leaf: its gradient ends up in .grad")),
    ("tensor", N_("tensor")),
    ("call", N_("call: an operation of the program")),
    ("saved", N_("saved tensor: kept by its node for backward")),
    ("cut", N_("the graph was cut here")),
)
STATES = (
    ("waiting", N_("waiting")),
    ("ready", N_("ready: everything has arrived")),
    ("running", N_("running now")),
    ("done", N_("done")),
    ("failed", N_("failed")),
    ("freed", N_("freed")),
)
PENDING = N_("no gradient yet")
AGAIN = N_("a leaf that is drawn in several places")


def legend(stage: Stage) -> tuple[tuple[str, str], ...]:
    """(kind or state, text) of the kinds drawn and the states reached."""
    drawn = {vertex.kind for vertex in stage.diagram.vertices}
    has_runs = bool(stage.trace.runs)
    kinds = [(kind, stage._(text)) for kind, text in KINDS if kind in drawn]
    states = [(state, stage._(text)) for state, text in STATES if _is_reached(stage.diagram, stage, state, has_runs)]
    return (*kinds, *states, *_signs(stage)) if drawn else ()


def _signs(stage: Stage) -> Iterator[tuple[str, str]]:
    """The signs inside vertices that are no words."""
    vertices = stage.diagram.vertices
    if any(vertex.has_badge for vertex in vertices):
        yield "pending", stage._(PENDING)
    if any(line.startswith(f"{SAME} ") for vertex in vertices for line in vertex.lines):
        yield "same", stage._(AGAIN)


def _is_reached(diagram: Diagram, stage: Stage, state: str, has_runs: bool) -> bool:
    if state == "freed":
        return has_runs and any(vertex.kind == "saved" for vertex in diagram.vertices)
    if state == "failed":
        failure = stage.trace.failure
        return failure is not None and failure.node is not None
    return has_runs or state == "waiting"
