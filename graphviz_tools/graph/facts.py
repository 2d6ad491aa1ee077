"""What drawing looks up often, read off a trace once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.contract.trace import CalledStep, CallRecord, TensorState, Trace
from engine.reading.replay import Change, NodeChanged, TensorMade, transitions


@dataclass(frozen=True)
class Facts:
    """Look-ups over one trace. Every property is linear in the trace and computed once."""

    trace: Trace

    @cached_property
    def changes(self) -> tuple[tuple[Change, ...], ...]:
        """What changes at each step, from step 0 on."""
        return tuple(transitions(self.trace))

    @cached_property
    def node_made(self) -> dict[int, int]:
        """Node id -> the step that made it visible."""
        return self._first(NodeChanged, "node")

    @cached_property
    def tensor_made(self) -> dict[int, int]:
        """Tensor id -> the step at which it first appears."""
        return self._first(TensorMade, "tensor")

    @cached_property
    def call_step(self) -> dict[int, int]:
        """Call id -> its step."""
        return {s.call: k for k, s in enumerate(self.trace.steps, 1) if isinstance(s, CalledStep)}

    @cached_property
    def outputs(self) -> dict[int, tuple[TensorState, ...]]:
        """Node id -> states of the tensors whose grad_fn it is, one per tensor, in order of output_nr."""
        found: dict[int, dict[int, TensorState]] = {}
        for call in self.trace.calls:
            for state in states(call):
                if state.node is not None and not state.is_leaf:
                    found.setdefault(state.node, {}).setdefault(state.tensor, state)
        return {node: tuple(sorted(by.values(), key=lambda s: s.output_nr)) for node, by in found.items()}

    @cached_property
    def node_of_tensor(self) -> dict[int, int]:
        """Tensor id -> its latest grad_fn; for a leaf its AccumulateGrad."""
        leaves = ((node.variable, number) for number, node in enumerate(self.trace.nodes))
        found: dict[int, int] = {leaf: number for leaf, number in leaves if leaf is not None}
        for call in self.trace.calls:
            found.update((s.tensor, s.node) for s in states(call) if s.node is not None and not s.is_leaf)
        return found

    @cached_property
    def tracked(self) -> frozenset[int]:
        """Tensors that required grad at some time."""
        tracked = {state.tensor for call in self.trace.calls for state in states(call) if state.requires_grad}
        tracked.update(node.variable for node in self.trace.nodes if node.variable is not None)
        return frozenset(tracked)

    def required_grad(self, tensor: int, call: int) -> bool:
        """Whether the tensor required grad when a call took it."""
        told = self._required_grad.get(tensor)
        if told is None:
            return tensor in self.tracked
        at = bisect_left(told, (call, False))
        return told[max(at - 1, 0)][1]

    @cached_property
    def _required_grad(self) -> dict[int, list[tuple[int, bool]]]:
        """Tensor id -> (call, whether it required grad), in the order of calls."""
        found: dict[int, list[tuple[int, bool]]] = {}
        for number, call in enumerate(self.trace.calls):
            for state in states(call):
                found.setdefault(state.tensor, []).append((number, state.requires_grad))
        return found

    @cached_property
    def last_value(self) -> dict[int, TensorState]:
        """Tensor id -> the last state recorded of it."""
        return {state.tensor: state for call in self.trace.calls for state in states(call)}

    @cached_property
    def name_counts(self) -> dict[str, int]:
        """How many tensors carry each name: in a loop one name stands for many."""
        counts: dict[str, int] = {}
        for tensor in self.trace.tensors:
            if tensor.name is not None:
                counts[tensor.name] = counts.get(tensor.name, 0) + 1
        return counts

    def made_by(self, tensor: int) -> CallRecord | None:
        call = self.trace.tensors[tensor].call
        return None if call is None else self.trace.calls[call]

    def _first(self, kind: type, attribute: str) -> dict[int, int]:
        found: dict[int, int] = {}
        for step, changes in enumerate(self.changes):
            for change in changes:
                if isinstance(change, kind):
                    found.setdefault(getattr(change, attribute), step)
        return found


def states(call: CallRecord) -> Iterator[TensorState]:
    """States a call tells: of inputs first, then of outputs."""
    yield from call.seen
    yield from call.outputs
