"""What readers are told is what was written down and read: not a word, number, line or place has changed unnoticed.

A change that is meant: ``python -m tests.told``, then read the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from engine.running import Runner
from graphviz_tools.render.layout import Layout
from tests.told.programs import JUDGED, all_judged, lesson_file, recorded_lesson
from tests.told.telling import LESSONS, told


@pytest.fixture(scope="module")
def one() -> Iterator[Runner]:
    with Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def layout() -> Iterator[Layout]:
    with closing(Layout()) as one:
        yield one


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_told_as_before(one: Runner, layout: Layout, name: str) -> None:
    trace = recorded_lesson(one, name)
    assert told(trace, layout).splitlines() == lesson_file(name).read_text(encoding="utf-8").splitlines()


def test_wrong_programs_are_judged_as_before(one: Runner) -> None:
    assert all_judged(one).splitlines() == JUDGED.read_text(encoding="utf-8").splitlines()
