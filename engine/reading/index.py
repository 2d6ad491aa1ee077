"""What a trace is asked often: when what happened, what a tensor was, what made it. Read off once.

A step is the number of steps done: 0 is before the program's first line, step ``k`` just after ``trace.steps[k - 1]``,
as in :mod:`engine.reading.replay`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from weakref import WeakValueDictionary

import msgspec

from engine.contract.trace import (
    AccumulatedStep,
    CalledStep,
    CallRecord,
    Failure,
    GradSetStep,
    Leaf,
    NodeRanStep,
    RunEndedStep,
    RunStartedStep,
    TensorState,
    Trace,
    Value,
)
from engine.program.source import Source, source_of
from engine.reading.birth import Birth
from engine.reading.naming import own_name
from engine.reading.predicates import is_zero
from engine.reading.replay import Change, NodeChanged, TensorMade, transitions
from engine.reading.why_none import WhyNones

PATIENCE = 1_000_000  # rows looked through in searches that are made for each of many things


class TraceIndex:
    """Look-ups over one trace, each worked out when first asked for, in time linear in the trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.is_worn_out = False  # a search was left out: not all there is to tell was looked for
        self.births: dict[int, Birth | None] = {}  # run -> where the first number that is not finite came from
        self._patience = PATIENCE
        self._sent: dict[int, dict[int, list[tuple[int, Value]]]] = {}

    def afresh(self) -> TraceIndex:
        """The index with all its patience, for one more rule to search in."""
        self._patience = PATIENCE
        return self

    def may(self, n: int) -> bool:
        """Whether ``n`` more rows may be looked through, for something that is searched anew for each of many things.

        Together at most PATIENCE for a rule. Beyond it a search is left out, and what it would have told is not told:
        so a recording made to be searched through for ever costs a second.
        """
        self._patience -= n
        self.is_worn_out = self.is_worn_out or self._patience < 0
        return self._patience >= 0

    @cached_property
    def source(self) -> Source:
        """The program's text."""
        return source_of(self.trace.program.source)

    @cached_property
    def node_of_leaf(self) -> dict[int, int]:
        """Leaf -> its AccumulateGrad; the first if there are several."""
        pairs = enumerate(self.trace.nodes)
        return {node.variable: number for number, node in reversed(tuple(pairs)) if node.variable is not None}

    @cached_property
    def last_states(self) -> dict[int, TensorState]:
        """Tensor -> its last recorded state, at the end."""
        return states_after(self, len(self.trace.steps))

    @cached_property
    def frozen(self) -> dict[int, int | None]:
        """Tensors whose ``requires_grad`` the program has switched off, and the line that did it."""
        found: dict[int, int | None] = {}
        for call in self.trace.calls:
            if call.name in ("requires_grad_", "requires_grad") and call.inputs and call.inputs[0].tensor is not None:
                if any(argument.text == "False" for argument in call.inputs[1:]):
                    found[call.inputs[0].tensor] = call.line
                else:
                    found.pop(call.inputs[0].tensor, None)
        return found

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
        return made_from(self.trace, *(root for root in roots if root is not None))

    @cached_property
    def within_functions(self) -> set[int]:
        """What the results of custom Functions were made from. Their ``forward`` runs without recording, and cuts
        nothing: the Function itself is the node."""
        trace = self.trace
        custom = (call for call in trace.calls if any(trace.nodes[node].is_custom for node in call.nodes))
        return made_from(trace, *(state.tensor for call in custom for state in call.outputs))

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
    def call_step(self) -> dict[int, int]:
        """Call -> its step."""
        return {step.call: k for k, step in enumerate(self.trace.steps, 1) if isinstance(step, CalledStep)}

    @cached_property
    def started(self) -> dict[int, int]:
        """Run -> the step it started at."""
        return {step.run: k for k, step in enumerate(self.trace.steps, 1) if isinstance(step, RunStartedStep)}

    @cached_property
    def ended(self) -> dict[int, tuple[int, RunEndedStep]]:
        """Run -> the step it ended at."""
        return {step.run: (k, step) for k, step in enumerate(self.trace.steps, 1) if isinstance(step, RunEndedStep)}

    @cached_property
    def ran(self) -> dict[int, dict[int, tuple[int, NodeRanStep]]]:
        """Run -> node -> the step at which it ran."""
        found: dict[int, dict[int, tuple[int, NodeRanStep]]] = {}
        for k, step in enumerate(self.trace.steps, 1):
            if isinstance(step, NodeRanStep):
                found.setdefault(step.run, {})[step.node] = (k, step)
        return found

    def sent_to(self, run: int) -> dict[int, list[tuple[int, Value]]]:
        """Node -> the nodes that passed a gradient to it in this run, and what they passed."""
        if run not in self._sent:
            sent: dict[int, list[tuple[int, Value]]] = {}
            for number, (_, step) in self.ran.get(run, {}).items():
                for edge, value in zip(self.trace.nodes[number].next_functions, step.grad_inputs, strict=False):
                    if edge.node is not None and value is not None:
                        sent.setdefault(edge.node, []).append((number, value))
            self._sent[run] = sent
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
        for k, step in enumerate(self.trace.steps, 1):
            if isinstance(step, AccumulatedStep):
                found.setdefault(step.tensor, []).append((k, step))
        return found

    @cached_property
    def updated(self) -> dict[int, list[int]]:
        """Leaf -> steps at which its numbers were changed: an optimizer's step, in place, through ``.data``."""
        leaves: set[int] = {node.variable for node in self.trace.nodes if node.variable is not None}
        memory = _Memory(self.trace, leaves)
        found: dict[int, list[int]] = {leaf: [] for leaf in leaves}
        patience = PATIENCE  # its own: who asks first does not matter
        for number, call in enumerate(self.trace.calls):
            changed = memory.changed_by(call)
            patience -= len(changed)
            self.is_worn_out = self.is_worn_out or patience < 0
            for leaf in changed if patience >= 0 else ():
                found[leaf].append(self.call_step.get(number, 0))
        return {leaf: sorted(steps) for leaf, steps in found.items()}

    @cached_property
    def cleared(self) -> dict[int, list[int]]:
        """Tensor -> steps at which its ``.grad`` was taken away or filled with zeros."""
        found: dict[int, list[int]] = {}
        for k, step in enumerate(self.trace.steps, 1):
            if isinstance(step, GradSetStep) and (step.after is None or is_zero(step.after)):
                found.setdefault(step.tensor, []).append(k)
            elif isinstance(step, CalledStep):
                for tensor in self._zeroed(self.trace.calls[step.call]):
                    found.setdefault(tensor, []).append(k)
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
        """Whether the numbers of its ``.grad`` were read from step ``first`` on and before ``last``, and there were
        some."""
        return _is_between(self._looks.get(tensor, ()), first - 1, last)

    @cached_property
    def _looks(self) -> dict[int, list[int]]:
        """Tensor -> steps at which its ``.grad`` was read for its numbers: not to clear it, which needs a read too."""
        found: dict[int, list[int]] = {}
        for read in self.trace.grad_reads:
            end = self._ends_of_clears.get(read.step + 1, read.step)
            if not read.is_none and not self.is_cleared_between(read.tensor, read.step, end + 1):
                found.setdefault(read.tensor, []).append(read.step)
        return {tensor: sorted(steps) for tensor, steps in found.items()}

    @cached_property
    def _ends_of_clears(self) -> dict[int, int]:
        """Step that cleared a gradient -> the last of those that follow it without anything between."""
        ends: dict[int, int] = {}
        for step in sorted({step for steps in self.cleared.values() for step in steps}, reverse=True):
            ends[step] = ends.get(step + 1, step)
        return ends

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
    def tracked(self) -> set[int]:
        """Tensors that required grad at some time."""
        tracked: set[int] = {state.tensor for call in self.trace.calls for state in states(call) if state.requires_grad}
        tracked.update(node.variable for node in self.trace.nodes if node.variable is not None)
        return tracked

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
        return (written & self._storage.keys()).union(*(self._leaves.get(storage, ()) for storage in storages))

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


_INDEXES: WeakValueDictionary[int, TraceIndex] = WeakValueDictionary()


def index_of(trace: Trace) -> TraceIndex:
    """The trace's index: the same one for everybody, as long as somebody holds it (it holds the trace)."""
    index = _INDEXES.get(id(trace))
    if index is None:
        index = _INDEXES[id(trace)] = TraceIndex(trace)
    return index


def states(call: CallRecord) -> Iterator[TensorState]:
    """States a call tells: of inputs first, then of outputs."""
    yield from call.seen
    yield from call.outputs


def states_after(index: TraceIndex, step: int) -> dict[int, TensorState]:
    """Tensor -> its last recorded state after so many steps."""
    last: dict[int, TensorState] = {}
    for number, call in enumerate(index.trace.calls):
        if index.call_step.get(number, 0) > step:
            break
        last.update((state.tensor, state) for state in states(call))
        own = call.inputs[0].tensor if call.name == "retain_grad" and call.inputs else None
        if own is not None and own in last:
            state = last[own]
            last[own] = TensorState(own, state.version, state.requires_grad, state.is_leaf, True, state.node)
    return last


def made_from(trace: Trace, *tensors: int) -> set[int]:
    """The tensors and everything they were calculated from."""
    seen, waiting = set(tensors), list(tensors)
    for current in waiting:
        waiting.extend(new_inputs(trace, current, seen))
    return seen


def new_inputs(trace: Trace, tensor: int, seen: set[int]) -> list[int]:
    """What the tensor was made from and ``seen`` does not have; it has it from now on."""
    call = trace.tensors[tensor].call
    inputs = () if call is None else (argument.tensor for argument in trace.calls[call].inputs)
    new: list[int] = list(dict.fromkeys(i for i in inputs if i is not None and i not in seen))
    seen.update(new)
    return new


def _is_between(positions: Sequence[int], first: int, last: int) -> bool:
    """Whether one of the ascending ``positions`` lies between the two."""
    following = bisect_right(positions, first)
    return following < len(positions) and positions[following] < last


def until(trace: Trace, step: int, failure: Failure) -> Trace:
    """The trace as it would be had ``failure`` ended the program after so many steps."""
    steps = trace.steps[:step]
    calls = max((done.call + 1 for done in steps if isinstance(done, CalledStep)), default=0)
    runs = max((done.run + 1 for done in steps if isinstance(done, RunStartedStep)), default=0)
    return msgspec.structs.replace(
        trace, steps=steps, calls=trace.calls[:calls], runs=trace.runs[:runs], failure=failure
    )


def is_complete(trace: Trace) -> bool:
    """Whether everything was recorded: no limit left out runs, calls or nodes."""
    return not any(omission.what in ("backward_runs", "calls", "nodes", "fault") for omission in trace.omissions)


def is_cut_short(trace: Trace) -> bool:
    """Whether more was left out than the backward runs past the budget."""
    return any(omission.what in ("calls", "nodes", "fault") for omission in trace.omissions)
