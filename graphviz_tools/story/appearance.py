"""When each vertex and arrow comes into being: the picture grows with the program."""

from __future__ import annotations

from graphviz_tools.graph.diagram import Vertex
from graphviz_tools.story.context import Stage


def built_at(stage: Stage) -> dict[str, int]:
    """Vertex and arrow id -> step. What the recording shows nowhere else is there from step 0."""
    built = {vertex.id: _vertex(stage, vertex) for vertex in stage.diagram.vertices}
    for arrow in stage.diagram.arrows:
        built[arrow.id] = max(built.get(arrow.source, 0), built.get(arrow.target, 0))
    return built


def _vertex(stage: Stage, vertex: Vertex) -> int:
    index = stage.index
    if vertex.call is not None:
        return index.call_step.get(vertex.call, 0)
    if vertex.tensor is not None:
        made = index.tensor_made.get(vertex.tensor)
        if made is not None:
            return made
    return min((index.node_made[node] for node in vertex.nodes if node in index.node_made), default=0)
