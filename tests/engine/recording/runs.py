"""Running a program in this process, plainly and recorded, and what can be compared afterwards."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

import torch

from engine.contract.assemble import assemble
from engine.contract.events import Event
from engine.contract.trace import Limits, Program, Trace
from engine.recording.program.main_module import compile_program
from engine.recording.recorder import Recording


@dataclass
class Result:
    """What a program left behind."""

    stdout: str
    error: str | None
    grads: dict[str, Any]
    rng: bytes


def plain(source: str) -> Result:
    """Run ``source`` as nobody watches."""
    torch.manual_seed(1)
    out, namespace, error = io.StringIO(), {"__name__": "__main__"}, None
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        try:
            exec(compile(source, "program.py", "exec", dont_inherit=True), namespace)
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
    return Result(out.getvalue(), error, _grads(namespace), torch.get_rng_state().numpy().tobytes())


def recorded(source: str, limits: Limits | None = None) -> tuple[Result, Trace]:
    """Run ``source`` under the recorder."""
    torch.manual_seed(1)
    limits = limits or Limits()
    program = Program(source, filename="program.py")
    events: list[Event] = []
    out, namespace = io.StringIO(), {"__name__": "__main__"}
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        recording = Recording(program, limits, events.append, lambda: len(out.getvalue().encode()))
        error = recording.run(compile_program(program), namespace)
        grads, rng = _grads(namespace), torch.get_rng_state().numpy().tobytes()
        events.append(recording.finish(error, 0.0, namespace))
    trace = assemble(program, limits, events)
    message = None if trace.failure is None else f"{trace.failure.type}: {trace.failure.message}"
    return Result(out.getvalue(), message, grads, rng), trace


def trace_of(source: str, limits: Limits | None = None) -> Trace:
    """The trace of a recorded run."""
    return recorded(source, limits)[1]


def _grads(namespace: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, thing in namespace.items():
        if isinstance(thing, torch.Tensor) and thing.is_leaf and thing.requires_grad and not thing.is_nested:
            found[name] = None if thing.grad is None else (str(thing.grad.dtype), thing.grad.numpy().tobytes())
    return found
