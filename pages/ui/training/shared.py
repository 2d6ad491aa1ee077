"""What all visitors of the Training page share: their desks, the example and the devices."""

from __future__ import annotations

import threading
from functools import cache

from engine.running.turns import NOBODY
from pages.ui.desk import connection, services
from pages.ui.training import candidates
from pages.ui.training.candidates import Candidate
from pages.ui.training.desk import TrainingDesks
from pages.ui.training.devices import Devices
from pages.ui.training.run import LiveRun, Trains


class Example:
    """One lesson, trained here once for everybody; begun when it is first asked for. Safe to use from many threads."""

    def __init__(self, runner: Trains, candidate: Candidate) -> None:
        self.candidate = candidate
        self._runner = runner
        self._run: LiveRun | None = None
        self._lock = threading.Lock()

    def run(self) -> LiveRun:
        """The run, perhaps still under way; one that did not come to its end is made again."""
        with self._lock:
            if self._run is None or (self._run.has_ended and self._run.store.ending != "ok"):
                self._run = LiveRun(self._runner, self.candidate, NOBODY, 1, is_example=True)
            return self._run


def trainer() -> Trains:
    """What training runs are given to."""
    return services.runner()


@cache
def desks() -> TrainingDesks:
    """Every visitor's training desk."""
    made = TrainingDesks(connection.is_connected)
    services.look_after(made.sweep, _end)
    return made


@cache
def example() -> Example | None:
    """The training that everybody finds; None when no lesson trains."""
    first = candidates.first()
    return Example(trainer(), candidates.trainings()[first]) if first else None


@cache
def devices() -> Devices:
    """What programs can compute on."""
    return Devices(services.runner())


def _end() -> None:
    desks().close()
    for one in (desks, example, devices):
        one.cache_clear()
