"""What all visitors of one server process share: runner, lessons' results, drawing and layout."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache

from engine.contract.policy import Policy, limits_of, policy_from
from engine.contract.trace import Limits, Program
from engine.running import Runner
from engine.variants.sheet import example_programs
from graphviz_tools.picture import shared_layout
from pages.ui.desk import connection
from pages.ui.desk.drawing import drawing
from pages.ui.desk.leaving import Leaving, Looker
from pages.ui.desk.lessons import lesson_programs
from pages.ui.desk.own_programs import Ours
from pages.ui.desk.results import KnownTraces
from pages.ui.server import malloc
from pages.ui.server.sockets import listening_addresses

LAYOUT_AFTER_S = 2.0
PER_ADDRESS = "BACKSTEP_PER_ADDRESS"
_sweeps: list[Callable[[], None]] = []
_ends: list[Callable[[], None]] = []


@cache
def policy() -> Policy:
    """Who may run what here: as set, else by where the server listens. Raises PolicyError for an unknown setting."""
    return policy_from(os.environ, listening_addresses())


def limits() -> Limits:
    """The bounds of a visitor's runs."""
    return limits_of(policy())


def per_address() -> int | None:
    """How many programs may run at once for one network address; None, as it is when not set: a class shares one."""
    asked = os.environ.get(PER_ADDRESS, "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() else None


@cache
def runner() -> Runner:
    """The process's runner, starting up; the first call begins to import torch in a child process."""
    the_runner = Runner(policy=policy(), lessons=ours(), per_address=per_address())
    the_runner.start()
    _sweeps.append(the_runner.look)
    return the_runner


@cache
def own_programs() -> frozenset[Program]:
    """The programs that are ours: of the lessons, and the example's variants."""
    return lesson_programs() | example_programs()


@cache
def ours() -> Ours:
    """What runs under every policy."""
    return Ours(own_programs())


@cache
def known_traces() -> KnownTraces:
    """Results of the lessons' own programs and of the example's variants, kept once run."""
    return KnownTraces(own_programs())


@cache
def leaving() -> Leaving:
    """What every visitor's session keeps."""
    the_leaving = Leaving(connection.is_connected, afterwards=malloc.trim)
    _sweeps.append(the_leaving.sweep)
    return the_leaving


def look_after(sweep: Callable[[], None], end: Callable[[], None]) -> None:
    """Something of a feature's that outlives a script: looked after every second, ended with the server."""
    _sweeps.append(sweep)
    _ends.append(end)


@cache
def _looker() -> Looker:
    leaving()
    return Looker(_sweeps)


def start() -> None:
    """Begin to start the child processes; returns at once.

    Those that draw and lay out wait until the first page has had time to be painted, unless a picture asks for them.
    """
    threading.Thread(target=runner().guarantee, name="guarantee", daemon=True).start()
    _layout_start().start()
    _looker()


def close() -> None:
    """End every child process that was started here."""
    _layout_start().cancel()
    drawing().close()
    shared_layout().close()
    _looker().close()
    _looker.cache_clear()
    for end in _ends:
        end()
    _ends.clear()
    _sweeps.clear()
    leaving.cache_clear()
    if runner.cache_info().currsize:
        runner().close()
        runner.cache_clear()


def _warm() -> None:
    drawing().warm()
    shared_layout().warm()


@cache
def _layout_start() -> threading.Timer:
    timer = threading.Timer(LAYOUT_AFTER_S, _warm)
    timer.daemon = True
    return timer
