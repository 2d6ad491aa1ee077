"""Saved tensors as small notes beside the node that keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.contract.trace import NodeRecord, Saved
from engine.reading.index import TraceIndex
from engine.text.language import Translate
from graphviz_tools.graph.diagram import Arrow, Vertex
from graphviz_tools.graph.labels import elided, tensor_text
from graphviz_tools.value_table import shape_text, short_text

MAX_NOTES = 30


def saved_drawing(index: TraceIndex, nodes: Sequence[int], _: Translate) -> tuple[list[Vertex], list[Arrow]]:
    """A note for each different tensor a node saved: the same one saved twice is one note with two roles."""
    vertices: list[Vertex] = []
    arrows: list[Arrow] = []
    for node in nodes:
        for positions in same_saved(index.trace.nodes[node]):
            if len(vertices) >= MAX_NOTES:
                return vertices, arrows
            own = f"v-s{node}-{positions[0]}"
            lines = _lines(index, node, positions, _)
            title = _("saved by {node}: {what}").format(node=index.trace.nodes[node].name, what=", ".join(lines))
            vertices.append(Vertex(own, "saved", lines, title, True, nodes=(node,), saved=positions))
            arrows.append(Arrow(f"s-{node}-{positions[0]}", f"v-n{node}", own, "saved"))
    return vertices, arrows


def same_saved(node: NodeRecord) -> list[tuple[int, ...]]:
    """Positions of ``node.saved``, those of one tensor at one version together."""
    groups: dict[tuple[int | None, int | None], list[int]] = {}
    for position, saved in enumerate(node.saved):
        key = (saved.tensor, saved.version) if saved.tensor is not None else (None, position)
        groups.setdefault(key, []).append(position)
    return [tuple(group) for group in groups.values()]


def saved_name(index: TraceIndex, saved: Saved, _: Translate) -> str:
    """The program's name for a saved tensor, else its value or shape."""
    if saved.tensor is not None:
        return elided(tensor_text(index.trace, saved.tensor, _), 18)
    return short_text(saved.value, _) if saved.value is not None else "?"


def _lines(index: TraceIndex, node: int, positions: tuple[int, ...], _: Translate) -> tuple[str, ...]:
    record = index.trace.nodes[node]
    saved = record.saved[positions[0]]
    roles = ", ".join(record.saved[position].role for position in positions)
    name = saved_name(index, saved, _)
    if saved.value is not None and saved.tensor is None and name.startswith("norm"):
        name = shape_text(saved.value.shape, _)
    return (f"{roles} = {name}", _("version {version}").format(version=saved.version))
