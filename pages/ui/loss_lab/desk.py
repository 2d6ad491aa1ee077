"""Running the programs of the loss laboratory: what was measured, kept by what was set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from engine.contract.bounded import Bounded
from engine.contract.trace import Limits, Trace
from engine.running.turns import Asker
from pages.ui.desk.desk import Desk
from pages.ui.desk.own_programs import Ours
from pages.ui.desk.task import Runs, Task
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
class Measurement:
    """A run of the laboratory. ``losses`` is empty where the program did not come to its end."""

    settings: Settings
    losses: Mapping[str, Measured]
    trace: Trace


Measurements = Bounded[Settings, Measurement]  # those used last


@cache
def kept() -> Measurements:
    """The results of this server process."""
    return Bounded(MOST_KEPT)


class LossDesk(Desk[Measurement]):
    """The desk for what is set: its numbers; the last ones stay until the next are there."""

    def __init__(
        self, runner: Runs, results: Measurements, asker: Asker | None = None, ours: Ours | None = None
    ) -> None:
        super().__init__(runner, asker)
        self._results = results
        self._ours = ours or Ours(frozenset())  # what runs under every policy, as these programs do
        self._wanted: Settings | None = None

    def measure(self, settings: Settings) -> None:
        """Have the numbers for ``settings``: known ones at once, else by a run begun now."""
        with self._lock:
            if settings == self._wanted:
                return
            self._wanted = settings
            self._forget()
            known = self._results.get(settings)
            if known is not None:
                self.put(known)
            else:
                task = Task(self._runner, self._ours.write(settings.program()), LIMITS, self._asker).start()
                self._await(task, lambda: self._measured(settings, task))

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

    def _measured(self, settings: Settings, task: Task) -> Measurement:
        result = read(settings, task.trace())
        return self._results.put(settings, result) if result.losses else result


def read(settings: Settings, trace: Trace) -> Measurement:
    """The numbers that the program printed; none if it did not come to its end."""
    if trace.ending != "ok":
        return Measurement(settings, {}, trace)
    return Measurement(settings, {name: _measured(found) for name, found in json.loads(trace.stdout).items()}, trace)


def _measured(found: dict[str, float | list[float]]) -> Measured:
    numbers = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return Measured(**numbers)  # type: ignore[arg-type]
