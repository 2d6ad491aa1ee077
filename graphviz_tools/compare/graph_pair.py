"""Two graphs beside each other with their differences marked: a sign at each vertex, a sentence for each.

>>> SIGNS["gone"], SIGNS["new"], SIGNS["changed"], SIGNS["failed"]
('−', '+', '≠', '✕')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from typing_extensions import assert_never

from engine.contract.trace import NodeRecord, Trace
from engine.reading.index import TraceIndex, index_of
from engine.text.language import Translate
from graphviz_tools.compare.graph_diff import Aspect, Fate, GraphDiff, Pair, fates_of, final_grad, graph_diff
from graphviz_tools.graph.diagram import Diagram, Vertex
from graphviz_tools.graph.leaves import is_leaf_node
from graphviz_tools.graph.views import words
from graphviz_tools.graph.views.backward import backward
from graphviz_tools.render.dot import dot_of
from graphviz_tools.render.ladder import climb, reason
from graphviz_tools.render.layout import LayoutError, LaysOut
from graphviz_tools.story.no_picture import why_no_picture
from graphviz_tools.value_table import shape_text, short_text

Sign = Literal["gone", "new", "changed", "failed"]
SIGNS: dict[Sign, str] = {"gone": "−", "new": "+", "changed": "≠", "failed": "✕"}


@dataclass(frozen=True)
class Marked:
    """One of the two graphs. ``svg`` None: ``no_picture`` says why. Vertices: id -> (kind, title, sign or "")."""

    svg: str | None
    no_picture: str = ""
    vertices: tuple[tuple[str, str, str, Sign | Literal[""]], ...] = ()
    notices: tuple[str, ...] = ()  # how it was made simpler


@dataclass(frozen=True)
class Difference:
    """One line of the list below the graphs."""

    sign: Sign
    text: str


@dataclass(frozen=True)
class GraphPair:
    before: Marked
    after: Marked
    differences: tuple[Difference, ...]
    has_same_shape: bool


def graph_pair(before: Trace, after: Trace, layout: LaysOut, _: Translate) -> GraphPair:
    """Both backward graphs drawn, and what is different in words. Never raises: a picture may be missing."""
    diff = graph_diff(before, after)
    index = (index_of(before), index_of(after))
    drawn = (backward(index[0], _), backward(index[1], _))
    signs = (
        _node_signs(before, diff.only_before, "gone", [pair.before for pair in diff.changed]),
        _node_signs(after, diff.only_after, "new", [pair.after for pair in diff.changed]),
    )
    others = (_roots_and_cuts(index[0], drawn[0]), _roots_and_cuts(index[1], drawn[1]))

    def signs_of(side: int, diagram: Diagram) -> dict[str, Sign]:
        own, theirs = _roots_and_cuts(index[side], diagram), set(others[1 - side].values())
        return _vertex_signs(diagram, signs[side], own, theirs, "gone" if side == 0 else "new")

    marks = (signs_of(0, drawn[0]), signs_of(1, drawn[1]))
    return GraphPair(
        _marked(index[0], partial(signs_of, 0), layout, _),
        _marked(index[1], partial(signs_of, 1), layout, _),
        tuple(_counted(_told(index, drawn, marks, diff, _))),
        diff.has_same_shape,
    )


def _node_signs(trace: Trace, only: Iterable[int], sign: Sign, changed: Iterable[int]) -> dict[int, Sign]:
    found: dict[int, Sign] = dict.fromkeys(changed, "changed")
    for node in only:
        found[node] = sign
    for node, fate in enumerate(fates_of(trace)):
        if fate == "failed":
            found[node] = "failed"
    return found


def _roots_and_cuts(index: TraceIndex, diagram: Diagram) -> dict[str, tuple[object, ...]]:
    """Vertex id -> what it is known by in the other graph: a root by its name, a cut also by how it was cut."""
    tensors = index.trace.tensors
    return {
        vertex.id: (vertex.kind, tensors[vertex.tensor].name, tensors[vertex.tensor].cut, vertex.is_double)
        for vertex in diagram.vertices
        if vertex.tensor is not None and vertex.kind in ("root", "tensor", "cut")
    }


def _vertex_signs(
    diagram: Diagram, of_node: Mapping[int, Sign], own: Mapping[str, object], theirs: Collection[object], sign: Sign
) -> dict[str, Sign]:
    """A group of nodes is marked when one of them is; a note about a saved tensor when its node is the only one."""
    found: dict[str, Sign] = {}
    for vertex in diagram.vertices:
        signs = {of_node[node] for node in vertex.nodes if node in of_node}
        if vertex.id in own:
            if own[vertex.id] not in theirs:
                found[vertex.id] = sign
        elif vertex.kind == "saved":
            if sign in signs:
                found[vertex.id] = sign
        elif signs:
            found[vertex.id] = _sign_of_all([of_node.get(node) for node in vertex.nodes])
    return found


def _sign_of_all(signs: Sequence[Sign | None]) -> Sign:
    """The sign of a vertex that stands for several nodes."""
    if "failed" in signs:
        return "failed"
    first = signs[0]
    return first if first is not None and all(sign == first for sign in signs) else "changed"


def _marked(
    index: TraceIndex, signs_of: Callable[[Diagram], Mapping[str, Sign]], layout: LaysOut, _: Translate
) -> Marked:
    """The graph, drawn simpler where it is too hard, with the signs of the vertices that are drawn."""

    def draw(diagram: Diagram) -> Marked:
        if not diagram.vertices:
            return Marked(None, why_no_picture(index.trace, _))
        still = replace(diagram, vertices=tuple(map(_without_badge, diagram.vertices)), has_arrow_labels=False)
        svg, signs = layout.svg(dot_of(still)), signs_of(diagram)
        return Marked(
            svg,
            vertices=tuple((v.id, v.kind, v.title, signs.get(v.id, "")) for v in diagram.vertices),
            notices=diagram.notices,
        )

    marked = climb(lambda most: backward(index, _, None, most), draw, _)
    return Marked(None, reason(marked, _)) if isinstance(marked, LayoutError) else marked


def _without_badge(vertex: Vertex) -> Vertex:
    return replace(vertex, has_badge=False)


def _told(
    index: tuple[TraceIndex, TraceIndex],
    drawn: tuple[Diagram, Diagram],
    marks: tuple[dict[str, Sign], dict[str, Sign]],
    diff: GraphDiff,
    _: Translate,
) -> Iterator[Difference]:
    sides: tuple[tuple[int, tuple[int, ...], Sign], ...] = ((0, diff.only_before, "gone"), (1, diff.only_after, "new"))
    for side, only, sign in sides:
        where = _("only in the first graph") if side == 0 else _("only in the second graph")
        for node in only:
            yield Difference(sign, f"{_title(index[side], node, _)}: {where}")
        for vertex in drawn[side].vertices:
            if vertex.kind in ("root", "tensor", "cut") and vertex.id in marks[side]:
                yield Difference(sign, f"{vertex.title}: {where}")
    for pair in diff.changed:
        is_failed = "failed" in (fates_of(index[0].trace)[pair.before], fates_of(index[1].trace)[pair.after])
        told: list[Aspect] = [aspect for aspect in pair.differs if aspect != "fate" or "gradient" not in pair.differs]
        text = "; ".join(_aspect(index, pair, aspect, _) for aspect in told)
        yield Difference("failed" if is_failed else "changed", f"{_title(index[0], pair.before, _)}: {text}")


def _counted(differences: Iterable[Difference]) -> Iterator[Difference]:
    """The same difference of several nodes is said once, with their number."""
    for one, n in Counter(differences).items():
        yield one if n == 1 else replace(one, text=f"{one.text} (× {n})")


def _title(index: TraceIndex, node: int, _: Translate) -> str:
    return (words.leaf_title if is_leaf_node(index.trace, node) else words.node_title)(index, node, _)


def _aspect(index: tuple[TraceIndex, TraceIndex], pair: Pair, aspect: Aspect, _: Translate) -> str:
    """One difference of a node as a short text: "raised an error → ran"."""
    old, new = index[0].trace.nodes[pair.before], index[1].trace.nodes[pair.after]

    def both(text: str, before: str, after: str) -> str:
        return text.format(before=before, after=after)

    match aspect:
        case "edges":
            return _("leads to other nodes")
        case "shape":
            return both(_("shape {before} → {after}"), *(_shapes(node, _) for node in (old, new)))
        case "attributes":
            return both("{before} → {after}", *(_attributes(node) for node in (old, new)))
        case "saved":
            kept = (", ".join(saved.role for saved in node.saved) or _("nothing") for node in (old, new))
            return both(_("saves {before} → {after}"), *kept)
        case "fate":
            fates = (fates_of(index[0].trace)[pair.before], fates_of(index[1].trace)[pair.after])
            return both("{before} → {after}", *(_fate(fate, _) for fate in fates))
        case "gradient":
            grads = (final_grad(index[0].trace, pair.before), final_grad(index[1].trace, pair.after))
            return both(_("gradient {before} → {after}"), *(short_text(grad, _) for grad in grads))
        case _:
            assert_never(aspect)


def _shapes(node: NodeRecord, _: Translate) -> str:
    return " ".join(shape_text(shape, _) for shape in node.output_shapes)


def _attributes(node: NodeRecord) -> str:
    return ", ".join(f"{name} = {value}" for name, value in node.attributes) or "–"


def _fate(fate: Fate, _: Translate) -> str:
    match fate:
        case "failed":
            return _("raised an error")
        case "ran":
            return _("ran")
        case "not run":
            return _("not run")
        case _:
            assert_never(fate)
