"""Errors about gradients, also those that the program caught: one finding for each cause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from engine.contract.trace import Argument, Failure, Trace
from engine.explain.errors.cases import no_graph
from engine.explain.errors.explain_error import explain_failure, unknown
from engine.explain.errors.freed import freed
from engine.reading import clues
from engine.reading.index import index_of, made_from, until
from engine.referee.finding import Finding, Kind, Role, on_lines
from engine.referee.rules.rebound import rebindings

MOST = 24  # different errors that are looked into
KINDS: dict[Kind, str] = {
    "second-backward": r"backward through the graph a second time|after they have already been freed",
    "no-grad-fn": r"does not require grad and does not have a grad_fn|No gradients? (?:can|to) be computed",
    "non-scalar-root": r"grad can be (?:implicitly )?created only for (?:real )?scalar outputs",
    "leaf-inplace": r"a (?:view of a )?leaf Variable that requires grad",
    "integer-requires-grad": r"[Oo]nly Tensors of floating point (?:and complex )?dtype can require gradients",
}


Parts = tuple[tuple[Role, "int | None"], ...]


@dataclass(frozen=True)
class Problem:
    """An error that a torch call raised, and the trace up to it."""

    kind: Kind
    failure: Failure
    trace: Trace
    step: int
    run: int | None = None  # of a backward
    inputs: tuple[Argument, ...] = ()  # of another call


def findings(trace: Trace) -> tuple[Finding, ...]:
    rebound = {rebinding.tensor for rebinding in rebindings(trace)}
    found: dict[tuple[Kind, int | None], Finding] = {}
    for problem in islice(problems(trace), MOST):
        if problem.kind == "no-grad-fn" and _depends_on(problem, rebound):
            continue  # rebound-leaf says it
        finding = _finding(problem)
        found.setdefault((finding.kind, finding.line), finding)
    return tuple(found.values())


def problems(trace: Trace) -> Iterator[Problem]:
    """Every error about gradients, in order."""
    index, messages = index_of(trace).afresh(), set[str]()
    seen: set[tuple[Kind, int | None, int | None]] = set()  # the same error on the same line is told once
    for run, (at, step) in index.ended.items():
        kind, message = _kind(step.error), (step.error or "").partition(": ")[2]
        if kind is not None:
            messages.add(message)
            failure = Failure("RuntimeError", message, trace.runs[run].line, "backward", step.failed_node)
            if (kind, failure.line, failure.node) in seen:
                continue
            seen.add((kind, failure.line, failure.node))
            yield Problem(kind, failure, until(trace, at - 1, failure), at, run=run)
    for row in trace.raised:
        kind = _kind(row.message)
        if kind is not None:
            messages.add(row.message)
            failure = Failure(row.type, row.message, row.line, "forward", call=row.function)
            if (kind, row.line, None) in seen:
                continue
            seen.add((kind, row.line, None))
            yield Problem(kind, failure, until(trace, row.step, failure), row.step, inputs=row.inputs)
    failure = trace.failure
    kind = None if failure is None else _kind(failure.message)
    if failure is not None and kind is not None and failure.message not in messages:
        yield Problem(kind, failure, trace, len(trace.steps))


def _kind(message: str | None) -> Kind | None:
    return next((kind for kind, pattern in KINDS.items() if message is not None and re.search(pattern, message)), None)


def _depends_on(problem: Problem, tensors: set[int]) -> bool:
    root = clues.failing_root(problem.trace)
    return root is not None and root.tensor is not None and bool(made_from(problem.trace, root.tensor) & tensors)


def _finding(problem: Problem) -> Finding:
    failure, trace, tensor = problem.failure, problem.trace, _tensor(problem)
    line, cause = _cause(problem)
    explanation = explain_failure(trace, failure) or unknown(failure)
    return Finding(
        kind=problem.kind,
        line=line,
        explanation=explanation,
        tensor=tensor,
        name=index_of(trace).name_of(tensor),
        node=failure.node if failure.node is not None else _node(problem),
        step=problem.step,
        lines=on_lines(*cause, ("backward", None if problem.run is None else failure.line)),
    )


def _cause(problem: Problem) -> tuple[int | None, Parts]:
    """The line to blame, and every line that has a part in it."""
    failure, trace = problem.failure, problem.trace
    if problem.kind == "no-grad-fn":
        found = no_graph.found(trace, failure)
        line = found.line if found.line is not None else failure.line
        return line, (("cause" if found.place is None else "cut", line),)
    if problem.kind == "second-backward":
        facts = freed(trace, failure.node)
        line = facts.line if facts.again == "carried" and facts.line is not None else failure.line
        return line, (("cause", facts.line), ("used", None if facts.by is None else facts.by.line))
    return failure.line, ()


def _tensor(problem: Problem) -> int | None:
    """The tensor the error is about: the root of a backward, else the call's first tensor, a view's base."""
    if problem.run is not None:
        root = clues.failing_root(problem.trace)
        return None if root is None else root.tensor
    first = next((a.tensor for a in problem.inputs if a.tensor is not None), None)
    if first is not None and problem.kind == "leaf-inplace":
        base = problem.trace.tensors[first].base
        return first if base is None else base
    return first


def _node(problem: Problem) -> int | None:
    root = clues.failing_root(problem.trace) if problem.run is not None else None
    return None if root is None else root.node
