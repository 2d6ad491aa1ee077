"""The backward graph: the root on top, autograd nodes, leaves at the bottom.

Arrows follow ``next_functions``, the way gradients travel. A leaf stands for its AccumulateGrad.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.contract.trace import Trace
from engine.reading.index import TraceIndex
from engine.text.language import Translate
from graphviz_tools.graph import leaves
from graphviz_tools.graph.collapse import MAX_VERTICES, Part, choose
from graphviz_tools.graph.diagram import Arrow, Diagram, Vertex
from graphviz_tools.graph.fold import fold_leaves
from graphviz_tools.graph.views import words
from graphviz_tools.graph.views.clusters import scope_clusters
from graphviz_tools.graph.views.cuts import cut_drawing
from graphviz_tools.graph.views.roots import drawn, root_drawing, tops
from graphviz_tools.graph.views.saved import saved_drawing

MAX_WITH_SAVED = 16  # vertices, notes included, up to which saved tensors are drawn as notes
MAX_FRAMED = 200  # vertices up to which modules are frames
MAX_LABELLED = 60  # vertices up to which arrows keep room for the gradient's text


def backward(index: TraceIndex, _: Translate, run: int | None = None, most: int = MAX_VERTICES) -> Diagram:
    """The graph of the whole program, or of one run, put together until about ``most`` vertices are left.

    Without a node it has no vertices, or lone leaves of a run.
    """
    trace = index.trace
    chosen = range(len(trace.nodes)) if run is None else sorted(trace.runs[run].nodes)
    inner = [node for node in chosen if not leaves.is_leaf_node(trace, node)]
    found = tops(index, chosen, run)
    parts = choose(trace, inner, lambda parts: leaves.n_vertices(trace, parts, len(drawn(found, parts))), most)
    roots = drawn(found, parts)
    is_whole = all(part.kind == "node" for part in parts)
    by_leaf = leaves.users(trace, parts)
    inside = leaves.absorbed(by_leaf, parts)
    outside = {node: positions for node, positions in by_leaf.items() if node not in inside}
    places = leaves.places(outside, len(parts) + len(roots), is_collapsed=not is_whole)

    names = {node: part_id(part) for part in parts for node in part.nodes}
    names |= {node: part_id(parts[position]) for node, position in inside.items()}
    leaf_ids = {(p.node, user): place_id(trace, p) for p in places for user in p.users}
    vertices = [*_parts(index, parts, inside, {root.tensor for root in roots}, _), *_leaves(index, places, parts, _)]
    vertices.extend(_lone_leaves(index, chosen, by_leaf, _))
    arrows = _arrows(trace, parts, names, leaf_ids)
    more = root_drawing(index, roots, names, {p.node: place_id(trace, p) for p in reversed(places)}, _)
    vertices, arrows = [*more[0], *vertices], [*more[1], *arrows]
    n = len(vertices)
    if is_whole and n <= MAX_LABELLED:
        cuts = cut_drawing(index, inner, names, leaf_ids, places, _)
        vertices, arrows = vertices + cuts[0], arrows + cuts[1]
    if is_whole and n <= MAX_WITH_SAVED:
        saved = saved_drawing(index, inner, _)
        if n + len(saved[0]) <= MAX_WITH_SAVED:
            vertices, arrows = vertices + saved[0], arrows + saved[1]
    diagram = Diagram(
        vertices=tuple(vertices),
        arrows=tuple(arrows),
        clusters=scope_clusters(trace, vertices) if n <= MAX_FRAMED else (),
        notices=words.collapse_notices(len(inner), parts, places, _),
        has_arrow_labels=n <= MAX_LABELLED,
        run=run,
    )
    return fold_leaves(diagram, _)


def part_id(part: Part) -> str:
    return f"v-n{part.nodes[0]}" if part.kind == "node" else f"v-g{part.nodes[0]}"


def place_id(trace: Trace, place: leaves.LeafPlace) -> str:
    tensor = trace.nodes[place.node].variable
    stem = f"v-t{tensor}" if tensor is not None else f"v-n{place.node}"
    return stem if place.nth == 0 else f"{stem}-u{place.nth}"


def _parts(
    index: TraceIndex, parts: Sequence[Part], inside: dict[int, int], roots: set[int], _: Translate
) -> list[Vertex]:
    own: dict[int, list[int]] = {}
    for leaf, position in inside.items():
        own.setdefault(position, []).append(leaf)
    vertices: list[Vertex] = []
    for number, part in enumerate(parts):
        if part.kind == "node":
            node = part.nodes[0]
            lines = words.node_lines(index, node, roots, _)
            vertices.append(Vertex(part_id(part), "node", lines, words.node_title(index, node, _), True, (node,)))
        else:
            mine = own.get(number, [])
            lines = words.part_lines(index.trace, part, mine, _)
            nodes = (*part.nodes, *mine)
            vertices.append(Vertex(part_id(part), "group", lines, ", ".join(lines), True, nodes))
    return vertices


def _leaves(index: TraceIndex, places: Sequence[leaves.LeafPlace], parts: Sequence[Part], _: Translate) -> list[Vertex]:
    ids: dict[int, list[str]] = {}
    for place in places:
        ids.setdefault(place.node, []).append(place_id(index.trace, place))
    return [_leaf(index, place, tuple(ids[place.node]), _) for place in places]


def _leaf(index: TraceIndex, place: leaves.LeafPlace, ids: tuple[str, ...], _: Translate) -> Vertex:
    own = place_id(index.trace, place)
    return Vertex(
        own,
        "leaf",
        words.leaf_lines(index, place, _),
        words.leaf_title(index, place.node, _),
        has_badge=True,
        nodes=(place.node,),
        tensor=index.trace.nodes[place.node].variable,
        same_as=tuple(other for other in ids if other != own),
    )


def _lone_leaves(index: TraceIndex, chosen: Sequence[int], by_leaf: dict[int, list[int]], _: Translate) -> list[Vertex]:
    """Leaves that no drawn node leads to: AccumulateGrad nodes a run reached directly."""
    lone = [n for n in chosen if leaves.is_leaf_node(index.trace, n) and n not in by_leaf]
    return [_leaf(index, place, (), _) for place in (leaves.LeafPlace(node, ()) for node in lone)]


def _arrows(
    trace: Trace, parts: Sequence[Part], names: dict[int, str], leaf_ids: dict[tuple[int, int], str]
) -> list[Arrow]:
    """One arrow per edge between single nodes; between groups one for all edges from the one to the other."""
    merged: dict[tuple[str, str, int, int], list[tuple[int, int]]] = {}
    for position, part in enumerate(parts):
        source = part_id(part)
        for node in part.nodes:
            for nr, edge in enumerate(trace.nodes[node].next_functions):
                if edge.node is None:
                    continue
                target = leaf_ids.get((edge.node, position)) or names.get(edge.node)
                if target is None or target == source:
                    continue
                is_plain = part.kind == "node" and not target.startswith("v-g")
                key = (source, target, node, nr) if is_plain else (source, target, -1, -1)
                merged.setdefault(key, []).append((node, nr))
    return [
        Arrow(f"a-{edges[0][0]}-{edges[0][1]}", source, target, edges=tuple(edges))
        for (source, target, *_own), edges in merged.items()
    ]
