"""What varies in time for each vertex and arrow: tracks of states, badges and gradient labels.

A track is a list of (first step, content). All of them together take one walk over the changes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from engine.contract.trace import CalledStep, NodeRanStep, RunEndedStep, RunStartedStep, Value
from engine.reading.predicates import weight
from engine.reading.replay import Arrival, Change, GradChanged, NodeChanged, SavedFreed, VersionMoved, has_start
from engine.reading.shared_memory import overlap
from graphviz_tools.graph.diagram import BADGE, Vertex
from graphviz_tools.payload import State
from graphviz_tools.story.context import Stage
from graphviz_tools.value_table import short_text

T = TypeVar("T")

MAX_BADGE = 22  # characters the player shows of a badge


@dataclass
class Track(Generic[T]):
    """Contents from steps on; a repeated content is no entry."""

    entries: list[tuple[int, T]] = field(default_factory=list[tuple[int, T]])

    def put(self, step: int, content: T) -> None:
        if self.entries and self.entries[-1][0] >= step:  # a thing is never in a state before it is built
            step = self.entries.pop()[0]
        if not self.entries or self.entries[-1][1] != content:
            self.entries.append((step, content))

    def done(self) -> tuple[tuple[int, T], ...]:
        return tuple(self.entries)


@dataclass
class Tracks:
    """The tracks of one payload, by vertex and arrow id."""

    states: dict[str, Track[State]]
    badges: dict[str, Track[str]]
    labels: dict[str, Track[str]]
    weights: dict[str, Track[float]]
    # step -> arrows where a gradient moves
    lit: dict[int, dict[str, None]] = field(default_factory=dict[int, dict[str, None]])


def room_of(woven: Tracks) -> dict[str, int]:
    """Vertex or arrow id -> characters of the longest text it will ever carry: kept free, so that nothing moves."""
    both = {**woven.badges, **woven.labels}
    return {own: max((len(text) for _, text in track.entries), default=0) for own, track in both.items()}


def tracks(stage: Stage, built: dict[str, int]) -> Tracks:
    """All tracks; ``built`` gives the step at which each vertex and arrow comes into being."""
    weaver = _Weaver(stage, built)
    for step, changes in enumerate(stage.index.changes):
        weaver.take(step, changes)
    return weaver.tracks


class _Weaver:
    def __init__(self, stage: Stage, built: dict[str, int]) -> None:
        self._stage = stage
        self._trace = stage.trace
        ids = [vertex.id for vertex in stage.diagram.vertices]
        arrows = [arrow.id for arrow in stage.diagram.arrows]
        self.tracks = Tracks(
            {i: Track([(built[i], "waiting")]) for i in ids},
            {v.id: Track([(built[v.id], BADGE)]) for v in stage.diagram.vertices if v.has_badge},
            {i: Track() for i in arrows},
            {i: Track() for i in arrows},
        )
        self._of_node: dict[int, list[Vertex]] = {}
        self._saved_of: dict[int, list[Vertex]] = {}
        for vertex in stage.diagram.vertices:
            for node in vertex.nodes:
                (self._saved_of if vertex.kind == "saved" else self._of_node).setdefault(node, []).append(vertex)
        self._of_tensor: dict[int, list[Vertex]] = {}
        for vertex in stage.diagram.vertices:
            if vertex.tensor is not None:
                self._of_tensor.setdefault(vertex.tensor, []).append(vertex)
        self._calls = {v.call: v.id for v in stage.diagram.vertices if v.call is not None and v.kind == "call"}
        self._members: dict[str, Counter[str]] = {}
        self._state_of: dict[int, str] = {}
        self._begun: set[int] = set()
        self._finish: list[str] = []  # vertices that are running for one step only
        self._watch = _watched(stage)

    def take(self, step: int, changes: tuple[Change, ...]) -> None:
        for vertex in self._finish:
            self.tracks.states[vertex].put(step, "done")
        self._finish.clear()
        event = self._trace.steps[step - 1] if step else None
        if isinstance(event, RunStartedStep):
            self._start(step, event.run)
        elif isinstance(event, NodeRanStep):
            arrived = next((v for v in event.grad_outputs if v is not None), None)
            self._badge_node(step, event.node, arrived)
        elif isinstance(event, CalledStep):
            self._called(step, event.call)
        for change in changes:
            self._change(step, change)
        if isinstance(event, RunEndedStep):
            self._returned(step, event)
            self._refused(step, event)

    def _change(self, step: int, change: Change) -> None:
        if isinstance(change, NodeChanged):
            self._node(step, change)
        elif isinstance(change, SavedFreed):
            for vertex in self._saved_of.get(change.node, ()):
                self.tracks.states[vertex.id].put(step, "freed")
        elif isinstance(change, GradChanged):
            for vertex in self._of_tensor.get(change.tensor, ()):
                if vertex.kind in ("leaf", "tensor"):
                    self._badge(step, vertex.id, self._grad(change.after))
        elif isinstance(change, VersionMoved):
            text = self._stage._("now version {version}").format(version=change.version)
            for vertex in self._watch.by_tensor.get(change.tensor, ()):
                if change.version != self._saved_version(vertex):
                    self._badge(step, vertex.id, text)
        elif isinstance(change, Arrival):
            self._arrival(step, change)

    def _node(self, step: int, change: NodeChanged) -> None:
        if change.state == "unmade":
            return
        for vertex in self._of_node.get(change.node, ()):
            if vertex.kind == "group":
                self._group(step, vertex, change)
            elif vertex.kind != "root":
                self.tracks.states[vertex.id].put(step, change.state)
        self._state_of[change.node] = change.state
        for vertex in self._saved_of.get(change.node, ()):
            track = self.tracks.states[vertex.id]
            if track.entries[-1][1] != "freed" or change.state == "running":
                track.put(step, "running" if change.state == "running" else "ready")

    def _group(self, step: int, vertex: Vertex, change: NodeChanged) -> None:
        """A group runs while one of its nodes runs, and is done when all are; its badge counts them."""
        states = self._members.setdefault(vertex.id, Counter())
        before = self._state_of.get(change.node)
        if before is not None:
            states[before] -= 1
        states[change.state] += 1
        n_done, n = states["done"] + states["running"], len(vertex.nodes)
        state: State = "waiting"
        if states["failed"]:
            state = "failed"
        elif states["running"]:
            state = "running"
        elif states["done"] == n:
            state = "done"
        elif states["ready"] or states["done"]:
            state = "ready"
        self.tracks.states[vertex.id].put(step, state)
        if n_done or states["done"]:
            self._badge(step, vertex.id, f"{n_done} / {n}")

    def _start(self, step: int, number: int) -> None:
        run = self._trace.runs[number]
        if number in self._begun:
            return
        self._begun.add(number)
        for root in run.roots:
            for vertex in self._of_tensor.get(root.tensor, ()) if root.tensor is not None else ():
                if vertex.kind == "root":
                    self.tracks.states[vertex.id].put(step, "running")
                    if has_start(root):
                        self._badge(step, vertex.id, self._grad(root.gradient) if root.gradient else "grad 1")
                    self._finish.append(vertex.id)
        for node in run.nodes:  # a run over the same graph starts afresh
            for vertex in self._of_node.get(node, ()):
                if vertex.kind == "node":
                    self._badge(step, vertex.id, BADGE)
            for nr in range(len(self._trace.nodes[node].next_functions)):
                arrow = self._stage.arrow_of_edge.get((node, nr))
                if arrow is not None and self.tracks.labels[arrow.id].entries:
                    self.tracks.labels[arrow.id].put(step, "")
                    self.tracks.weights[arrow.id].put(step, 0.0)

    def _arrival(self, step: int, arrival: Arrival) -> None:
        if arrival.source is None:
            root = self._trace.runs[arrival.run].roots[arrival.edge]
            arrow = self._stage.arrow_of_root.get(root.tensor) if root.tensor is not None else None
        else:
            arrow = self._stage.arrow_of_edge.get((arrival.source, arrival.edge))
        if arrow is None:
            return
        text = self._short(arrival.value) if arrival.value is not None else "1"
        self.tracks.labels[arrow.id].put(step, text)
        self.tracks.weights[arrow.id].put(step, weight(arrival.value) if arrival.value is not None else 0.667)
        self.tracks.lit.setdefault(step, {})[arrow.id] = None

    def _badge_node(self, step: int, node: int, arrived: Value | None) -> None:
        for vertex in self._of_node.get(node, ()):
            if vertex.kind == "node":
                self._badge(step, vertex.id, self._grad(arrived))

    def _called(self, step: int, number: int) -> None:
        own = self._calls.get(number)
        if own is not None:
            self.tracks.states[own].put(step, "running")
            self._finish.append(own)
        for state in self._trace.calls[number].outputs:
            for vertex in self._of_tensor.get(state.tensor, ()):
                if vertex.kind == "tensor":
                    self.tracks.states[vertex.id].put(step, "done")
        for change in self._trace.calls[number].in_place:
            self._written(step, change.tensor)

    def _written(self, step: int, tensor: int) -> None:
        """Notes of saved tensors whose bytes a call wrote without their version moving."""
        storage = self._trace.tensors[tensor].storage
        for vertex in self._watch.by_storage.get(storage, ()) if storage is not None else ():
            is_later = step > self.tracks.badges[vertex.id].entries[0][0]  # not the call that saved it
            if is_later and self._overlaps(vertex, tensor):
                self._badge(step, vertex.id, self._stage._("bytes written"))

    def _overlaps(self, vertex: Vertex, tensor: int) -> bool:
        saved = self._trace.nodes[vertex.nodes[0]].saved[vertex.saved[0]]
        tensors = self._trace.tensors
        return saved.tensor is None or overlap(tensors[saved.tensor], tensors[tensor])

    def _returned(self, step: int, event: RunEndedStep) -> None:
        """torch.autograd.grad gives gradients back instead of writing ``.grad``."""
        for tensor, value in zip(self._trace.runs[event.run].inputs or (), event.returned):
            for vertex in self._of_tensor.get(tensor, ()):
                if vertex.kind == "leaf" and value is not None:
                    self._badge(step, vertex.id, f"∂ {self._short(value)}")
                    self.tracks.states[vertex.id].put(step, "running")
                    self._finish.append(vertex.id)

    def _refused(self, step: int, event: RunEndedStep) -> None:
        """A run that failed before any node ran failed at its roots."""
        if event.completed or event.failed_node is not None:
            return
        for root in self._trace.runs[event.run].roots:
            for vertex in self._of_tensor.get(root.tensor, ()) if root.tensor is not None else ():
                if vertex.kind == "root":
                    self.tracks.states[vertex.id].put(step, "failed")

    def _badge(self, step: int, vertex: str, text: str) -> None:
        track = self.tracks.badges.get(vertex)
        if track is not None and step >= track.entries[0][0]:
            track.put(step, text)

    def _saved_version(self, vertex: Vertex) -> int:
        return self._trace.nodes[vertex.nodes[0]].saved[vertex.saved[0]].version

    def _grad(self, value: Value | None) -> str:
        text = self._short(value)
        return f"grad {text}" if len(text) <= MAX_BADGE - 5 else text

    def _short(self, value: Value | None) -> str:
        return short_text(value, self._stage._)


@dataclass
class _Watched:
    """Notes by the tensor and by the storage they remember."""

    by_tensor: dict[int, list[Vertex]]
    by_storage: dict[int, list[Vertex]]


def _watched(stage: Stage) -> _Watched:
    watched = _Watched({}, {})
    for vertex in stage.diagram.vertices:
        if vertex.kind == "saved":
            saved = stage.trace.nodes[vertex.nodes[0]].saved[vertex.saved[0]]
            if saved.tensor is not None:
                watched.by_tensor.setdefault(saved.tensor, []).append(vertex)
            if saved.storage is not None:
                watched.by_storage.setdefault(saved.storage, []).append(vertex)
    return watched
