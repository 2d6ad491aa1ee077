"""What every part of a payload is made from: the facts, the diagram, the values table, the language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from engine.language import Translate
from engine.referee.finding import Finding
from engine.referee.findings import findings
from engine.referee.history import History
from engine.referee.why import Reasons
from engine.sharing import same_storage
from engine.trace import Trace
from graphviz_tools.diagram import Arrow, Diagram, Vertex
from graphviz_tools.facts import Facts
from graphviz_tools.values import ValueTable


@dataclass(frozen=True)
class Stage:
    """A diagram about to be told step by step."""

    facts: Facts
    diagram: Diagram
    table: ValueTable
    _: Translate

    @property
    def trace(self) -> Trace:
        return self.facts.trace

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the gradients of this run."""
        return findings(self.trace)

    @cached_property
    def history(self) -> History:
        """When what happened to each gradient."""
        return History(self.trace)

    @cached_property
    def reasons(self) -> Reasons:
        """Why a gradient is None, zero or not finite."""
        return Reasons(self.trace)

    @cached_property
    def vertex_of_node(self) -> dict[int, str]:
        """Node id -> the vertex that shows it; of a leaf drawn in several places, the first."""
        found: dict[int, str] = {}
        for vertex in self.diagram.vertices:
            if vertex.kind != "saved":
                for node in vertex.nodes:
                    found.setdefault(node, vertex.id)
        return found

    @cached_property
    def vertex_of_tensor(self) -> dict[int, str]:
        """Tensor id -> its own vertex (leaf, root, cut), else the vertex of its grad_fn."""
        found = {t: self.vertex_of_node[n] for t, n in self.facts.node_of_tensor.items() if n in self.vertex_of_node}
        for vertex in reversed(self.diagram.vertices):
            if vertex.tensor is not None:
                found[vertex.tensor] = vertex.id
        return found

    @cached_property
    def vertex_of_call(self) -> dict[int, str]:
        """Call id -> the vertex to look at when it returns."""
        return {vertex.call: vertex.id for vertex in self.diagram.vertices if vertex.call is not None}

    @cached_property
    def arrow_of_edge(self) -> dict[tuple[int, int], Arrow]:
        """(node, position in next_functions) -> the arrow its gradient travels along."""
        return {edge: arrow for arrow in self.diagram.arrows for edge in arrow.edges}

    @cached_property
    def arrow_of_root(self) -> dict[int, Arrow]:
        """Root tensor id -> the arrow from it."""
        return {arrow.root: arrow for arrow in self.diagram.arrows if arrow.root is not None}

    @cached_property
    def by_id(self) -> dict[str, Vertex]:
        return {vertex.id: vertex for vertex in self.diagram.vertices}

    @cached_property
    def shared(self) -> dict[int, tuple[int, ...]]:
        """Storage id -> the tensors that point into it, where there are several."""
        return same_storage(self.trace.tensors)

    @cached_property
    def value_tracks(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """Tensor id -> track of its value, as the calls told it."""
        found: dict[int, list[tuple[int, int]]] = {}
        for number, step in self.facts.call_step.items():
            call = self.trace.calls[number]
            for state in (*call.seen, *call.outputs):
                if state.value is not None:
                    found.setdefault(state.tensor, []).append((step, self.table.ref(state.value)))
        return {tensor: tuple(_distinct(sorted(track))) for tensor, track in found.items()}


def _distinct(track: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [entry for i, entry in enumerate(track) if i == 0 or track[i - 1][1] != entry[1]]
