"""When what happened: positions of calls, runs, gradients and changes of the leaves in a trace's steps."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from engine.contract.trace import (
    AccumulatedStep,
    CalledStep,
    CallRecord,
    Failure,
    GradRead,
    GradSetStep,
    Leaf,
    NodeRanStep,
    RunEndedStep,
    RunStartedStep,
    TensorState,
    Trace,
    Value,
)
from engine.program.source import Source
from engine.reading import clues
from engine.reading.birth import Birth
from engine.reading.naming import own_name
from engine.reading.predicates import is_zero
from engine.reading.why_none import WhyNones

PATIENCE = 1_000_000  # rows looked through in searches that are made for each of many things


class History:
    """Positions in ``trace.steps`` by what happened there, worked out when first asked for."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._patience = PATIENCE
        self.births: dict[int, Birth | None] = {}  # run -> where the first number that is not finite came from
        self._sent: dict[int, dict[int, list[tuple[int, Value]]]] = {}

    def may(self, n: int) -> bool:
        """Whether ``n`` more rows may be looked through, for something that is searched anew for each of many things.

        Together at most PATIENCE. Beyond it a search is left out, and what it would have told is not told: so a
        recording made to be searched through for ever costs a second.
        """
        self._patience -= n
        return self._patience >= 0

    @cached_property
    def source(self) -> Source:
        """The program's text."""
        return Source(self.trace.program.source)

    @cached_property
    def node_of_leaf(self) -> dict[int, int]:
        """Leaf -> its AccumulateGrad; the first if there are several."""
        pairs = enumerate(self.trace.nodes)
        return {node.variable: number for number, node in reversed(tuple(pairs)) if node.variable is not None}

    @cached_property
    def last_states(self) -> dict[int, TensorState]:
        """Tensor -> its last recorded state, at the end."""
        return states_before(self, len(self.trace.steps) + 1)

    @cached_property
    def frozen(self) -> dict[int, int | None]:
        """Tensors whose ``requires_grad`` was switched off, and the line that did it."""
        return clues.frozen(self.trace)

    @cached_property
    def leaf_of(self) -> dict[int, Leaf]:
        """Tensor -> what is known of it at the end, where it is a leaf held by a name."""
        return {leaf.tensor: leaf for leaf in reversed(self.trace.leaves) if leaf.tensor is not None}

    @cached_property
    def none_reads(self) -> dict[int, int]:
        """Tensor -> the last step at which its ``.grad`` was read and found to be None."""
        return {read.tensor: read.step for read in self.trace.grad_reads if read.is_none}

    @cached_property
    def first_end(self) -> int | None:
        """The step at which the first backward() had ended well."""
        return min((self.ended[run][0] for run in self.completed), default=None)

    @cached_property
    def started_by_step(self) -> list[tuple[int, int]]:
        """(step, run) of every start, in order."""
        return sorted((step, run) for run, step in self.started.items())

    @cached_property
    def completed_by_end(self) -> list[tuple[int, int]]:
        """(step, run) of every end of an outermost backward() that ended well, in order."""
        return sorted((self.ended[run][0], run) for run in self.completed)

    @cached_property
    def why_nones(self) -> WhyNones:
        """Why gradients of leaves are None."""
        return WhyNones(self.trace)

    @cached_property
    def first_failed(self) -> int | None:
        """The first run that raised."""
        return next((run for run, (_, step) in self.ended.items() if not step.completed), None)

    def name_of(self, tensor: int | None) -> str | None:
        """The tensor's name, or that of the leaf it is at the end; None when the program never gave it one."""
        if tensor is None:
            return None
        leaf = self.leaf_of.get(tensor)
        return own_name(self.trace, tensor) or (None if leaf is None else leaf.name)

    @cached_property
    def behind_roots(self) -> set[int]:
        """Every tensor that the root of some run was calculated from."""
        roots = (root.tensor for run in self.trace.runs for root in run.roots)
        return clues.made_from(self.trace, *(root for root in roots if root is not None))

    @cached_property
    def within_functions(self) -> set[int]:
        """What the results of custom Functions were made from. Their ``forward`` runs without recording, and cuts
        nothing: the Function itself is the node."""
        trace = self.trace
        custom = (call for call in trace.calls if any(trace.nodes[node].is_custom for node in call.nodes))
        return clues.made_from(trace, *(state.tensor for call in custom for state in call.outputs))

    @cached_property
    def optimized(self) -> dict[int, None]:
        """Tensors that require grad and that an optimizer which took a step was given."""
        steps = [call for call in self.trace.calls if call.function.startswith("torch.optim.")]
        return dict.fromkeys(state.tensor for call in steps for state in call.seen if state.requires_grad)

    @cached_property
    def first_use(self) -> dict[int, int]:
        """Tensor -> the first call that took it."""
        calls = reversed(tuple(enumerate(self.trace.calls)))
        return {a.tensor: number for number, call in calls for a in call.inputs if a.tensor is not None}

    @cached_property
    def used_on_line(self) -> set[tuple[int | None, int | None]]:
        """(tensor, line of a call that took it)."""
        return {(argument.tensor, call.line) for call in self.trace.calls for argument in call.inputs}

    @cached_property
    def used_with_grad(self) -> set[int | None]:
        """Tensors that a calculation took while recording was on."""
        calls = (call for call in self.trace.calls if call.grad_enabled and call.nodes)
        return {argument.tensor for call in calls for argument in call.inputs}

    @cached_property
    def modules_that_took_part(self) -> set[str]:
        """First names in the paths of parameters that got a gradient."""
        names = (leaf.name for leaf in self.trace.leaves if leaf.tensor in self.accumulated)
        return {name.partition(".")[0] for name in names if "." in name}

    @cached_property
    def is_ever_updated(self) -> bool:
        """Whether the program changed the numbers of any leaf."""
        return any(self.updated.values())

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
    def ran(self) -> dict[int, dict[int, tuple[int, NodeRanStep]]]:
        """Run -> node -> the step at which it ran."""
        found: dict[int, dict[int, tuple[int, NodeRanStep]]] = {}
        for i, step in enumerate(self.trace.steps):
            if isinstance(step, NodeRanStep):
                found.setdefault(step.run, {})[step.node] = (i, step)
        return found

    def sent_to(self, run: int) -> dict[int, list[tuple[int, Value]]]:
        """Node -> the nodes that passed a gradient to it in this run, and what they passed."""
        if run not in self._sent:
            self._sent[run] = {}
            for number, (_, step) in self.ran.get(run, {}).items():
                for edge, value in zip(self.trace.nodes[number].next_functions, step.grad_inputs, strict=False):
                    if edge.node is not None and value is not None:
                        self._sent[run].setdefault(edge.node, []).append((number, value))
        return self._sent[run]

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
        leaves: set[int] = {node.variable for node in self.trace.nodes if node.variable is not None}
        memory = _Memory(self.trace, leaves)
        found: dict[int, list[int]] = {leaf: [] for leaf in leaves}
        for number, call in enumerate(self.trace.calls):
            changed = memory.changed_by(call)
            for leaf in changed if self.may(len(changed)) else ():
                found[leaf].append(self.called.get(number, 0))
        return {leaf: sorted(steps) for leaf, steps in found.items()}

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
        return _is_between(self.cleared.get(tensor, ()), first, last)

    def is_updated_between(self, tensor: int, first: int, last: int) -> bool:
        return _is_between(self.updated.get(tensor, ()), first, last)

    def is_looked_at_between(self, tensor: int, first: int, last: int) -> bool:
        """Whether the numbers of its ``.grad`` were read after ``first`` and up to ``last``, and there were some."""
        return _is_between(self._looks.get(tensor, ()), first, last + 1)

    @cached_property
    def _looks(self) -> dict[int, list[int]]:
        """Tensor -> steps at which its ``.grad`` was read for its numbers: not to clear it, which needs a read too."""
        found: dict[int, list[int]] = {}
        for read in self.trace.grad_reads:
            if not read.is_none and not self._is_to_clear(read):
                found.setdefault(read.tensor, []).append(read.step)
        return {tensor: sorted(steps) for tensor, steps in found.items()}

    @cached_property
    def _clears(self) -> dict[int, int]:
        """Step -> the tensor whose ``.grad`` it cleared."""
        return {i: tensor for tensor, positions in self.cleared.items() for i in positions}

    def _is_to_clear(self, read: GradRead) -> bool:
        position = read.step
        while position in self._clears and self.may(1):
            if self._clears[position] == read.tensor:
                return True
            position += 1
        return False


class _Memory:
    """Which leaves a call writes to, while ``x.data = y`` moves them about."""

    def __init__(self, trace: Trace, leaves: set[int]) -> None:
        self._tensors = trace.tensors
        self._storage = {leaf: trace.tensors[leaf].storage for leaf in leaves}
        self._leaves: dict[int | None, set[int]] = {}
        for leaf, storage in self._storage.items():
            self._leaves.setdefault(storage, set()).add(leaf)

    def changed_by(self, call: CallRecord) -> set[int]:
        if call.function.endswith(".data.__set__"):
            return self._moved([a.tensor for a in call.inputs if a.tensor is not None])
        written = {change.tensor for change in call.in_place}
        storages = {self._tensors[tensor].storage for tensor in written} - {None}
        return set().union(written & self._storage.keys(), *(self._leaves.get(storage, ()) for storage in storages))

    def _moved(self, given: Sequence[int]) -> set[int]:
        """``given``: the tensor whose ``.data`` is set, and what it is set to."""
        target = given[0] if given else None
        if target is None or target not in self._storage:
            return set()
        if len(given) > 1:
            self._leaves[self._storage[target]].discard(target)
            self._storage[target] = self._tensors[given[1]].storage
            self._leaves.setdefault(self._storage[target], set()).add(target)
        return {target}


def states_before(history: History, position: int) -> dict[int, TensorState]:
    """Tensor -> its last recorded state before so many steps had been recorded."""
    last: dict[int, TensorState] = {}
    for number, call in enumerate(history.trace.calls):
        if history.called.get(number, 0) >= position:
            break
        last.update((state.tensor, state) for state in (*call.seen, *call.outputs))
        own = call.inputs[0].tensor if call.name == "retain_grad" and call.inputs else None
        if own is not None and own in last:
            state = last[own]
            last[own] = TensorState(own, state.version, state.requires_grad, state.is_leaf, True, state.node)
    return last


def _is_between(positions: Sequence[int], first: int, last: int) -> bool:
    """Whether one of the ascending ``positions`` lies between the two."""
    following = bisect_right(positions, first)
    return following < len(positions) and positions[following] < last


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
