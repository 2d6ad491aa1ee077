"""Where the graph was cut: on the way from a leaf to a root, or behind a tensor that has none."""

from __future__ import annotations

from dataclasses import dataclass

from engine.contract.trace import CallRecord, Cut, TensorState, Trace
from engine.reading.index import TraceIndex, index_of, new_inputs
from engine.reading.naming import called

NUMBERS_OUT: tuple[Cut, ...] = ("item", "tolist", "numpy")


@dataclass(frozen=True)
class CutPlace:
    """Where a tensor left the graph."""

    cut: Cut
    line: int | None
    name: str  # of the tensor whose graph was left


@dataclass(frozen=True)
class Cutting(CutPlace):
    """The call that took a tensor with a way back to the leaf out of the graph."""

    tensor: int  # that was taken out
    node: int | None  # of that tensor, the last one of the graph
    step: int


def cutting(index: TraceIndex, leaf: int) -> Cutting | None:
    """The first call that cut the way from ``leaf`` to a root of a backward; None when nothing did."""
    trace, first = index.trace, index.first_use.get(leaf)
    if first is None or not index.may(len(trace.calls) - first):
        return None
    wanted, within = index.behind_roots, index.within_functions
    live = {leaf: index.node_of_leaf.get(leaf)}
    last_number: Cutting | None = None
    for number in range(first, len(trace.calls)):
        call = trace.calls[number]
        source = next((a.tensor for a in call.inputs if a.tensor in live), None)
        if source is None:
            continue
        step = index.call_step.get(number, 0)
        place = Cutting(_how(call), call.line, called(trace, source), source, live[source], step)
        for state in call.outputs:
            if _is_live(trace, call, state):
                live[state.tensor] = state.node
            elif call.frame == "forward" and not call.grad_enabled and state.tensor in within:
                live[state.tensor] = live[source]
            elif state.tensor in wanted and state.tensor not in live:
                return place
        if call.cut in NUMBERS_OUT and not call.outputs and last_number is None:
            last_number = place
    return last_number if last_number is not None and _takes_numbers(trace, wanted) else None


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
    return CutPlace(_how(call), call.line, called(trace, source))


def number_taken(trace: Trace, before: int | None) -> CutPlace | None:
    """The last call up to line ``before`` that took plain numbers out of the graph: item(), tolist(), numpy()."""
    index, seen = index_of(trace), set[int]()
    needed, still_needed = index.tracked, index.tracked - index.frozen.keys()
    for call in reversed(trace.calls):
        source = next((a.tensor for a in call.inputs if a.tensor is not None), None)
        if call.cut is None or call.cut not in NUMBERS_OUT or (before is not None and (call.line or 0) > before):
            continue
        if source in needed:
            return CutPlace(call.cut, call.line, called(trace, source))
        earlier = _cut_behind(trace, source, still_needed, seen) if source is not None else None
        if earlier is not None:
            return CutPlace(call.cut, call.line, earlier.name)
    return None


def _is_live(trace: Trace, call: CallRecord, state: TensorState) -> bool:
    return state.requires_grad and not (state.is_leaf and call.cut is not None)


def _how(call: CallRecord) -> Cut:
    return call.cut or ("not_differentiable" if call.grad_enabled else "no_grad")


def _takes_numbers(trace: Trace, wanted: set[int]) -> bool:
    """Whether what a root was calculated from was made of plain numbers after the start of the program's graph."""
    return any(
        call.nodes == () and any(state.tensor in wanted for state in call.outputs) and call.name in MADE_OF_NUMBERS
        for call in trace.calls
    )


MADE_OF_NUMBERS = {"tensor", "as_tensor", "from_numpy", "full", "mul", "add", "sub", "div", "FloatTensor"}
