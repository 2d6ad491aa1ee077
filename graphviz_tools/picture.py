"""The one entry for pages, notebooks and exports: a trace in, a payload or DOT text out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Literal

import msgspec
from typing_extensions import assert_never

from engine.contract.trace import Trace
from engine.reading.index import TraceIndex, index_of
from engine.text.language import Language, Translate, translator
from graphviz_tools.graph.collapse import MAX_VERTICES
from graphviz_tools.graph.diagram import Diagram
from graphviz_tools.graph.views.backward import backward
from graphviz_tools.graph.views.combined import combined
from graphviz_tools.graph.views.flow import flow
from graphviz_tools.payload import Payload
from graphviz_tools.payload_of import Picture, payload_of
from graphviz_tools.render.dot import dot_of
from graphviz_tools.render.ladder import climb, reason
from graphviz_tools.render.layout import Layout, LayoutError, LaysOut
from graphviz_tools.render.theme import ThemeName
from graphviz_tools.story.context import Stage
from graphviz_tools.story.no_picture import why_no_picture
from graphviz_tools.value_table import ValueTable

View = Literal["backward", "combined"]

WHOLE = 16  # vertices up to which the graphs of all runs are drawn together


@cache
def shared_layout() -> Layout:
    """This process's layout; ``shared_layout().of(visitor)`` for a visitor's pictures.

    :meth:`Layout.warm` it at start-up, :meth:`Layout.close` it at the end.
    """
    return Layout()


def show(
    trace: Trace,
    *,
    view: View = "backward",
    language: Language = "en",
    _: Translate | None = None,
    editable: bool = False,
    run: int | None = None,
    tensor: int | None = None,
    layout: LaysOut | None = None,
) -> Payload:
    """Everything the player needs. ``run`` says whose graph to draw when those of all runs together
    are too much to read at once; steps always cover the whole program. ``tensor``: one to open at, selected, with
    what its gradient ended as. ``layout``: where the picture comes from, a visitor's turns at it.
    Never raises on an odd trace, a run or a tensor that it does not have, or a layout that fails: a picture that is
    too hard is drawn simpler (:mod:`graphviz_tools.render.ladder`), and where none can be drawn ``svg`` is None and
    ``no_picture`` says why."""
    _ = _ or translator(language)
    index, key = index_of(trace), run_key(trace)

    def told(diagram: Diagram, draw: Callable[[dict[str, int]], Picture]) -> Payload:
        stage = Stage(index, diagram, ValueTable(_), _)
        payload = payload_of(stage, draw, run_key=key, language=language, editable=editable)
        chosen = _known(tensor, trace.tensors)
        return payload if chosen is None else _opened_at(stage, payload, chosen)

    def drawn(diagram: Diagram) -> Payload:
        return told(diagram, partial(_draw, trace, diagram, layout or shared_layout(), _))

    diagram_at = partial(diagram_of, index, _, view, run)
    payload = climb(diagram_at, drawn, _)
    if not isinstance(payload, LayoutError):
        return payload
    no_picture = Picture(None, reason(payload, _))
    return told(diagram_at(), lambda _room: no_picture)


def _opened_at(stage: Stage, payload: Payload, tensor: int) -> Payload:
    """The payload opening at the end with a tensor selected; a tensor that is not drawn has the place of its reason."""
    reason = stage.reasons.of(tensor)
    place = None if reason is None or reason.node is None else stage.vertex_of_node.get(reason.node)
    vertex = stage.vertex_of_tensor.get(tensor, place)
    return msgspec.structs.replace(payload, start_vertex=vertex, start_step=len(payload.steps) - 1)


def dot_text(
    trace: Trace,
    *,
    view: View = "backward",
    _: Translate | None = None,
    run: int | None = None,
    theme: ThemeName | None = "light",
) -> str:
    """The picture as DOT text with torchviz's colours, for export."""
    return dot_of(diagram_of(index_of(trace), _ or translator("en"), view, run), theme)


def flow_picture(trace: Trace, run: int, *, _: Translate, theme: ThemeName, layout: LaysOut | None = None) -> Picture:
    """The graph of one run that stands still: each arrow says how large the gradient was that went along it."""
    index = index_of(trace)
    if _known(run, trace.runs) is None:
        return Picture(None, why_no_picture(trace, _))

    def drawn(diagram: Diagram) -> Picture:
        return _draw(trace, diagram, layout or shared_layout(), _, {}, theme)

    picture = climb(lambda most: flow(index, _, run, most), drawn, _)
    return Picture(None, reason(picture, _)) if isinstance(picture, LayoutError) else picture


def diagram_of(
    index: TraceIndex, _: Translate, view: View = "backward", run: int | None = None, most: int = MAX_VERTICES
) -> Diagram:
    """The diagram of a view: of the whole program where that is small or there is one run, else of one run."""
    run = _known(run, index.trace.runs)
    match view:
        case "backward":
            whole = backward(index, _, None, most)
            return backward(index, _, run, most) if _is_needed(index, whole, run) else whole
        case "combined":
            return combined(index, _, run, most)
        case _:
            assert_never(view)


def _known(number: int | None, records: Sequence[object]) -> int | None:
    """A number that comes from an address: None where the recording has no such thing."""
    return number if number is not None and 0 <= number < len(records) else None


def _is_needed(index: TraceIndex, whole: Diagram, run: int | None) -> bool:
    runs = index.trace.runs
    if run is None or len(runs) < 2 or not runs[run].nodes:
        return False
    return sum(vertex.kind not in ("saved", "cut") for vertex in whole.vertices) > WHOLE


def run_key(trace: Trace) -> str:
    """The same for the same recording, whatever the view and the language."""
    return hashlib.sha256(msgspec.msgpack.encode(trace)).hexdigest()[:16]


def _draw(
    trace: Trace, diagram: Diagram, layout: LaysOut, _: Translate, room: dict[str, int], theme: ThemeName | None = None
) -> Picture:
    if not diagram.vertices:
        return Picture(None, why_no_picture(trace, _))
    return Picture(layout.svg(dot_of(diagram, theme, room)))
