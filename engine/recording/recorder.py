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
from collections.abc import Callable, Iterator
from time import perf_counter
from types import FrameType
from typing import Any

import torch

from engine.contract.endings import BROKEN
from engine.contract.events import Chunk, Finished, Live
from engine.contract.ids import RunId, TensorId
from engine.contract.trace import FailedStep, Failure, Leaf, Limits, Program
from engine.recording import private
from engine.recording.backward.runs import Runs
from engine.recording.calls.mode import CallMode
from engine.recording.calls.optimizers import OptimizerSteps
from engine.recording.graph.preview import preview
from engine.recording.live.feed import Feed
from engine.recording.live.leaf_samples import LeafSamples
from engine.recording.live.ticks import Ticks
from engine.recording.live.unrecorded_runs import UnrecordedRuns
from engine.recording.names.leaf_names import named_leaves
from engine.recording.names.tensor_names import loop_variables
from engine.recording.program import tracebacks
from engine.recording.program.clock import Clock, TimeLimit
from engine.recording.program.failure import broken, failure_of, message_of, status_of
from engine.recording.program.giving_back import Kept, Steps
from engine.recording.program.main_module import as_main, compile_program, last_line, path_of
from engine.recording.session import Session
from engine.recording.state import Switch

LOSSES_EVERY_S = 0.03


def record(
    program: Program,
    limits: Limits,
    emit: Callable[[Chunk | Live], None],
    printed: Callable[[], int] = lambda: 0,
    clock: Clock | None = None,
    at_end: tuple[Callable[[], object], ...] = (),
    steps: Steps | None = None,
) -> Finished:
    """Run ``program`` to its end and return how it ended; chunks of the recording go to ``emit``.

    ``printed()`` tells how many bytes the program has written to stdout so far; ``clock`` brings commands and beats
    for ``limits.live``. An exception of the program is no exception here: its traceback is printed to sys.stderr as
    Python would, and it comes back as ``Finished.failure``. What BaseExceptions with an ``ending`` attribute mean
    (limits), see :mod:`engine.recording.program.failure`. ``at_end`` is called, in order, as soon as the program has
    ended. ``steps``: how the last work is done, see :mod:`engine.recording.program.giving_back`.
    """
    started = perf_counter()
    recording = Recording(program, limits, emit, printed, clock, at_end, steps)
    try:
        code = compile_program(program)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        return recording.finish(error, started, None)
    with as_main(program) as module:
        error = recording.run(code, module.__dict__)
        return recording.finish(error, started, module.__dict__)


class Recording:
    """The instruments of one run: put on, taken off, and put on again for a run that somebody wants to see."""

    def __init__(
        self,
        program: Program,
        limits: Limits,
        emit: Callable[[Chunk | Live], None],
        printed: Callable[[], int],
        clock: Clock | None = None,
        at_end: tuple[Callable[[], object], ...] = (),
        steps: Steps | None = None,
    ) -> None:
        self._program = program
        self._at_end = at_end
        self._steps = steps or Steps(Kept())
        self._filename = path_of(program)
        self._session = session = Session(program, self._filename, limits, emit, printed)
        self._switch = Switch(self._filename, limits.full_runs, self)
        self._runs = Runs(session, self._switch, lambda: self._mode.enter_again(), self._ended)
        self._mode = CallMode(session, self._runs, self._switch)
        self._optimizers: OptimizerSteps | None = None
        self._ticks = Ticks()
        self._feed: Feed | None = None
        if limits.live is None:
            self._unrecorded = UnrecordedRuns(self._ticks, self._filename, program.source, self._tell_losses)
        else:
            samples = LeafSamples(limits.live, session.tensors.get)
            self._feed = Feed(
                limits.live,
                self._ticks,
                emit,
                clock or Clock(),
                samples,
                session.looking,
                program,
                self._filename,
                self._switch,
                self._has_room,
            )
            self._unrecorded = self._feed.unrecorded

    def run(self, code: Any, namespace: dict[str, Any]) -> BaseException | None:
        """Execute the program under the instruments; the exception it ended with, without our frames.

        No ``with`` and no ``finally`` around ``exec``: while no memory at all is left, Python 3.11 unwinds
        through one for ever (python/cpython#132508).
        """
        self._optimizers = OptimizerSteps(self._session, self._mode, self._switch)
        self._mode.__enter__()
        clean = tracebacks.CleanWhenCaught(self._program.source, self._filename)
        clean.__enter__()
        ended: BaseException | None = None
        try:
            if self._feed is not None:
                self._feed.start(namespace)
            exec(code, namespace)
        except BaseException as error:  # noqa: BLE001 - the program's end, whatever it is
            ended = error
        do = self._steps.do
        for relieve in self._at_end:
            do(relieve, None)
        self._steps.begin(is_given_back=self._at_end != ())
        self._steps.line = last_line(code) if ended is None else tracebacks.outermost_line(ended)
        do(clean.__exit__, None)
        do(self.take_off, None)
        do(self._unrecorded.remove, None)
        return ended

    def finish(self, error: BaseException | None, started: float, namespace: dict[str, Any] | None) -> Finished:
        """Last names, last state of the leaves, why it ended; then forget everything."""
        session, do = self._session, self._steps.do
        wall_s = perf_counter() - started
        leaves, held = do(lambda: self._last_state(namespace), ((), ()))
        failure = None
        if error is not None:
            failure = self._failure(error, namespace)
        elif self._steps.is_broken:
            failure = broken(self._steps.line)
        if error is not None or failure is not None:
            do(lambda: session.outbox.step(FailedStep(printed=session.printed())), None)
        if error is not None:
            do(lambda: _report(error, is_file=os.path.isfile(self._filename)), None)
        if self._feed is None:
            do(self._tell_losses, None)
        do(session.outbox.send, None)
        if self._feed is not None:
            do(self._feed.finish, None)
        do(session.storages.forget, None)
        if error is None and failure is not None:
            return Finished("error", failure, leaves, BROKEN, wall_s, held)
        ending, exit_status = do(lambda: status_of(error), ("error", 1))
        return Finished(ending, failure, leaves, exit_status, wall_s, held)

    def _last_state(self, namespace: dict[str, Any] | None) -> tuple[tuple[Leaf, ...], tuple[TensorId, ...]]:
        """(leaves, roots held) of a program that ran."""
        leaves: tuple[Leaf, ...] = ()
        held: tuple[TensorId, ...] = ()
        with self._session.looking():
            if namespace is not None:
                self._session.names.look_in(namespace)
                leaves = tuple(self._leaves(namespace))
                self._name_parameters(leaves)
                held = self._runs.held_roots()
        return leaves, held

    def _failure(self, error: BaseException, namespace: dict[str, Any] | None) -> Failure | None:
        do, filename = self._steps.do, self._filename
        do(lambda: tracebacks.clean(error, filename if namespace is not None else None), None)
        message = do(lambda: message_of(error), "")
        bare = Failure(tracebacks.name_of(type(error)), message, self._steps.line, "forward")
        return do(lambda: failure_of(error, filename, self._runs.failed, self._mode.failed_call), bare)

    def watch_unrecorded(self) -> None:
        """Recording ends here: see the runs that follow."""
        with self._session.looking():
            for reached in self._runs.reached:
                self._unrecorded.watch(reached.alive(), is_grad=reached.kind == "grad")

    def take_off(self) -> None:
        """At a line of the program, or at its end."""
        self._mode.lines.stop()
        private.take_mode_off(self._mode)
        if self._optimizers is not None:
            self._optimizers.remove()
        self._session.outbox.send()

    def put_on(self) -> None:
        """At a line of the program: record once more."""
        self._unrecorded.remove()
        with self._session.looking():
            self._session.take_up_again(self._leaves_reached())
        self._optimizers = OptimizerSteps(self._session, self._mode, self._switch)
        private.put_mode_on(self._mode)

    def _tell_losses(self, frame: FrameType | None = None) -> None:
        with self._session.looking():
            for block in self._ticks.take(0.0):
                for tick in block.ticks():
                    self._session.outbox.later_loss(tick.line, tick.loss)
        self._unrecorded.at_due(perf_counter() + LOSSES_EVERY_S)

    def _ended(self, line: int | None, value: float | None, run: RunId) -> None:
        """A recorded run of the program came to its end."""
        if self._feed is None:
            return
        self._feed.recorded(line, value, run, self._runs.reached[-1].alive())
        if self._switch.is_spent and self._feed.records_next:
            self._switch.allow_one()

    def _leaves_reached(self) -> list[torch.Tensor]:
        leaves = {id(leaf): leaf for reached in self._runs.reached for leaf in reached.alive()}
        return list(leaves.values())

    def _has_room(self) -> bool:
        outbox, limits = self._session.outbox, self._session.limits
        return outbox.n("calls") < limits.calls and outbox.n("nodes") < limits.nodes

    def _name_parameters(self, leaves: tuple[Leaf, ...]) -> None:
        for leaf in leaves:
            if leaf.tensor is not None and "." in leaf.name:
                self._session.names.found(leaf.tensor, leaf.name)

    def _leaves(self, namespace: dict[str, Any]) -> Iterator[Leaf]:
        seen: set[int] = set()
        for name, tensor in named_leaves(namespace, loop_variables(self._program.source)):
            if id(tensor) in seen or not (tensor.is_leaf and tensor.requires_grad):
                continue
            seen.add(id(tensor))
            grad = tensor.grad
            limits = self._session.limits
            yield Leaf(
                name=name,
                tensor=self._session.tensors.get(tensor),
                shape=private.shape_of(tensor),
                dtype=str(tensor.dtype).removeprefix("torch."),
                grad=None if grad is None else preview(grad, limits, limits.grad_items, is_final=True),
                true_grad=self._session.shadow.true_grad(tensor, limits.grad_items),
            )


def _report(error: BaseException, *, is_file: bool) -> None:
    """Print the end of the program to sys.stderr as Python does."""
    if isinstance(error, SystemExit):
        if error.code is not None and not isinstance(error.code, int):
            print(error.code, file=sys.stderr)
        return
    if isinstance(error, TimeLimit):
        return  # the runner says it in its own words
    if not is_file and sys.excepthook is sys.__excepthook__:  # Python's own hook reads the lines from a file
        print(tracebacks.text(error), end="", file=sys.stderr)
        return
    try:
        sys.excepthook(type(error), error, tracebacks.traceback_of(error))
    except TimeLimit:
        raise
    except Exception as second:  # noqa: BLE001 - the program's own hook; said as Python says it
        said = (tracebacks.text(tracebacks.without_caller(second)), tracebacks.text(error))
        print("Error in sys.excepthook:\n{}\nOriginal exception was:\n{}".format(*said), end="", file=sys.stderr)
