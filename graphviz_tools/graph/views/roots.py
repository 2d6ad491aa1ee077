"""Roots: the tensors backward runs start from, drawn on top of their nodes with their value.

A result that no backward started from is drawn there too, but as a plain tensor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.contract.trace import Value
from engine.reading.index import TraceIndex
from engine.text.language import Translate
from graphviz_tools.graph.collapse import Part
from graphviz_tools.graph.diagram import Arrow, Vertex
from graphviz_tools.graph.leaves import is_leaf_node
from graphviz_tools.graph.views import words
from graphviz_tools.value_table import short_text

FEW = 60  # roots up to which each of a single node is drawn


@dataclass(frozen=True)
class Top:
    """A tensor to draw as a root, and the node its gradient goes to."""

    tensor: int
    node: int | None
    value: Value | None
    is_start: bool  # a run started here; else it is a result that nothing was made from since


def tops(index: TraceIndex, chosen: Sequence[int], run: int | None) -> tuple[Top, ...]:
    """All roots of the chosen nodes, by tensor: those runs started from, of a whole program its results as well."""
    trace, inside = index.trace, set(chosen)
    found: dict[int, Top] = {}
    for record in trace.runs if run is None else (trace.runs[run],):
        for root in record.roots:
            if root.tensor is not None and root.node in inside:
                found.setdefault(root.tensor, Top(root.tensor, root.node, root.value, True))
    if run is None:
        used = {edge.node for node in chosen for edge in trace.nodes[node].next_functions}
        started = {index.node_of_tensor.get(tensor) for tensor in found}
        for node in chosen:
            if node not in used and node not in started and not is_leaf_node(trace, node):
                for state in index.outputs.get(node, ())[:1]:
                    found.setdefault(state.tensor, _result(index, state.tensor))
    return tuple(found[tensor] for tensor in sorted(found))


def _result(index: TraceIndex, tensor: int) -> Top:
    state = index.last_value.get(tensor)
    return Top(tensor, index.node_of_tensor.get(tensor), state.value if state is not None else None, False)


def drawn(found: Sequence[Top], parts: Sequence[Part]) -> tuple[Top, ...]:
    """The roots to draw beside these parts. A group shows the last one, if possible one that a run started from;
    graphs put together because they look like another one show such a root alone."""
    part_of = {node: part for part in parts for node in part.nodes}
    is_many = len(found) > FEW
    last: dict[object, Top] = {}
    for top in sorted(found, key=lambda top: (top.is_start, top.tensor)):
        part = part_of.get(top.node) if top.node is not None else None
        if part is None or part.kind == "node":
            last[part if is_many and part is not None else top] = top
        elif part.kind != "twins" or top.is_start:
            last[part] = top
    return tuple(sorted(last.values(), key=lambda top: top.tensor))


def root_drawing(
    index: TraceIndex, roots: Sequence[Top], names: dict[int, str], leaf_ids: dict[int, str], _: Translate
) -> tuple[list[Vertex], list[Arrow]]:
    """A vertex for each root or result and an arrow to the node that made it."""
    vertices: list[Vertex] = []
    arrows: list[Arrow] = []
    for top in roots:
        own, value = f"v-t{top.tensor}", top.value
        title = _("{name}, root, value {value}") if top.is_start else _("{name}, result, value {value}")
        lines = words.root_lines(index, top.tensor, short_text(value, _) if value is not None else "?", _)
        title = title.format(name=lines[0], value=lines[1])
        kind = "root" if top.is_start else "tensor"
        vertices.append(Vertex(own, kind, lines, title, True, tensor=top.tensor, is_double=top.is_start))
        target = names.get(top.node) or leaf_ids.get(top.node) if top.node is not None else None
        if target is not None:
            arrows.append(Arrow(f"a-t{top.tensor}", own, target, root=top.tensor))
    return vertices, arrows
