"""A runner whose runs tell what the test pushes, and which remembers what they were asked to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from engine.contract.events import Event, Finished, Live, Started
from engine.contract.live import Command, LeafSample, LiveLeaf, TickBlock
from engine.contract.policy import Policy
from engine.contract.trace import Ending, Environment, Limits, Program
from engine.running.turns import NOBODY, Asker
from pages.ui.training.candidates import Candidate
from tests.pages.runners import HandRunner

STARTED = Started(Environment("3.11", "2.13", "cpu"))


class LiveHand(HandRunner):
    """As :class:`HandRunner`, for programs that train."""

    policy: Policy = "trusted"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []  # (what, run id)
        self.told: list[Command] = []
        self.limits: list[Limits] = []
        self.askers: list[Asker] = []

    def submit(self, program: Program, limits: Limits, run_id: str, asker: Asker = NOBODY) -> Iterator[Event]:
        self.limits.append(limits)
        self.askers.append(asker)
        return super().submit(program, limits, run_id, asker)

    def pause(self, run_id: str) -> None:
        self.asked.append(("pause", run_id))

    def resume(self, run_id: str) -> None:
        self.asked.append(("resume", run_id))

    def tell(self, run_id: str, command: Command) -> bool:
        self.told.append(command)
        return True

    def push(self, run_id: str, *events: Event) -> None:
        """Let a run tell these; waits until it was submitted."""
        with self._known:
            assert self._known.wait_for(lambda: run_id in self._events, timeout=10), "never submitted"
            for event in events:
                self._events[run_id].put(event)

    def finish(self, run_id: str, ending: Ending = "ok") -> None:
        self.push(run_id, Finished(ending=ending, wall_s=1.5))


def candidate(source: str = "loss.backward()", key: str = "own") -> Candidate:
    return Candidate(key, Program(source=source), f"program {key}")


def losses(*values: float | str | None, first: int = 0, line: int = 7, per_s: float = 100.0) -> Live:
    """Ticks with these losses, a hundred a second."""
    times_s = tuple((first + i) / per_s for i in range(len(values)))
    numbers = tuple(None if value is None else float(value) for value in values)
    return Live(blocks=(TickBlock(first, times_s, numbers, ((0, line),)),))


def tick(backward: int, time_s: float, line: int = 7, run: int | None = None) -> Live:
    """One tick with a loss of 1, recorded in full as ``run``."""
    return Live(blocks=(TickBlock(backward, (time_s,), (1.0,), ((0, line),), () if run is None else ((0, run),)),))


def leaf(number: int, name: str, shape: tuple[int, ...]) -> Live:
    return Live(leaves=(LiveLeaf(number, name, shape, "cpu"),))


def sample(backward: int, number: int, norm: float | None, *values: float) -> Live:
    low, high = (min(values), max(values)) if values else (None, None)
    mean = sum(values) / len(values) if values else None
    return Live(samples=(LeafSample(backward, number, norm, low, high, mean, values),))


def eventually(holds: Callable[[], object], timeout_s: float = 10.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, "it never held"
        pause.wait(0.002)
