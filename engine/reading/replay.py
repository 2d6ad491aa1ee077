"""The state of every node and tensor at a step: a pure function of ``(Trace, step)``.

:func:`transitions` gives what changes at each step, all steps together in linear time; :func:`snapshot`
folds them up to one step. Step 0 is before the program's first line; step ``k`` is just after
``trace.steps[k - 1]`` happened, and shows the node that ran then as *running*.

NOTE [Node states]
waiting: made, and something it needs has not arrived (or no run has reached it).
ready:   in the current run, everything that comes has arrived.
running: this step is its execution (for an AccumulateGrad: also the step that writes ``.grad``).
done:    it ran in the last run that reached it. A new run over the same graph starts it afresh.
failed:  it was running when the run raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Union

from typing_extensions import assert_never

from engine.contract.trace import (
    AccumulatedStep,
    CalledStep,
    FailedStep,
    GradSetStep,
    NodeRanStep,
    Root,
    RunEndedStep,
    RunStartedStep,
    Trace,
    Value,
)
from engine.contract.values import n_elements
from engine.reading import shared_memory

MOST_FOLLOWED = 64  # tensors with one version counter

NodeState = Literal["unmade", "waiting", "ready", "running", "done", "failed"]


@dataclass(frozen=True)
class Arrival:
    """One summand of a node's grad_outputs: what a run brought to it along one edge."""

    run: int
    node: int  # where it arrived
    input_nr: int  # which of the node's grad_outputs it adds to
    source: int | None  # the node that sent it; None: the run starts here
    edge: int  # position in the source's next_functions; of a start: in the run's roots
    value: Value | None  # None: the implicit 1 of a scalar root


@dataclass(frozen=True)
class NodeChanged:
    node: int
    state: NodeState


@dataclass(frozen=True)
class SavedFreed:
    """The node's saved tensors were given back."""

    node: int


@dataclass(frozen=True)
class TensorMade:
    tensor: int


@dataclass(frozen=True)
class VersionMoved:
    """An in-place write moved the version this tensor sees."""

    tensor: int
    version: int


@dataclass(frozen=True)
class GradChanged:
    tensor: int
    before: Value | None
    after: Value | None


Change = Union[NodeChanged, SavedFreed, TensorMade, VersionMoved, GradChanged, Arrival]


@dataclass(frozen=True)
class Grad:
    """A tensor's ``.grad``: nothing was ever computed, it was set to None, or it has a value."""

    kind: Literal["never", "none", "value"] = "never"
    value: Value | None = None


@dataclass(frozen=True)
class NodeSnapshot:
    state: NodeState = "unmade"
    keeps_saved: bool = True


@dataclass(frozen=True)
class TensorSnapshot:
    is_made: bool = False
    version: int = 0
    grad: Grad = Grad()


@dataclass(frozen=True)
class Snapshot:
    """Everything at one step. ``arrivals`` are those of the newest run that reached each node."""

    step: int
    nodes: tuple[NodeSnapshot, ...]
    tensors: tuple[TensorSnapshot, ...]
    arrivals: dict[int, tuple[Arrival, ...]] = field(default_factory=dict[int, tuple[Arrival, ...]])


def snapshot(trace: Trace, step: int) -> Snapshot:
    """The state after ``step`` steps. Raises: IndexError outside 0..len(trace.steps)."""
    if not 0 <= step <= len(trace.steps):
        raise IndexError(f"step {step} of a trace with {len(trace.steps)} steps")
    nodes = [NodeSnapshot()] * len(trace.nodes)
    tensors = [TensorSnapshot()] * len(trace.tensors)
    arrivals: dict[int, tuple[Arrival, ...]] = {}
    for _, changes in zip(range(step + 1), transitions(trace)):
        for change in changes:
            _apply(change, nodes, tensors, arrivals)
    return Snapshot(step, tuple(nodes), tuple(tensors), arrivals)


def transitions(trace: Trace) -> Iterator[tuple[Change, ...]]:
    """The changes of step 0 (none), 1, 2, ... len(trace.steps)."""
    yield ()
    replay = _Replay(trace)
    for position in range(len(trace.steps)):
        yield tuple(replay.at(position))


def _apply(
    change: Change, nodes: list[NodeSnapshot], tensors: list[TensorSnapshot], arrivals: dict[int, tuple[Arrival, ...]]
) -> None:
    match change:
        case NodeChanged(node=node, state=state):
            nodes[node] = replace(nodes[node], state=state)
        case SavedFreed(node=node):
            nodes[node] = replace(nodes[node], keeps_saved=False)
        case TensorMade(tensor=tensor):
            tensors[tensor] = replace(tensors[tensor], is_made=True)
        case VersionMoved(tensor=tensor, version=version):
            tensors[tensor] = replace(tensors[tensor], version=version)
        case GradChanged(tensor=tensor, after=after):
            grad = Grad("none") if after is None else Grad("value", after)
            tensors[tensor] = replace(tensors[tensor], grad=grad)
        case Arrival(node=node, run=run):
            kept = tuple(a for a in arrivals.get(node, ()) if a.run == run)
            arrivals[node] = (*kept, change)
        case _:
            assert_never(change)


def has_start(root: Root) -> bool:
    """Whether a gradient starts here: the one given, or the implicit 1 that only a single element has."""
    return root.gradient is not None or root.value is None or n_elements(root.value.shape, 2) == 1


def _followed(trace: Trace) -> dict[int, tuple[int, ...]]:
    """For each tensor those with its version counter; of very many those that some node has saved, and only so many
    that a loop which writes through a new view each round stays linear."""
    groups = shared_memory.version_counters(trace.tensors)
    if all(len(group) <= MOST_FOLLOWED for group in groups.values()):
        return groups
    saved = {kept.tensor for node in trace.nodes for kept in node.saved}
    chosen: dict[int, tuple[int, ...]] = {}  # by the first of the group
    for group in groups.values():
        if group[0] not in chosen:
            chosen[group[0]] = tuple(sorted(group, key=lambda tensor: tensor not in saved)[:MOST_FOLLOWED])
    return {tensor: tuple(dict.fromkeys((tensor, *chosen[group[0]]))) for tensor, group in groups.items()}


class _Replay:
    """Walks the steps once, remembering what each open run still has to bring."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._made_nodes: set[int] = set()
        self._made_tensors: set[int] = set()
        self._counters = _followed(trace)
        self._states: dict[int, NodeState] = {}
        self._freed: set[int] = set()
        self._expected: dict[int, dict[int, int]] = {}  # run -> node -> edges that have not brought anything yet
        self._begun: set[int] = set()
        self._settling: list[int] = []  # nodes shown running until something else happens

    def at(self, position: int) -> Iterator[Change]:
        step = self._trace.steps[position]
        if not self._continues(position):
            yield from self._settle()
        match step:
            case CalledStep(call=call):
                yield from self._called(call)
            case RunStartedStep(run=run):
                yield from self._started(run)
            case NodeRanStep():
                yield from self._ran(step)
            case AccumulatedStep(tensor=tensor, before=before, after=after, node=node):
                yield from self._make_tensors((tensor,))
                yield GradChanged(tensor, before, after)
                if node is not None:
                    yield from self._run_node(node)
            case RunEndedStep():
                yield from self._ended(step)
            case GradSetStep(tensor=tensor, before=before, after=after):
                yield from self._make_tensors((tensor,))
                yield GradChanged(tensor, before, after)
            case FailedStep():
                failure = self._trace.failure
                if failure is not None and failure.node is not None:
                    yield from self._set(failure.node, "failed")
            case _:
                assert_never(step)

    def _continues(self, position: int) -> bool:
        """Whether this step shows the same node at work as the one before."""
        step = self._trace.steps[position]
        return isinstance(step, AccumulatedStep) and step.node is not None and step.node in self._settling

    def _settle(self) -> Iterator[Change]:
        """What ran at the last step is done now, and gives back what it saved."""
        for node in self._settling:
            if self._states.get(node) == "running":
                yield from self._set(node, "done")
            if node in self._freed:
                yield SavedFreed(node)
        self._settling.clear()

    def _run_node(self, node: int) -> Iterator[Change]:
        yield from self._set(node, "running")
        if node not in self._settling:
            self._settling.append(node)

    def _set(self, node: int, state: NodeState) -> Iterator[Change]:
        if self._states.get(node) != state:
            self._states[node] = state
            self._made_nodes.add(node)
            yield NodeChanged(node, state)

    def _called(self, number: int) -> Iterator[Change]:
        call = self._trace.calls[number]
        for node in call.nodes:
            if node not in self._made_nodes:
                yield from self._set(node, "waiting")
        mentioned = [argument.tensor for argument in call.inputs if argument.tensor is not None]
        yield from self._make_tensors((*mentioned, *(state.tensor for state in (*call.seen, *call.outputs))))
        for change in call.in_place:
            yield from self._make_tensors((change.tensor,))
            for tensor in self._counters.get(change.tensor, (change.tensor,)):
                if tensor in self._made_tensors:
                    yield VersionMoved(tensor, change.version_after)
        written = {change.tensor for change in call.in_place}
        for state in (*call.seen, *call.outputs):
            if state.version and state.tensor not in written:
                yield VersionMoved(state.tensor, state.version)

    def _make_tensors(self, tensors: Sequence[int]) -> Iterator[Change]:
        for tensor in tensors:
            if tensor not in self._made_tensors:
                self._made_tensors.add(tensor)
                yield TensorMade(tensor)

    def _started(self, number: int) -> Iterator[Change]:
        run = self._trace.runs[number]
        if number in self._begun:  # a run starts once: a recording that says otherwise must not cost more
            return
        self._begun.add(number)
        inside = set(run.nodes)
        expected: dict[int, int] = dict.fromkeys(run.nodes, 0)
        for node in run.nodes:
            yield from self._set(node, "waiting")
            for edge in self._trace.nodes[node].next_functions:
                if edge.node is not None and edge.node in inside:
                    expected[edge.node] += 1
        self._expected[number] = expected
        for position, root in enumerate(run.roots):
            if root.tensor is not None:
                yield from self._make_tensors((root.tensor,))
            if root.node is not None and has_start(root):
                yield Arrival(number, root.node, root.output_nr, None, position, root.gradient)
                if expected.get(root.node, 0) == 0:
                    yield from self._set(root.node, "ready")

    def _ran(self, step: NodeRanStep) -> Iterator[Change]:
        node = self._trace.nodes[step.node]
        run = self._trace.runs[step.run]
        if node.variable is not None:
            yield from self._make_tensors((node.variable,))
        yield from self._run_node(step.node)
        if node.saved and not run.retain_graph:
            self._freed.add(step.node)
        expected = self._expected.get(step.run, {})
        for position, edge in enumerate(node.next_functions):
            if edge.node is None:
                continue
            value = step.grad_inputs[position] if position < len(step.grad_inputs) else None
            if value is not None:
                yield Arrival(step.run, edge.node, edge.input_nr, step.node, position, value)
            if edge.node in expected:
                expected[edge.node] -= 1
                if expected[edge.node] == 0:
                    yield from self._set(edge.node, "ready")

    def _ended(self, step: RunEndedStep) -> Iterator[Change]:
        expected = self._expected.pop(step.run, {})
        if step.failed_node is not None:
            yield from self._set(step.failed_node, "failed")
        if step.completed:
            for node in expected:
                if self._states.get(node) == "ready":
                    yield from self._set(node, "waiting")
