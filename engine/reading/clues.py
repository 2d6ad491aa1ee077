"""What a trace can tell about a failure: the tensor meant, who changed it, where the graph was cut."""

from __future__ import annotations

from dataclasses import dataclass

from engine.contract.trace import CallRecord, Cut, Failure, NodeRecord, Root, Saved, TensorRecord, Trace
from engine.reading.index import index_of, new_inputs
from engine.reading.naming import called


@dataclass(frozen=True)
class Written:
    """A call that wrote in place to the storage of a saved tensor."""

    name: str  # of the tensor as its node saved it
    node: NodeRecord
    call: CallRecord
    writes: str  # name of the tensor the call wrote to


@dataclass(frozen=True)
class CutPlace:
    """Where a tensor left the graph."""

    cut: Cut
    line: int | None
    name: str  # of the tensor whose graph was left


def failing_root(trace: Trace) -> Root | None:
    """The tensor the failed backward was started from."""
    runs = [run for run in trace.runs if run.roots]
    return runs[-1].roots[0] if runs else None


def root_tensor(trace: Trace) -> TensorRecord | None:
    root = failing_root(trace)
    return None if root is None or root.tensor is None else trace.tensors[root.tensor]


def written(trace: Trace, failure: Failure, expected: int) -> Written | None:
    """Who changed the saved tensor that the failing node complains about, noted at version ``expected``."""
    if failure.node is None:
        return None
    node = trace.nodes[failure.node]
    for saved in node.saved:
        if saved.version == expected and saved.storage is not None:
            found = _first_write(trace, node, saved)
            if found is not None:
                return found
    return None


def _first_write(trace: Trace, node: NodeRecord, saved: Saved) -> Written | None:
    first = 0 if node.call is None else node.call + 1
    for call in trace.calls[first:]:
        for change in call.in_place:
            if trace.tensors[change.tensor].storage == saved.storage and change.version_before != change.version_after:
                target = called(trace, change.tensor)
                own = called(trace, saved.tensor) if saved.tensor is not None else target
                return Written(own, node, call, target)
    return None


def cut_before(trace: Trace, tensor: int) -> CutPlace | None:
    """Where the graph behind ``tensor`` was cut: the nearest call, looking back through what it was made from."""
    index = index_of(trace)
    return _cut_behind(trace, tensor, index.tracked - index.frozen.keys(), set())


def _cut_behind(trace: Trace, tensor: int, needed: set[int], seen: set[int]) -> CutPlace | None:
    """``seen``: where an earlier search found nothing; this one adds what it saw."""
    waiting = [] if tensor in seen else [tensor]
    seen.add(tensor)
    for current in waiting:
        place = _cut_by_call(trace, current, needed)
        if place is not None:
            return place
        waiting.extend(new_inputs(trace, current, seen))
    return None


def _cut_by_call(trace: Trace, tensor: int, needed: set[int]) -> CutPlace | None:
    record = trace.tensors[tensor]
    if record.cut is not None and record.cut_from in needed:
        return CutPlace(record.cut, record.line, called(trace, record.cut_from))
    if record.call is None or tensor in needed:
        return None
    call = trace.calls[record.call]
    source = next((a.tensor for a in call.inputs if a.tensor in needed), None)
    if source is None:
        return None
    return CutPlace("not_differentiable" if call.grad_enabled else "no_grad", call.line, called(trace, source))


def number_taken(trace: Trace, before: int | None) -> CutPlace | None:
    """The last call up to line ``before`` that took plain numbers out of the graph: item(), tolist(), numpy()."""
    index, seen = index_of(trace), set[int]()
    needed, still_needed = index.tracked, index.tracked - index.frozen.keys()
    for call in reversed(trace.calls):
        source = next((a.tensor for a in call.inputs if a.tensor is not None), None)
        if call.cut not in ("item", "tolist", "numpy") or (before is not None and (call.line or 0) > before):
            continue
        if source in needed:
            return CutPlace(call.cut, call.line, called(trace, source))
        earlier = _cut_behind(trace, source, still_needed, seen) if source is not None else None
        if earlier is not None:
            return CutPlace(call.cut, call.line, earlier.name)
    return None
