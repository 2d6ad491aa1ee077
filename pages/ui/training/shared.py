"""What all visitors of the Training page share: their desks, the example and the devices."""

from __future__ import annotations

from functools import cache

from pages.ui.desk import connection, services
from pages.ui.training import candidates
from pages.ui.training.desks import Desks
from pages.ui.training.devices import Devices
from pages.ui.training.example import Example
from pages.ui.training.run import Trains


def trainer() -> Trains:
    """What training runs are given to."""
    return services.runner()


@cache
def desks() -> Desks:
    """Every visitor's training desk."""
    made = Desks(connection.is_connected)
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
