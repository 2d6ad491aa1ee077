"""Pictures from the one a reader wants down to one that can be laid out in no time.

NOTE [Rungs]
1. The picture as it is meant.
2. The same vertices, one straight arrow from each to each, found with less care.
3. At most 60 vertices, drawn like that.
4. A dozen stretches of the program, drawn like that.
One that is hopeless from the start is passed over, and after two that took too long only the last is tried: 5 s in
all. Below the last there is the player's table of the first rung's vertices, which needs no layout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from engine.text.language import N_, Translate
from graphviz_tools.graph.collapse import MAX_VERTICES, N_STRETCHES
from graphviz_tools.graph.diagram import Arrow, Diagram
from graphviz_tools.graph.effort import is_hopeless
from graphviz_tools.graph.views.flow import worst
from graphviz_tools.render.layout import LayoutError, TookTooLong

MOST_LATE = 2
T = TypeVar("T")


@dataclass(frozen=True)
class Rung:
    """How a picture is made simpler. ``why``: the sentence that says so."""

    most: int = MAX_VERTICES  # vertices
    is_plain: bool = False
    why: str = ""


PLAIN = N_("This graph has very many arrows: they are drawn straight, one for all edges from a vertex to another.")
SMALLER = N_("This graph is too dense to be drawn as it is: neighbouring nodes are put together. Every step is there.")
RUNGS = (Rung(), Rung(is_plain=True, why=PLAIN), Rung(60, True, SMALLER), Rung(N_STRETCHES, True, SMALLER))


def climb(diagram_at: Callable[[int], Diagram], draw: Callable[[Diagram], T], _: Translate) -> T | LayoutError:
    """What ``draw`` makes of the first diagram that can be laid out, else the reason why none could.

    ``diagram_at`` gives the diagram of at most so many vertices; ``draw`` raises LayoutError.
    """
    error = LayoutError(_("it is too dense."))
    made: dict[int, Diagram] = {}
    late: list[TookTooLong] = []
    for rung in RUNGS:
        if len(late) == MOST_LATE and rung is not RUNGS[-1]:
            continue
        if rung.most not in made:
            made[rung.most] = diagram_at(rung.most)
        diagram = plain(made[rung.most], _(rung.why)) if rung.is_plain else made[rung.most]
        if is_hopeless(diagram):
            continue
        try:
            return draw(diagram)
        except LayoutError as failed:
            error = failed
            if isinstance(failed, TookTooLong):
                late.append(failed)
    return error


def reason(error: LayoutError, _: Translate) -> str:
    """Why there is no picture at all, for the reader."""
    if isinstance(error, TookTooLong):
        text = _("Drawing this graph took more than {seconds} seconds, so it was stopped. The steps are all here.")
        return text.format(seconds=f"{error.seconds:g}")
    return _("This graph could not be drawn: {reason} The steps are all here.").format(reason=error)


def plain(diagram: Diagram, notice: str) -> Diagram:
    """The diagram without frames and without room for labels, its parallel arrows made one; ``notice`` says so."""
    parallel: dict[tuple[object, ...], list[Arrow]] = {}
    for arrow in diagram.arrows:
        parallel.setdefault((arrow.source, arrow.target, arrow.kind, arrow.root), []).append(arrow)
    return replace(
        diagram,
        arrows=tuple(map(_one_of, parallel.values())),
        clusters=(),
        notices=(notice, *diagram.notices),
        has_arrow_labels=False,
        is_plain=True,
    )


def _one_of(arrows: Sequence[Arrow]) -> Arrow:
    flows = [arrow.flow for arrow in arrows if arrow.flow is not None]
    edges = tuple(edge for arrow in arrows for edge in arrow.edges)
    return replace(arrows[0], edges=edges, flow=worst(flows) if flows else None)
