"""When what happened: positions of calls, runs, gradients and changes of the leaves in a trace's steps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from engine.referee.numbers import is_zero
from engine.trace import (
    AccumulatedStep,
    CalledStep,
    CallRecord,
    Failure,
    GradRead,
    GradSetStep,
    RunEndedStep,
    RunStartedStep,
    Trace,
)  # fmt: skip


class History:
    """Positions in ``trace.steps`` by what happened there, worked out when first asked for."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    @cached_property
    def called(self) -> dict[int, int]:
        """Call -> its step."""
        return {step.call: i for i, step in enumerate(self.trace.steps) if isinstance(step, CalledStep)}

    @cached_property
    def started(self) -> dict[int, int]:
        """Run -> the step it started at."""
        return {step.run: i for i, step in enumerate(self.trace.steps) if isinstance(step, RunStartedStep)}

    @cached_property
    def ended(self) -> dict[int, tuple[int, RunEndedStep]]:
        """Run -> the step it ended at."""
        return {step.run: (i, step) for i, step in enumerate(self.trace.steps) if isinstance(step, RunEndedStep)}

    @cached_property
    def completed(self) -> tuple[int, ...]:
        """The outermost backward() runs that ended well."""
        runs = enumerate(self.trace.runs)
        return tuple(
            number
            for number, run in runs
            if run.kind == "backward"
            and run.parent is None
            and number in self.ended
            and self.ended[number][1].completed
        )

    @cached_property
    def accumulated(self) -> dict[int, list[tuple[int, AccumulatedStep]]]:
        """Tensor -> every time a gradient was written into its ``.grad``."""
        found: dict[int, list[tuple[int, AccumulatedStep]]] = {}
        for i, step in enumerate(self.trace.steps):
            if isinstance(step, AccumulatedStep):
                found.setdefault(step.tensor, []).append((i, step))
        return found

    @cached_property
    def updated(self) -> dict[int, list[int]]:
        """Leaf -> steps at which its numbers were changed: an optimizer's step, in place, through ``.data``."""
        leaves = {node.variable for node in self.trace.nodes if node.variable is not None}
        storages = {leaf: self.trace.tensors[leaf].storage for leaf in leaves}
        found: dict[int, list[int]] = {leaf: [] for leaf in leaves}
        for number, call in enumerate(self.trace.calls):
            for leaf in self._changed_by(call, storages):
                found[leaf].append(self.called.get(number, 0))
        return found

    def _changed_by(self, call: CallRecord, storages: dict[int, int | None]) -> Iterator[int]:
        tensors = self.trace.tensors
        if call.function.endswith(".data.__set__"):
            target, *new = [a.tensor for a in call.inputs if a.tensor is not None]
            if target in storages:
                storages[target] = tensors[new[0]].storage if new else storages[target]
                yield target
            return
        written = {change.tensor for change in call.in_place}
        memory = {tensors[tensor].storage for tensor in written} - {None}
        yield from (leaf for leaf, storage in storages.items() if leaf in written or storage in memory)

    @cached_property
    def cleared(self) -> dict[int, list[int]]:
        """Tensor -> steps at which its ``.grad`` was taken away or filled with zeros."""
        found: dict[int, list[int]] = {}
        for i, step in enumerate(self.trace.steps):
            if isinstance(step, GradSetStep) and (step.after is None or is_zero(step.after)):
                found.setdefault(step.tensor, []).append(i)
            elif isinstance(step, CalledStep):
                for tensor in self._zeroed(self.trace.calls[step.call]):
                    found.setdefault(tensor, []).append(i)
        return found

    def _zeroed(self, call: CallRecord) -> Iterator[int]:
        for change in call.in_place:
            owner = self.trace.tensors[change.tensor].grad_of
            states = (*call.seen, *call.outputs)
            if owner is not None and any(s.tensor == change.tensor and is_zero(s.value) for s in states):
                yield owner

    def is_cleared_between(self, tensor: int, first: int, last: int) -> bool:
        return any(first < i < last for i in self.cleared.get(tensor, ()))

    def is_updated_between(self, tensor: int, first: int, last: int) -> bool:
        return any(first < i < last for i in self.updated.get(tensor, ()))

    def looks(self, tensor: int) -> Iterator[GradRead]:
        """Reads of the tensor's ``.grad`` for its numbers: not to clear it, which needs a read as well."""
        for read in self.trace.grad_reads:
            if read.tensor == tensor and not self._is_to_clear(read):
                yield read

    def _is_to_clear(self, read: GradRead) -> bool:
        clears = {i: tensor for tensor, positions in self.cleared.items() for i in positions}
        position = read.step
        while position in clears:
            if clears[position] == read.tensor:
                return True
            position += 1
        return False

    def calls_before(self, position: int) -> int:
        """How many calls had returned when so many steps had been recorded."""
        return sum(isinstance(step, CalledStep) for step in self.trace.steps[:position])


def until(trace: Trace, position: int, failure: Failure) -> Trace:
    """The trace as it would be had ``failure`` ended the program after so many steps."""
    steps = trace.steps[:position]
    calls = max((step.call + 1 for step in steps if isinstance(step, CalledStep)), default=0)
    runs = max((step.run + 1 for step in steps if isinstance(step, RunStartedStep)), default=0)
    return msgspec.structs.replace(
        trace, steps=steps, calls=trace.calls[:calls], runs=trace.runs[:runs], failure=failure
    )


def is_complete(trace: Trace) -> bool:
    """Whether everything was recorded: no limit left out runs, calls or nodes."""
    return not any(omission.what in ("backward_runs", "calls", "nodes", "fault") for omission in trace.omissions)


def is_cut_short(trace: Trace) -> bool:
    """Whether more was left out than the backward runs past the budget."""
    return any(omission.what in ("calls", "nodes", "fault") for omission in trace.omissions)
