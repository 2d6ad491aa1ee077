"""Module scopes as frames around what was made inside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.contract.trace import Trace
from engine.text.quoting import visible
from graphviz_tools.graph.diagram import Cluster, Vertex
from graphviz_tools.graph.labels import MAX_SCOPE


def scope_clusters(trace: Trace, vertices: Sequence[Vertex]) -> tuple[Cluster, ...]:
    """Nested clusters by module path, in order of first appearance; so many levels are framed as a path is told."""
    tree = _Branch()
    for vertex in vertices:
        scope = _scope(trace, vertex)
        if scope:
            branch = tree
            for name in scope:
                branch = branch.below.setdefault(name, _Branch())
            branch.vertices.append(vertex.id)
    return _clusters(tree, ())


@dataclass
class _Branch:
    """A module and what is inside."""

    vertices: list[str] = field(default_factory=list[str])
    below: dict[str, _Branch] = field(default_factory=lambda: dict[str, _Branch]())


def _scope(trace: Trace, vertex: Vertex) -> tuple[str, ...]:
    if vertex.kind not in ("node", "leaf", "saved") or not vertex.nodes:
        return ()
    scopes = {trace.nodes[node].scope for node in vertex.nodes}
    return scopes.pop()[:MAX_SCOPE] if len(scopes) == 1 else ()


def _clusters(branch: _Branch, path: tuple[str, ...]) -> tuple[Cluster, ...]:
    return tuple(
        Cluster(
            id=visible("k-" + "-".join((*path, name))),
            label=".".join((*path, name)),
            vertices=tuple(below.vertices),
            clusters=_clusters(below, (*path, name)),
        )
        for name, below in branch.below.items()
    )
