"""What every part of a payload is made from: the index, the diagram, the values table, the language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from engine.contract.trace import AccumulatedStep, Mismatch, Trace, TrueGradient, Value
from engine.explain.errors.explain_error import explain
from engine.reading.index import TraceIndex
from engine.reading.shared_memory import same_storage
from engine.referee.finding import Finding
from engine.referee.findings import findings
from engine.referee.why import Reasons
from engine.text.language import Translate
from graphviz_tools.graph.diagram import Arrow, Diagram, Vertex
from graphviz_tools.graph.labels import elided
from graphviz_tools.value_table import ValueTable

MAX_SHARED_NAMES = 8  # told of tensors that share bytes


@dataclass(frozen=True)
class Stage:
    """A diagram about to be told step by step."""

    index: TraceIndex
    diagram: Diagram
    table: ValueTable
    _: Translate

    @property
    def trace(self) -> Trace:
        return self.index.trace

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the gradients of this run."""
        return findings(self.trace)

    @property
    def is_worn_out(self) -> bool:
        """Whether the recording was too long for every fault to be looked for."""
        _searched = self.findings
        return self.index.is_worn_out

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
        found = {t: self.vertex_of_node[n] for t, n in self.index.node_of_tensor.items() if n in self.vertex_of_node}
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
    def shared_names(self) -> dict[int, tuple[tuple[int, str], ...]]:
        """Storage id -> (tensor, name) of the first tensors with different names that point into it."""
        found: dict[int, dict[str, int]] = {}
        for storage, tensors in self.shared.items():
            for tensor in tensors:
                name = self.trace.tensors[tensor].name
                if name is not None and len(found.setdefault(storage, {})) <= MAX_SHARED_NAMES:
                    found[storage].setdefault(name, tensor)
        return {storage: tuple((tensor, name) for name, tensor in by.items()) for storage, by in found.items()}

    def sharing(self, tensor: int, until: int | None = None) -> tuple[str, ...]:
        """Names of the first other tensors that point into the same storage; ``until``: those made up to that step."""
        storage, made = self.trace.tensors[tensor].storage, self.index.tensor_made
        known = self.shared_names.get(storage, ()) if storage is not None else ()
        there = (name for other, name in known if other != tensor and (until is None or made.get(other, 0) <= until))
        return tuple(map(elided, there))[:MAX_SHARED_NAMES]

    @cached_property
    def tracked_storages(self) -> set[int | None]:
        """Storages of tensors that required grad at some time."""
        return {self.trace.tensors[tensor].storage for tensor in self.index.tracked}

    @cached_property
    def written_by(self) -> dict[int, dict[int, Value | None]]:
        """Run -> each tensor whose ``.grad`` it wrote, in order of writing, with what it holds afterwards."""
        found: dict[int, dict[int, Value | None]] = {}
        for step in self.trace.steps:
            if isinstance(step, AccumulatedStep):
                found.setdefault(step.run, {})[step.tensor] = step.after
        return found

    @cached_property
    def mismatches(self) -> dict[tuple[int, int], list[Mismatch]]:
        """(run, node) -> what the node reads in place of what it saved."""
        found: dict[tuple[int, int], list[Mismatch]] = {}
        for mismatch in self.trace.mismatches:
            found.setdefault((mismatch.run, mismatch.node), []).append(mismatch)
        return found

    @cached_property
    def true_gradients(self) -> dict[tuple[int, int], TrueGradient]:
        """(run, tensor) -> what is right, where that differs; of several the first."""
        return {(g.run, g.tensor): g for g in reversed(self.trace.true_gradients) if g.differs}

    @cached_property
    def explanation(self) -> tuple[str, str] | None:
        """What the program's error means and what cures it."""
        found = explain(self.trace)
        return None if found is None else found.text(self._)

    @cached_property
    def run_ends(self) -> tuple[int, ...]:
        """Steps just after which a run had ended."""
        return tuple(sorted(step for step, _ended in self.index.ended.values()))

    @cached_property
    def run_starts(self) -> tuple[int, ...]:
        """Steps at which a run started."""
        return tuple(sorted(self.index.started.values()))

    @cached_property
    def value_tracks(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """Drawn tensor id -> track of its value, as the calls told it."""
        drawn = {vertex.tensor for vertex in self.diagram.vertices}
        found: dict[int, list[tuple[int, int]]] = {}
        for number, step in self.index.call_step.items():
            call = self.trace.calls[number]
            for state in (*call.seen, *call.outputs):
                if state.value is not None and state.tensor in drawn:
                    found.setdefault(state.tensor, []).append((step, self.table.ref(state.value)))
        return {tensor: tuple(_distinct(sorted(track))) for tensor, track in found.items()}


def _distinct(track: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [entry for i, entry in enumerate(track) if i == 0 or track[i - 1][1] != entry[1]]
