"""``w = w - lr * w.grad``: the name of a leaf now holds a result, which gets no ``.grad`` of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.contract.ids import TensorId
from engine.contract.trace import Trace
from engine.explain.errors.explanation import Explanation, said
from engine.reading.index import TraceIndex, index_of, made_from
from engine.referee.finding import Finding, Role
from engine.text.language import N_

MOST_OWNERS = 64  # gradients that one result is calculated from and that are looked at


@dataclass(frozen=True)
class Rebinding:
    """A leaf's name given to a tensor calculated from the leaf and its gradient, and then used as if it were one."""

    leaf: int
    tensor: int  # the result
    line: int | None
    step: int
    requires_grad: bool


def findings(trace: Trace) -> tuple[Finding, ...]:
    """One finding for each line that does it."""
    found = {rebinding.line: rebinding for rebinding in reversed(rebindings(trace))}
    return tuple(_finding(trace, rebinding) for rebinding in found.values())


def rebindings(trace: Trace) -> tuple[Rebinding, ...]:
    """Every such result that the program went on to use as a leaf, in the order they were made."""
    if not any(tensor.grad_of is not None for tensor in trace.tensors):
        return ()
    index, made_leaf = index_of(trace).afresh(), _made_leaf(trace)
    found: list[Rebinding] = []
    for number, owners in _made_of_gradients(trace).items():
        tensor = trace.tensors[number]
        leaf = None if number in made_leaf else _updated_leaf(index, number, owners)
        if leaf is not None and tensor.call is not None and _is_used_as_leaf(index, number):
            state = next(s for s in trace.calls[tensor.call].outputs if s.tensor == number)
            step = index.call_step.get(tensor.call, 0)
            found.append(Rebinding(leaf, number, tensor.line, step, state.requires_grad))
    return tuple(found)


def _made_leaf(trace: Trace) -> set[int]:
    """Tensors that the program made leaves that require grad later, or told to keep their gradient."""
    names = ("requires_grad_", "requires_grad", "retain_grad")
    calls = [call for call in trace.calls if call.name in names and call.inputs]
    made = {call.inputs[0].tensor for call in calls if not any(a.text == "False" for a in call.inputs[1:])}
    return {tensor for tensor in made if tensor is not None}


def _made_of_gradients(trace: Trace) -> dict[int, frozenset[TensorId]]:
    """New tensors calculated from some ``.grad``, and the tensors whose gradients those were."""
    owners = {i: frozenset({t.grad_of}) for i, t in enumerate(trace.tensors) if t.grad_of is not None}
    found: dict[int, frozenset[TensorId]] = {}
    for number, call in enumerate(trace.calls):
        given = [owners[a.tensor] for a in call.inputs if a.tensor is not None and a.tensor in owners]
        for state in call.outputs if given else ():
            if trace.tensors[state.tensor].call == number and state.tensor not in owners:
                owners[state.tensor] = found[state.tensor] = _latest(given)
    return found


def _latest(given: list[frozenset[TensorId]]) -> frozenset[TensorId]:
    """All of them together, but only so many as are looked at later."""
    together = frozenset[TensorId]().union(*given)
    return together if len(together) <= MOST_OWNERS else frozenset(sorted(together)[-MOST_OWNERS:])


def _updated_leaf(index: TraceIndex, number: int, owners: frozenset[TensorId]) -> int | None:
    """The tensor whose name (or place in a list) this one got, and which it was made from, with its gradient."""
    trace, tensor = index.trace, index.trace.tensors[number]
    for owner in sorted(owners)[-MOST_OWNERS:]:
        leaf = trace.tensors[owner]
        is_named_so = tensor.name is not None and (
            leaf.name == tensor.name or index.source.updates(tensor.name, tensor.line)
        )
        is_nameless = tensor.name is None and not _is_passing(index, number)
        if leaf.shape != tensor.shape or not (is_named_so or is_nameless):
            continue
        if index.may(number) and owner in _or_cut(trace, made_from(trace, number) - {number}):
            return owner
    return None


def _is_passing(index: TraceIndex, number: int) -> bool:
    """Whether a nameless result was only an intermediate one: its own line went on with it."""
    return (number, index.trace.tensors[number].line) in index.used_on_line


def _or_cut(trace: Trace, tensors: set[int]) -> set[int]:
    """The tensors, and those they were cut from by ``.data`` or ``detach()``."""
    return tensors | {source for t in tensors if (source := trace.tensors[t].cut_from) is not None}


def _is_used_as_leaf(index: TraceIndex, number: int) -> bool:
    """Whether a gradient of it was wanted: ``.grad`` read, or backward started from what was made of it."""
    trace = index.trace
    if number in index.none_reads:
        return True
    if number not in index.behind_roots or not index.may(len(trace.calls)):
        return False
    call = trace.tensors[number].call
    made = 0 if call is None else index.call_step.get(call, 0)  # not known: from the start
    later = (run for run, start in index.started.items() if start > made)
    roots = (root.tensor for run in later for root in trace.runs[run].roots)
    return number in made_from(trace, *(root for root in roots if root is not None))


def _finding(trace: Trace, rebinding: Rebinding) -> Finding:
    node = next((i for i, node in enumerate(trace.nodes) if node.variable == rebinding.leaf), None)
    return Finding(
        kind="rebound-leaf",
        line=rebinding.line,
        explanation=_explanation(trace, rebinding),
        tensor=rebinding.tensor,
        name=trace.tensors[rebinding.tensor].name,
        node=node,
        step=rebinding.step,
        lines=tuple(_lines(trace, rebinding)),
    )


def _lines(trace: Trace, rebinding: Rebinding) -> Iterator[tuple[Role, int]]:
    if rebinding.line is not None:
        yield "cause", rebinding.line
    reads = (read.line for read in trace.grad_reads if read.tensor == rebinding.tensor and read.is_none)
    for line in list(dict.fromkeys(reads))[:1]:
        if line is not None:
            yield "read", line


def _explanation(trace: Trace, rebinding: Rebinding) -> Explanation:
    cure = N_(
        "Change the numbers of the leaf instead of giving its name away: `with torch.no_grad(): {name} -= ...`, or "
        "make the result a new leaf: `{name} = (...).detach().requires_grad_()`."
    )
    values = {"name": trace.tensors[rebinding.tensor].name or "w", "line": rebinding.line or "?"}
    if rebinding.requires_grad:
        return said(
            N_(
                "Line {line} gives the name `{name}` to a new tensor, the result of a calculation. It is no leaf: "
                "backward goes on through it to the old `{name}`, and its own `.grad` stays None."
            ),
            cure,
            **values,
        )
    return said(
        N_(
            "Line {line} gives the name `{name}` to a new tensor that does not require grad. From there on nothing "
            "that is calculated from `{name}` has a graph."
        ),
        cure,
        **values,
    )
