"""Whether a gradient was wanted for a leaf that has none.

Many right programs hold leaves without a gradient: a target network used under no_grad, a branch not taken.
So one of these must speak for it: the program read ``.grad`` and got None; an optimizer that took a step was given
the leaf; the program itself asked for ``requires_grad`` and the leaf is used, or nowhere mentioned; or the leaf
belongs to a module of which other parameters got theirs, and no condition decides about its use.
"""

from __future__ import annotations

from engine.contract.trace import Leaf, Trace
from engine.reading.cuts import Cutting
from engine.reading.index import TraceIndex

MOST_PARTS = 32  # of a parameter's path


def wants_gradient(index: TraceIndex, leaf: Leaf, place: Cutting | None) -> bool:
    read = None if leaf.tensor is None else index.none_reads.get(leaf.tensor)
    if read is not None and index.first_end is not None and index.first_end <= read:
        return True
    if "." in leaf.name:
        return _of_module(index, leaf, place)
    if is_optimized(index, leaf.tensor):
        return True
    if not _asked_for(index.trace, leaf):
        return False
    if place is not None:
        return place.tensor != leaf.tensor or place.cut not in ("detach", "data")  # said of the leaf itself: on purpose
    return leaf.tensor in index.used_with_grad or not index.source.is_loaded(leaf.name)


def made_on(index: TraceIndex, leaf: Leaf) -> int | None:
    """The line where a leaf was made: the call's, else of the assignment to its name or to its module's."""
    record = None if leaf.tensor is None else index.trace.tensors[leaf.tensor]
    if record is not None and record.line is not None:
        return record.line
    parts = leaf.name.split(".")[:MOST_PARTS]
    names = [part for part in (*parts[1:], parts[0]) if not part.isdigit()]
    return next((line for name in names if (line := index.source.assigned(name)) is not None), None)


def is_optimized(index: TraceIndex, tensor: int | None) -> bool:
    """Whether an optimizer that took a step was given this tensor."""
    return tensor in index.optimized


def _of_module(index: TraceIndex, leaf: Leaf, place: Cutting | None) -> bool:
    root, *path = leaf.name.split(".")[:MOST_PARTS]
    if place is not None:
        return is_optimized(index, leaf.tensor)
    if root not in index.modules_that_took_part:
        return False
    return not any(index.source.conditional(part) for part in path if not part.isdigit())


def _asked_for(trace: Trace, leaf: Leaf) -> bool:
    """Whether the program itself made this tensor require grad; a parameter does so by itself."""
    record = None if leaf.tensor is None else trace.tensors[leaf.tensor]
    return record is None or record.kind in ("Tensor", "Parameter")
