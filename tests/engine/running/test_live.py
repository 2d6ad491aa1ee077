"""Live runs in real processes: told while they go on, paused, stopped, asked to record, and every way to end."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from engine.contract.events import Chunk, Event, Finished, Live, Printed
from engine.contract.live import RecordNext, SetLearningRate, Tick
from engine.contract.trace import Limits, LiveLimits, Program
from engine.running import Runner
from engine.running.processes.fresh import FreshBackend
from tests.engine.running.processes import comes_true

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process and let it go on")
LOOP = """import torch
w = torch.ones(2, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1e-6)
for i in range({n}):
    optimizer.zero_grad()
    loss = (w * w).sum()
    loss.backward()
    optimizer.step()
"""
ENDLESS = LOOP.format(n=10**9)
LIVE = LiveLimits(series=("i",))


@dataclass
class Watched:
    """A run whose events are collected by a thread."""

    runner: Runner
    program: Program
    limits: Limits
    events: list[Event] = field(default_factory=list)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self._collect, daemon=True)
        self.thread.start()

    def _collect(self) -> None:
        for event in self.runner.submit(self.program, self.limits, "watched"):
            self.events.append(event)

    @property
    def ticks(self) -> list[Tick]:
        return [tick for event in list(self.events) if isinstance(event, Live) for tick in event.ticks]

    def all(self, kind: str) -> list:
        return [row for event in list(self.events) if isinstance(event, Live) for row in getattr(event, kind)]

    def has_ticks(self, n: int) -> bool:
        return comes_true(lambda: len(self.ticks) >= n, 60)

    def end(self) -> Finished:
        assert self.thread is not None
        self.thread.join(60)
        last = self.events[-1]
        assert isinstance(last, Finished)
        return last


@contextmanager
def watched(
    runner: Runner, source: str, time_s: float = 60, live: LiveLimits = LIVE, device: str | None = None
) -> Iterator[Watched]:
    run = Watched(runner, Program(source, device=device), Limits(time_s=time_s, live=live))
    run.start()
    try:
        yield run
    finally:
        runner.cancel("watched")
        run.end()


@posix
@pytest.mark.slow
def test_ticks_come_while_the_program_runs_and_stop_while_it_is_paused(runner: Runner) -> None:
    with watched(runner, ENDLESS) as run:
        assert run.has_ticks(20)
        assert runner.pause("watched")
        assert not runner.pause("watched")
        time.sleep(0.5)  # what was on its way arrives
        n = len(run.ticks)
        time.sleep(0.3)
        assert len(run.ticks) == n
        assert runner.resume("watched")
        assert not runner.resume("watched")
        assert run.has_ticks(n + 20)
        times = [tick.time_s for tick in run.ticks]
        assert times[n + 15] - times[n - 5] < 0.7  # the pause is no part of it, but for one step as it ends
        assert [tick.backward for tick in run.ticks] == list(range(len(run.ticks)))


@posix
@pytest.mark.slow
def test_a_pause_is_no_part_of_the_time_limit(runner: Runner) -> None:
    with watched(runner, ENDLESS, time_s=2.0) as run:
        assert run.has_ticks(5)
        assert runner.pause("watched")
        time.sleep(4)
        assert runner.resume("watched")
        n = len(run.ticks)
        assert run.has_ticks(n + 5)
        end = run.end()
        assert end.ending == "timeout"
        assert 1.5 < run.ticks[-1].time_s < 3


@posix
def test_a_paused_program_can_be_stopped(runner: Runner) -> None:
    with watched(runner, ENDLESS) as run:
        assert run.has_ticks(5)
        assert runner.pause("watched")
        runner.cancel("watched")
        assert run.end().ending == "cancelled"


def test_a_run_is_stopped_before_torch_is_imported() -> None:
    class Never:
        is_ready = False
        launched = threading.Event()
        folder = None

        def start(self) -> None: ...

        def launch(self, job: bytes):
            self.launched.set()
            time.sleep(3)
            raise AssertionError("nobody waits for it")

        def close(self) -> None: ...

    with Runner(Never()) as runner, watched(runner, ENDLESS) as run:
        assert Never.launched.wait(5)
        asked = time.monotonic()
        runner.cancel("watched")
        assert run.end().ending == "cancelled"
        assert time.monotonic() - asked < 2


def test_a_step_is_recorded_on_request_and_the_loop_goes_on(runner: Runner) -> None:
    with watched(runner, ENDLESS) as run:
        assert run.has_ticks(20)
        assert runner.tell("watched", RecordNext())
        assert comes_true(lambda: any(tick.run == 3 for tick in run.ticks), 30)
        recorded = next(tick for tick in run.ticks if tick.run == 3)
        assert run.has_ticks(recorded.backward + 20)
        later = [tick.run for tick in run.ticks[recorded.backward + 1 :]]
        assert set(later) == {None}
        position = next(i for i, e in enumerate(run.events) if isinstance(e, Live) and recorded in e.ticks)
        runs = [r for e in run.events[:position] if isinstance(e, Chunk) for r in e.runs]
        assert len(runs) == 4  # the run's rows come before its tick
    assert not runner.tell("watched", RecordNext())


def test_a_learning_rate_is_changed_in_a_running_process(runner: Runner) -> None:
    with watched(runner, ENDLESS) as run:
        assert comes_true(lambda: run.all("optimizers") != [], 30)
        assert runner.tell("watched", SetLearningRate(0.25))
        assert comes_true(lambda: [c.value for c in run.all("changes")] == [0.25], 30)


@posix
def test_a_program_without_backward_gives_a_curve_however_short_it_is(runner: Runner) -> None:
    source = """import time
for t in range(200):
    loss = 1 / (t + 1)
    end = time.perf_counter() + 0.001
    while time.perf_counter() < end: pass
"""
    with watched(runner, source, live=LiveLimits(series=("t", "loss"))) as run:
        assert run.end().ending == "ok"
        assert run.ticks == []
        at = {(s.time_s, s.name): s.values[0] for s in run.all("series")}
        pairs = [
            (value, at[time_s, "loss"])
            for (time_s, name), value in at.items()
            if name == "t" and (time_s, "loss") in at
        ]
        assert len(pairs) > 10
        assert all(loss == pytest.approx(1 / (t + 1)) or loss == pytest.approx(1 / t) for t, loss in pairs)
        assert pairs[-1] == (199.0, 1 / 200)


def test_a_run_of_a_moment_tells_everything(runner: Runner) -> None:
    with watched(runner, LOOP.format(n=5)) as run:
        assert run.end().ending == "ok"
        assert len(run.ticks) == 5


def test_a_hundred_thousand_lines_and_every_tick_arrive(runner: Runner) -> None:
    source = LOOP.format(n=200) + "    for j in range(500): print(i)\n"
    with watched(runner, source) as run:
        assert run.end().ending == "ok"
        text = "".join(e.text for e in run.events if isinstance(e, Printed))
        assert text.count("\n") == 100_000
        assert len(run.ticks) == 200


@posix
def test_a_program_that_dies_by_a_signal_keeps_what_it_told(runner: Runner) -> None:
    source = (
        LOOP.format(n=10**9)
        + "    if i == 50:\n        import os, signal, time\n        time.sleep(0.5)\n        os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    with watched(runner, source) as run:
        assert run.end().ending == "crash"
        assert len(run.ticks) == 51  # what waited was sent while the program slept


@posix
@pytest.mark.slow
def test_a_fresh_process_takes_commands_and_pauses() -> None:
    with Runner(FreshBackend()) as runner, watched(runner, ENDLESS) as run:
        assert run.has_ticks(10)
        assert runner.pause("watched") and runner.resume("watched")
        assert runner.tell("watched", RecordNext())
        assert comes_true(lambda: any(tick.run == 3 for tick in run.ticks), 60)
