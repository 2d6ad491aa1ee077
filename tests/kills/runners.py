"""kill -9 below a runner: of processes that wait in a pool, where there is no fork, and of one that trains."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from engine.contract.trace import Program
from engine.running.processes.pool import PoolBackend
from engine.running.runner import Runner, run
from engine.running.turns import Asker
from pages.ui.training.candidates import Candidate
from pages.ui.training.run import LiveRun
from tests.kills.deaths import HONEST, N_STEPS, RECORDING, STREAMING
from tests.kills.processes import Process, below, until, victim
from tests.kills.row import WANTED_S, Row

TRAINING = (
    "import torch\nw = torch.ones(3, requires_grad=True)\nwhile True:\n    loss = (w * w).sum()\n    loss.backward()\n"
)


def rows() -> Iterator[Row]:
    """One for each case."""
    for when in ("idle", "starting"):
        yield _pool_that_waits(when)
    for when, source in (("recording", RECORDING), ("streaming", STREAMING)):
        yield _pool_that_runs(when, source)
    yield _training()


def _pool_that_waits(when: str) -> Row:
    with Runner(PoolBackend()) as runner:
        if when == "idle":
            assert until(lambda: runner.is_ready, 60)
        _kill(below(os.getpid()))
        seconds = _again(runner)
    # importing torch anew is what starting a pool means
    return Row("all of a pool", when, "nothing", "", seconds, seconds < 60)


def _pool_that_runs(when: str, source: str) -> Row:
    with Runner(PoolBackend()) as runner:
        assert until(lambda: runner.is_ready, 60)
        with _killed_in_the_middle() as look:
            trace = run(runner, Program(source))
        assert look, "it was not killed"
        seconds = _again(runner)
    lost = "nothing" if len(trace.steps) > N_STEPS else "steps"
    return Row("one of a pool", when, trace.ending, lost, seconds, seconds <= WANTED_S and lost == "nothing")


def _training() -> Row:
    with Runner(policy="classroom") as runner:
        assert until(lambda: runner.is_ready, 60)
        training = LiveRun(runner, Candidate("own", Program(TRAINING), ""), Asker("somebody"), 1)
        assert until(lambda: training.store.n_ticks > 100, 60)
        n_before = training.store.n_ticks
        program = victim(os.getpid(), "program")
        assert program is not None, "no program runs"
        _kill([program])
        has_ended = training.wait(WANTED_S)
        seconds = _again(runner)
    store = training.store
    lost = "nothing" if store.n_ticks >= n_before and len(training.trace().runs) >= 3 else "losses"
    holds = has_ended and store.phase == "ended" and lost == "nothing" and seconds <= WANTED_S
    return Row("program", "training", store.ending or "-", lost, seconds, holds)


@contextmanager
def _killed_in_the_middle() -> Iterator[list[int]]:
    """Kills the process that is busy once it has been so for a while; the list is not empty then."""
    killed: list[int] = []
    idle = {one.pid: one.cpu_s for one in below(os.getpid())}

    def work() -> None:
        def busy() -> list[int]:
            return [one.pid for one in below(os.getpid()) if one.cpu_s > idle.get(one.pid, 99.0) + 0.5]

        if until(busy, 30):
            killed.extend(busy())
            os.kill(killed[0], signal.SIGKILL)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield killed
    thread.join()


def _kill(victims: list[Process]) -> None:
    for one in victims:
        os.kill(one.pid, signal.SIGKILL)


def _again(runner: Runner) -> float:
    """Seconds until an honest program has run."""
    started = time.monotonic()
    while time.monotonic() < started + 60:
        if run(runner, Program(HONEST)).stdout == "tensor([4., 6.])\n":
            break
    return time.monotonic() - started
