"""The way from a leaf to a root through calls, and where the graph was cut on it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.contract.trace import CallRecord, Cut, TensorState, Trace
from engine.reading.index import TraceIndex
from engine.reading.naming import called

NUMBERS_OUT: tuple[Cut, ...] = ("item", "tolist", "numpy")


@dataclass(frozen=True)
class Cutting:
    """The call that took a tensor with a way back to the leaf out of the graph."""

    cut: Cut
    line: int | None
    tensor: int  # that was taken out
    name: str  # its name
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
        place = Cutting(_how(call), call.line, source, called(trace, source), live[source], step)
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
