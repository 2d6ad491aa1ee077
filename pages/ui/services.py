"""What all visitors of one server process share: the runner, the lessons' results, the layout process."""

from __future__ import annotations

import threading
from functools import cache

from engine.running import Runner
from graphviz_tools.show import shared_layout
from pages.ui.bench import example_programs
from pages.ui.lessons import lesson_programs
from pages.ui.session import KnownTraces

LAYOUT_AFTER_S = 2.0


@cache
def runner() -> Runner:
    """The process's runner, starting up; the first call begins to import torch in a child process."""
    the_runner = Runner()
    the_runner.start()
    return the_runner


@cache
def known_traces() -> KnownTraces:
    """Results of the lessons' own programs and of the example's variants, kept once run."""
    return KnownTraces(lesson_programs() | example_programs())


def start() -> None:
    """Begin to start the child processes; returns at once.

    The layout process waits until the first page has had time to be painted, unless a picture asks for it.
    """
    runner()
    _layout_start().start()


def close() -> None:
    """End every child process that was started here."""
    _layout_start().cancel()
    shared_layout().close()
    if runner.cache_info().currsize:
        runner().close()
        runner.cache_clear()


@cache
def _layout_start() -> threading.Timer:
    timer = threading.Timer(LAYOUT_AFTER_S, shared_layout().warm)
    timer.daemon = True
    return timer
