"""A second backward through a graph: what the first one freed, and why the second came to it again."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from engine.contract.trace import CalledStep, RunRecord, RunStartedStep, Trace
from engine.program.source import source_of

Again = Literal["same_root", "shared", "carried", "outside", "unknown"]


@dataclass(frozen=True)
class Freed:
    """Why a backward came to saved tensors that were gone.

    same_root: backward twice from one tensor. shared: two roots made of one forward part, before either
    backward. carried: the second root was made of a result of the round before, at ``line``. outside: of a
    result calculated once, at ``line``, before the rounds. unknown: the recording does not tell.
    """

    again: Again
    by: RunRecord | None  # the run that freed them
    tensors: tuple[str, ...] = ()  # names of what was freed, where the program has one
    carrier: int | None = None  # the tensor that brought the old graph along
    line: int | None = None


def freed(trace: Trace, node: int | None) -> Freed:
    """The facts of a second backward: the last run of ``trace``, which failed at ``node``."""
    if not trace.runs:
        return Freed("unknown", None)
    failed, number = trace.runs[-1], _run_that_freed(trace, node)
    if number is None:
        return Freed("unknown", None)
    by = trace.runs[number]
    names = _names_of_saved(trace, [n for n in failed.nodes if n in set(by.nodes)])
    if {root.node for root in failed.roots} & {root.node for root in by.roots}:
        return Freed("same_root", by, names)
    first_call = _calls_before_run(trace, number)
    carrier, user = _carrier(trace, failed, by, first_call)
    if carrier is None:
        return Freed("shared", by, names)
    made = trace.tensors[carrier].line
    is_made_again = any(call.line == made and call.nodes for call in trace.calls[first_call:])
    line = _renamed(trace, carrier) or made if is_made_again else made
    if is_made_again and made is not None and by.line is not None and user is not None and made <= by.line < user:
        line = user  # ``mean = 0.9 * mean + r`` below the backward carries ``r`` over
    return Freed("carried" if is_made_again else "outside", by, names, carrier, line)


def _run_that_freed(trace: Trace, node: int | None) -> int | None:
    """The last earlier run through the failing node that did not keep the graph."""
    reached = set(trace.runs[-1].nodes)
    for number in reversed(range(len(trace.runs) - 1)):
        run = trace.runs[number]
        shared = reached & set(run.nodes)
        if not run.retain_graph and any(trace.nodes[n].saved for n in shared) and (node is None or node in run.nodes):
            return number
    return None


def _names_of_saved(trace: Trace, nodes: list[int]) -> tuple[str, ...]:
    saved = [saved.tensor for node in nodes for saved in trace.nodes[node].saved if saved.tensor is not None]
    names = [trace.tensors[tensor].name for tensor in saved]
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _calls_before_run(trace: Trace, run: int) -> int:
    n = 0
    for step in trace.steps:
        if isinstance(step, RunStartedStep) and step.run == run:
            break
        n += isinstance(step, CalledStep)
    return n


def _carrier(trace: Trace, failed: RunRecord, by: RunRecord, first_call: int) -> tuple[int | None, int | None]:
    """The tensor of the freed graph that a call after the first backward took as an input, and that call's line."""
    old: set[int] = set(by.nodes)
    makers: dict[int, int] = {
        s.node: s.tensor for call in trace.calls[:first_call] for s in call.outputs if s.node is not None
    }
    for number in failed.nodes:
        node = trace.nodes[number]
        if number in old or node.call is None or node.call < first_call:
            continue
        for edge in node.next_functions:
            if edge.node in old and trace.nodes[edge.node].variable is None and edge.node in makers:
                return makers[edge.node], node.line
    return None, None


def _renamed(trace: Trace, tensor: int) -> int | None:
    """The line of ``state = tensor``, where a plain assignment carries the tensor over."""
    name = trace.tensors[tensor].name
    for statement in source_of(trace.program.source).nodes:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name) and statement.value.id == name:
            return statement.lineno
    return None
