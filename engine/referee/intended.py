"""Whether a gradient was wanted for a leaf that has none.

Many right programs hold leaves without a gradient: a target network used under no_grad, a branch not taken.
So one of these must speak for it: the program read ``.grad`` and got None; an optimizer that took a step was given
the leaf; the program itself asked for ``requires_grad`` and the leaf is used, or nowhere mentioned; or the leaf
belongs to a module of which other parameters got theirs, and no condition decides about its use.
"""

from __future__ import annotations

from engine.referee.history import History
from engine.referee.path import Cutting
from engine.referee.source import Source
from engine.trace import Leaf, Trace


def wants_gradient(trace: Trace, history: History, leaf: Leaf, place: Cutting | None) -> bool:
    if any(
        read.tensor == leaf.tensor and read.is_none and _after_a_run(history, read.step) for read in trace.grad_reads
    ):
        return True
    if "." in leaf.name:
        return _of_module(trace, history, leaf, place)
    if is_optimized(trace, leaf.tensor):
        return True
    if not _asked_for(trace, leaf):
        return False
    if place is not None:
        return place.tensor != leaf.tensor or place.cut not in ("detach", "data")  # said of the leaf itself: on purpose
    return _is_used(trace, leaf) or not any(True for _ in Source(trace.program.source).loads(leaf.name))


def made_on(trace: Trace, leaf: Leaf) -> int | None:
    """The line where a leaf was made: the call's, else of the assignment to its name or to its module's."""
    record = None if leaf.tensor is None else trace.tensors[leaf.tensor]
    if record is not None and record.line is not None:
        return record.line
    source, parts = Source(trace.program.source), leaf.name.split(".")
    names = [part for part in (*parts[1:], parts[0]) if not part.isdigit()]
    return next((line for name in names if (line := source.assigned(name)) is not None), None)


def is_optimized(trace: Trace, tensor: int | None) -> bool:
    """Whether an optimizer that took a step was given this tensor."""
    return tensor in optimized(trace)


def optimized(trace: Trace) -> tuple[int, ...]:
    """Tensors that require grad and that an optimizer which took a step was given."""
    steps = [call for call in trace.calls if call.function.startswith("torch.optim.")]
    return tuple(dict.fromkeys(state.tensor for call in steps for state in call.seen if state.requires_grad))


def _of_module(trace: Trace, history: History, leaf: Leaf, place: Cutting | None) -> bool:
    root, *path = leaf.name.split(".")
    if place is not None:
        return is_optimized(trace, leaf.tensor)
    source = Source(trace.program.source)
    took_part = any(other.name.startswith(root + ".") and other.tensor in history.accumulated for other in trace.leaves)
    return took_part and not any(source.conditional(part) for part in path if not part.isdigit())


def _after_a_run(history: History, step: int) -> bool:
    return any(history.ended[run][0] < step for run in history.completed)


def _asked_for(trace: Trace, leaf: Leaf) -> bool:
    """Whether the program itself made this tensor require grad; a parameter does so by itself."""
    record = None if leaf.tensor is None else trace.tensors[leaf.tensor]
    return record is None or record.kind in ("Tensor", "Parameter")


def _is_used(trace: Trace, leaf: Leaf) -> bool:
    """Whether a calculation used the leaf while recording was on."""
    calls = (call for call in trace.calls if call.grad_enabled and call.nodes)
    return any(argument.tensor == leaf.tensor for call in calls for argument in call.inputs)
