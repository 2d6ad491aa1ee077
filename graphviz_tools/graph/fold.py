"""Leaves put together where there are too many to draw: those that the same vertex leads to become one."""

from __future__ import annotations

from dataclasses import replace

from engine.text.language import Translate
from graphviz_tools.graph.collapse import MAX_VERTICES
from graphviz_tools.graph.diagram import Arrow, Diagram, Vertex

FEW = 3  # leaves of one vertex that stay themselves


def fold_leaves(diagram: Diagram, _: Translate) -> Diagram:
    """``diagram`` itself up to the number of vertices one picture can show, else with its leaves folded."""
    if len(diagram.vertices) <= MAX_VERTICES:
        return diagram
    source = {arrow.target: arrow.source for arrow in reversed(diagram.arrows)}
    families: dict[str, list[Vertex]] = {}
    for vertex in diagram.vertices:
        if vertex.kind == "leaf":
            families.setdefault(source.get(vertex.id, ""), []).append(vertex)
    folded = {leaf.id: _folded(family, _) for family in families.values() if len(family) > FEW for leaf in family}
    if not folded:
        return diagram
    groups = {vertex.id: vertex for vertex in folded.values()}
    kept = [vertex for vertex in diagram.vertices if vertex.id not in folded]
    notice = _("{n} leaves are too many for one picture: leaves that lead to the same place are drawn as one.")
    return replace(
        diagram,
        vertices=(*kept, *groups.values()),
        arrows=_merged(diagram.arrows, {leaf: group.id for leaf, group in folded.items()}),
        notices=(*diagram.notices, notice.format(n=len(folded))),
    )


def _folded(family: list[Vertex], _: Translate) -> Vertex:
    nodes = tuple(dict.fromkeys(node for leaf in family for node in leaf.nodes))
    shapes = {leaf.lines[-1] for leaf in family}
    count = _("{n} leaves").format(n=len(family))
    lines = (count, next(iter(shapes))) if len(shapes) == 1 else (count,)
    return Vertex(f"v-g{nodes[0]}", "group", lines, ", ".join(lines), True, nodes)


def _merged(arrows: tuple[Arrow, ...], moved: dict[str, str]) -> tuple[Arrow, ...]:
    """Arrows to folded leaves lead to their group; several from one vertex become one."""
    result: dict[tuple[str, str, str], Arrow] = {}
    for arrow in arrows:
        target = moved.get(arrow.target)
        if target is None:
            result[arrow.id, "", ""] = arrow
            continue
        key = (arrow.source, target, arrow.kind)
        known = result.get(key)
        edges = arrow.edges if known is None else known.edges + arrow.edges
        result[key] = replace(known or arrow, target=target, edges=edges)
    return tuple(result.values())
