"""What all visitors of one server process share: the runner, the lessons' results, the layout process."""

from __future__ import annotations

from functools import cache

from engine.running import Runner
from pages.ui.lessons import lesson_programs
from pages.ui.session import KnownTraces


@cache
def runner() -> Runner:
    """The process's runner, starting up; the first call begins to import torch in a child process."""
    the_runner = Runner()
    the_runner.start()
    return the_runner


@cache
def known_traces() -> KnownTraces:
    """Results of the lessons' own programs, kept once run."""
    return KnownTraces(lesson_programs())


def start() -> None:
    """Begin to start the child processes; returns at once."""
    runner()


def close() -> None:
    """End every child process that was started here."""
    if runner.cache_info().currsize:
        runner().close()
        runner.cache_clear()
