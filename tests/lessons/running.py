"""Running a lesson, plainly and recorded."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache

import torch

from engine.contract.trace import Limits, NodeRanStep, Program, Trace
from engine.program.lesson import Lesson, lesson, limits_for
from tests.engine.recording.runs import Result, recorded

torch.set_num_threads(1)  # as in the app; with more, small products wait for threads that have no core


@dataclass(frozen=True)
class Run:
    """What a plain run left behind."""

    stdout: str
    error: str | None
    namespace: dict[str, object]


def found(slug: str) -> Lesson:
    """The lesson, which must exist."""
    it = lesson(slug)
    assert it is not None, slug
    return it


@cache
def ran(slug: str) -> Run:
    """The lesson's file as plain Python runs it."""
    out, error = io.StringIO(), None
    namespace: dict[str, object] = {"__name__": "__main__"}
    code = compile(found(slug).path.read_text(encoding="utf-8"), slug, "exec", dont_inherit=True)
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        try:
            exec(code, namespace)
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
    return Run(out.getvalue(), error, namespace)


@cache
def traced(slug: str) -> Trace:
    """The lesson as the app runs it: recorded, without its docstring."""
    source = found(slug).source
    return recorded(source, limits_for(Program(source), Limits()))[1]


def recorded_result(slug: str) -> Result:
    """What the recorded run printed and raised."""
    return recorded(found(slug).source)[0]


def grad(slug: str, name: str) -> torch.Tensor | None:
    """A leaf's gradient after the plain run."""
    leaf = ran(slug).namespace[name]
    assert isinstance(leaf, torch.Tensor)
    return leaf.grad


def recorded_grads(trace: Trace) -> dict[str, list]:
    """Name -> flat gradient of every leaf, [] for None."""
    return {leaf.name: [] if leaf.grad is None else list(leaf.grad.items) for leaf in trace.leaves}


def nodes_run(trace: Trace) -> list[str]:
    """Names of the nodes in the order in which the engine ran them."""
    return [trace.nodes[step.node].name for step in trace.steps if isinstance(step, NodeRanStep)]
