"""Roots: the tensors backward runs start from, drawn on top of their nodes with their value.

A result that no backward started from is drawn there too, but as a plain tensor.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import Translate
from engine.trace import Value
from graphviz_tools.diagram import Arrow, Vertex
from graphviz_tools.facts import Facts
from graphviz_tools.leaves import is_leaf_node
from graphviz_tools.values import short_text
from graphviz_tools.views import words


def root_tensors(facts: Facts, chosen: Sequence[int], run: int | None) -> tuple[int, ...]:
    """Tensors to draw as roots, by id: those runs started from, and results nothing was made from since."""
    trace = facts.trace
    runs = range(len(trace.runs)) if run is None else (run,)
    inside = set(chosen)
    found = {r.tensor for n in runs for r in trace.runs[n].roots if r.tensor is not None and r.node in inside}
    if run is None:
        used = {edge.node for node in chosen for edge in trace.nodes[node].next_functions}
        started = {facts.node_of_tensor.get(tensor) for tensor in found}
        for node in chosen:
            if node not in used and node not in started and not is_leaf_node(trace, node):
                found.update(state.tensor for state in facts.outputs.get(node, ())[:1])
    return tuple(sorted(found))


def root_drawing(facts: Facts, roots: Sequence[int], names: dict[int, str], leaf_ids: dict[int, str],
                 run: int | None, _: Translate) -> tuple[list[Vertex], list[Arrow]]:  # fmt: skip
    """A vertex for each root or result and an arrow to the node that made it."""
    vertices, arrows = [], []
    for tensor in roots:
        node, value, is_start = _start(facts, tensor, run)
        title = _("{name}, root, value {value}") if is_start else _("{name}, result, value {value}")
        lines = words.root_lines(facts, tensor, short_text(value, _) if value is not None else "?", _)
        title = title.format(name=lines[0], value=lines[1])
        kind = "root" if is_start else "tensor"
        vertices.append(Vertex(f"v-t{tensor}", kind, lines, title, True, tensor=tensor, is_double=is_start))
        target = names.get(node) or leaf_ids.get(node) if node is not None else None
        if target is not None:
            arrows.append(Arrow(f"a-t{tensor}", f"v-t{tensor}", target, root=tensor))
    return vertices, arrows


def _start(facts: Facts, tensor: int, run: int | None) -> tuple[int | None, Value | None, bool]:
    """(node, value, whether a run started here) of the first run from this tensor."""
    runs = facts.trace.runs if run is None else (facts.trace.runs[run],)
    for record in runs:
        for root in record.roots:
            if root.tensor == tensor:
                return root.node, root.value, True
    state = facts.last_value.get(tensor)
    return facts.node_of_tensor.get(tensor), state.value if state is not None else None, False
