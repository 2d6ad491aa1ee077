"""What a trace can tell about a failure: the tensor meant, and who changed it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.contract.trace import CallRecord, Failure, NodeRecord, Root, Saved, TensorRecord, Trace
from engine.reading.naming import called


@dataclass(frozen=True)
class Written:
    """A call that wrote in place to the storage of a saved tensor."""

    name: str  # of the tensor as its node saved it
    node: NodeRecord
    call: CallRecord
    writes: str  # name of the tensor the call wrote to


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
