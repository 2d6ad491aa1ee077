"""Run a program as ``__main__`` in this process and record it.

The recorder is invisible: the program prints the same, raises the same, draws the same random numbers
and gets the same gradients, bit for bit; afterwards nothing is left hooked, traced or patched. What
keeps that promise: a function mode instead of patches (:mod:`calls`), hooks that are always removed
(:mod:`backward`), no node and no tensor held (:mod:`identity`), looks that nobody sees
(:func:`private.unseen`), calls made from the program's own place (:mod:`site`), and tracebacks without
our frames (:mod:`tracebacks`).
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from time import perf_counter
from types import FrameType
from typing import Any

import torch

from engine.events import Chunk, Finished
from engine.recording import tracebacks
from engine.recording.backward import Runs
from engine.recording.calls import CallMode
from engine.recording.failure import failure_of, status_of
from engine.recording.later import LaterLosses
from engine.recording.leaving import at_next_line
from engine.recording.main_module import as_main, compile_program, path_of
from engine.recording.optimizers import OptimizerSteps
from engine.recording.preview import preview
from engine.recording.session import Session
from engine.trace import FailedStep, Leaf, Limits, Program


def record(program: Program, limits: Limits, emit: Callable[[Chunk], None],
           printed: Callable[[], int] = lambda: 0,
           at_end: tuple[Callable[[], object], ...] = ()) -> Finished:  # fmt: skip
    """Run ``program`` to its end and return how it ended; chunks of the recording go to ``emit``.

    ``printed()`` tells how many bytes the program has written to stdout so far. An exception of the
    program is no exception here: its traceback is printed to sys.stderr as Python would, and it comes
    back as ``Finished.failure``. What BaseExceptions with an ``ending`` attribute mean (limits), see
    :mod:`engine.recording.failure`. ``at_end`` is called, in order, as soon as the program has ended.
    """
    started = perf_counter()
    recording = Recording(program, limits, emit, printed, at_end)
    try:
        code = compile_program(program)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        return recording.finish(error, started, None)
    with as_main(program) as module:
        error = recording.run(code, module.__dict__)
        return recording.finish(error, started, module.__dict__)


class Recording:
    """The instruments of one run: put on, taken off."""

    def __init__(self, program: Program, limits: Limits, emit: Callable[[Chunk], None],
                 printed: Callable[[], int], at_end: tuple[Callable[[], object], ...] = ()) -> None:  # fmt: skip
        self._program = program
        self._at_end = at_end
        self._filename = path_of(program)
        self._session = Session(program, self._filename, limits, emit, printed)
        self._runs = Runs(self._session)
        self._mode = CallMode(self._session, self._runs)
        self._runs.enter_mode = self._mode.enter_again
        self._runs.spent = self._leave
        self._optimizers: OptimizerSteps | None = None
        self._later: LaterLosses | None = None

    def run(self, code: Any, namespace: dict[str, Any]) -> BaseException | None:
        """Execute the program under the instruments; the exception it ended with, without our frames.

        No ``with`` and no ``finally`` around ``exec``: while no memory at all is left, Python 3.11 unwinds
        through one for ever (python/cpython#132508).
        """
        self._optimizers = OptimizerSteps(self._session, self._mode)
        self._mode.__enter__()
        clean = tracebacks.CleanWhenCaught(self._program.source, self._filename)
        clean.__enter__()
        ended: BaseException | None = None
        try:
            exec(code, namespace)
        except BaseException as error:  # noqa: BLE001 - the program's end, whatever it is
            ended = error
        for relieve in self._at_end:
            relieve()
        clean.__exit__()
        self._take_off()
        return ended

    def finish(self, error: BaseException | None, started: float, namespace: dict[str, Any] | None) -> Finished:
        """Last names, last state of the leaves, why it ended; then forget everything."""
        session = self._session
        wall_s = perf_counter() - started
        leaves: tuple[Leaf, ...] = ()
        held: tuple[int, ...] = ()
        with session.looking():
            if namespace is not None:
                session.names.look_in(namespace)
                leaves = tuple(self._leaves(namespace))
                held = self._runs.held_roots()
        failure = None
        if error is not None:
            tracebacks.clean(error, self._filename if namespace is not None else None)
            failure = failure_of(error, self._filename, self._runs.failed, self._mode.failed_call)
            session.outbox.step(FailedStep(printed=session.printed()))
            _report(error, is_file=os.path.isfile(self._filename))
        session.outbox.send()
        session.storages.forget()
        ending, exit_status = status_of(error)
        return Finished(ending, failure, leaves, exit_status, wall_s, held)

    def _leave(self, caller: FrameType) -> None:
        """The budget is spent: take everything off at the program's next line, keep an eye on losses."""
        if self._mode.is_leaving:
            return
        self._mode.is_leaving = self._mode.is_paused = True
        at_next_line(caller, self._filename, self._take_off)
        self._later = LaterLosses(self._runs.accumulated, self._session.outbox, self._filename)

    def _take_off(self) -> None:
        self._mode.lines.stop()
        if self._mode.is_on_stack:
            self._mode.__exit__(None, None, None)
        if self._optimizers is not None:
            self._optimizers.remove()
        if self._later is not None and not self._mode.is_leaving:
            self._later.remove()

    def _leaves(self, namespace: dict[str, Any]) -> Iterator[Leaf]:
        seen: set[int] = set()
        for name, tensor in named_leaves(namespace):
            if id(tensor) in seen or not (tensor.is_leaf and tensor.requires_grad):
                continue
            seen.add(id(tensor))
            grad = tensor.grad
            limits = self._session.limits
            yield Leaf(
                name=name,
                tensor=self._session.tensors.get(tensor),
                shape=tuple(tensor.shape),
                dtype=str(tensor.dtype).removeprefix("torch."),
                grad=None if grad is None else preview(grad, limits, limits.grad_items),
                true_grad=self._session.shadow.true_grad(tensor, limits.grad_items),
            )


def named_leaves(namespace: dict[str, Any]) -> Iterator[tuple[str, torch.Tensor]]:
    """Tensors held by module-level names, then by modules and optimizers held by one, with their paths."""
    things = [(name, thing) for name, thing in namespace.items() if not name.startswith("__")]
    for name, thing in things:
        if isinstance(thing, torch.Tensor):
            yield name, thing
    for name, thing in things:
        if isinstance(thing, torch.nn.Module):
            yield from ((f"{name}.{path}", parameter) for path, parameter in thing.named_parameters())
    for name, thing in things:
        if isinstance(thing, torch.optim.Optimizer):
            for g, group in enumerate(thing.param_groups):
                yield from ((f"{name}.param_groups.{g}.{i}", p) for i, p in enumerate(group["params"]))


def _report(error: BaseException, *, is_file: bool) -> None:
    """Print the end of the program to sys.stderr as Python does."""
    if isinstance(error, SystemExit):
        if error.code is not None and not isinstance(error.code, int):
            print(error.code, file=sys.stderr)
        return
    if hasattr(error, "ending"):
        return  # one of our limits: the runner says it in its own words
    if is_file or sys.excepthook is not sys.__excepthook__:
        sys.excepthook(type(error), error, error.__traceback__)
    else:  # Python's own hook reads the lines from a file
        traceback.print_exception(type(error), error, error.__traceback__)
