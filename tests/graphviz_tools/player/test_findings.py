"""Findings wait for their step, unless everything is to be told at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec import structs
from playwright.sync_api import Browser, Page

from graphviz_tools.payload import LineMark, Mark, Payload
from tests.graphviz_tools.player.opened import Open, opening, press
from tests.graphviz_tools.player.payloads import odd

pytestmark = pytest.mark.e2e


@pytest.fixture
def player(browser: Browser) -> Iterator[Open]:
    with opening(browser) as open_player:
        yield open_player


def late(**changes: object) -> Payload:
    """A finding at step 2, with a part on line 1."""
    line = LineMark(2, "error", "bad", parts=(("saved on line 1", 1),), since=2)
    return structs.replace(odd(), line_marks=(line,), marks=(Mark(2, "finding", "bad", 2),), start_step=0, **changes)


def told(page: Page) -> tuple[int, int, int]:
    """How many findings are told below the code, on the timeline, and how many lines are marked."""
    places = (".line-mark", ".timeline .mark.finding", ".cm-gutterElement.error")
    return tuple(page.locator(place).count() for place in places)  # type: ignore[return-value]


def test_a_finding_comes_with_its_step_and_goes_with_it(player: Open) -> None:
    page = player(late())
    assert told(page) == (0, 0, 0)
    press(page, "ArrowRight", "ArrowRight")
    assert told(page) == (1, 1, 1)
    assert page.locator(".line-mark .parts").inner_text() == "saved on line 1"
    press(page, "ArrowLeft")
    assert told(page) == (0, 0, 0)


def test_the_switch_tells_them_at_once_and_is_remembered(player: Open) -> None:
    page = player(late())
    page.get_by_test_id("at-once").check()
    assert told(page) == (1, 1, 1)
    page.reload()
    page.wait_for_selector("[data-testid=step-counter]")
    assert told(page) == (1, 1, 1)


def test_where_the_prediction_has_been_made_there_is_no_switch(player: Open) -> None:
    page = player(late(at_once=True))
    assert told(page) == (1, 1, 1)
    assert not page.locator("label.at-once").is_visible()
