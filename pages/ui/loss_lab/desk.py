"""Running the programs of the loss laboratory: what was measured, kept by what was set."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from engine.contract.trace import Limits, Trace
from engine.running.turns import NOBODY, Asker, Place
from pages.ui.desk.own_programs import Ours
from pages.ui.desk.task import Runs, RunTask
from pages.ui.loss_lab.programs import Settings

MOST_KEPT = 512  # results, shared by all visitors; each has some 40 kB
LIMITS = Limits(time_s=20, full_runs=1, watch=False)  # only what the program prints is looked at
Numbers = tuple[float, ...]


@dataclass(frozen=True)
class Measured:
    """What the program printed of one loss. ``shares`` and ``gradients`` are of the points, in order."""

    loss: float
    gradients: Numbers
    shares: Numbers  # of the points in the loss; with CrossEntropy: of the rows
    grid: Numbers  # residuals or logits
    curve: Numbers  # a point's share of the loss over the grid
    slopes: Numbers  # its gradient
    softmax: Numbers = ()  # CrossEntropy only, as the next two
    onehot: Numbers = ()
    difference: Numbers = ()  # softmax - onehot


@dataclass(frozen=True)
class Result:
    """A run of the laboratory. ``losses`` is empty where the program did not come to its end."""

    settings: Settings
    losses: Mapping[str, Measured]
    trace: Trace


class Kept:
    """The results used last. Thread-safe: visitors run in threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most, self._lock = most, threading.Lock()
        self._results: OrderedDict[Settings, Result] = OrderedDict()

    def get(self, settings: Settings) -> Result | None:
        with self._lock:
            if settings in self._results:
                self._results.move_to_end(settings)
            return self._results.get(settings)

    def put(self, result: Result) -> None:
        with self._lock:
            self._results[result.settings] = result
            while len(self._results) > self._most:
                self._results.popitem(last=False)


@cache
def kept() -> Kept:
    """The results of this server process."""
    return Kept()


@dataclass
class Desk:
    """One visitor's run: at most one under way, the last result stays until the next is there.

    Streamlit may start the next script before the last one has ended, so two threads can be in here; what one
    waits for may be replaced by the other.
    """

    runner: Runs
    results: Kept
    asker: Asker = NOBODY
    ours: Ours = field(default_factory=lambda: Ours(frozenset()))  # what runs under every policy, as these programs do
    result: Result | None = None
    _wanted: Settings | None = None
    _under_way: tuple[Settings, RunTask] | None = field(default=None, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def is_running(self) -> bool:
        return self._under_way is not None

    @property
    def is_starting(self) -> bool:
        """Whether the run under way waits for PyTorch to be imported."""
        return self.is_running and not self.runner.is_ready

    @property
    def place(self) -> Place | None:
        """Where the run under way waits; None when none does."""
        under_way = self._under_way
        return None if under_way is None else under_way[1].place

    def measure(self, settings: Settings) -> None:
        """Have the numbers for ``settings``: known ones at once, else by a run begun now."""
        with self._lock:
            if settings == self._wanted:
                return
            self._wanted = settings
            self._forget()
            known = self.results.get(settings)
            if known is None:
                program = self.ours.write(settings.program())
                self._under_way = (settings, RunTask(self.runner, program, LIMITS, self.asker))
            else:
                self.result = known

    def again(self) -> None:
        """Run what is wanted once more, after it failed."""
        with self._lock:
            settings, self._wanted = self._wanted, None
            if settings is not None:
                self.measure(settings)

    def leave(self) -> None:
        """The visitor has left: end the run under way. It begins anew when the page is drawn again."""
        with self._lock:
            if self.is_running:
                self._wanted = None
                self._forget()

    def settle(self, timeout_s: float) -> bool:
        """Take over the run's result if it ends within ``timeout_s``; whether none is under way."""
        awaited = self._under_way
        if awaited is not None and awaited[1].wait(timeout_s):
            settings, task = awaited
            result = read(settings, task.trace())
            if result.losses:
                self.results.put(result)
            with self._lock:
                if self._under_way is awaited:
                    self.result, self._under_way = result, None
        return self._under_way is None

    def _forget(self) -> None:
        awaited, self._under_way = self._under_way, None
        if awaited is not None:
            awaited[1].stop()


def read(settings: Settings, trace: Trace) -> Result:
    """The numbers that the program printed; none if it did not come to its end."""
    if trace.ending != "ok":
        return Result(settings, {}, trace)
    return Result(settings, {name: _measured(found) for name, found in json.loads(trace.stdout).items()}, trace)


def _measured(found: dict[str, float | list[float]]) -> Measured:
    numbers = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return Measured(**numbers)  # type: ignore[arg-type]
