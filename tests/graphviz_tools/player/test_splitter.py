"""The lines between the panes: dragged, moved by keys, reset, remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.graphviz_tools.player.opened import Open, counter, opening
from tests.graphviz_tools.player.payloads import odd

WIDTHS = "() => ['left', 'pane.graph', 'pane.inspector'].map((name) => document.querySelector('.' + name).getBoundingClientRect().width)"


@pytest.fixture
def player(browser: Browser) -> Iterator[Open]:
    with opening(browser) as open_player:
        yield open_player


def widths(page: Page) -> list[float]:
    """Of code, picture and words."""
    return page.evaluate(WIDTHS)


def line(page: Page, number: int) -> Locator:
    return page.get_by_role("separator").nth(number)


def drag(page: Page, number: int, by: float) -> None:
    box = line(page, number).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 100
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by / 2, y)
    page.mouse.move(x + by, y)
    page.mouse.up()


def test_a_line_that_is_dragged_takes_width_from_one_pane_and_gives_it_to_the_other(player: Open) -> None:
    page = player(odd())
    code, picture, words = widths(page)
    drag(page, 0, -100)
    assert widths(page) == pytest.approx([code - 100, picture + 100, words], abs=1.5)
    drag(page, 1, 60)
    assert widths(page) == pytest.approx([code - 100, picture + 160, words - 60], abs=1.5)


def test_the_browser_remembers_the_widths_and_a_double_click_forgets_them(player: Open) -> None:
    page = player(odd())
    first = widths(page)
    drag(page, 0, 80)
    moved = widths(page)
    page.reload()
    page.wait_for_selector("[data-testid=step-counter]")
    assert widths(page) == pytest.approx(moved, abs=1)
    line(page, 1).dblclick()
    assert widths(page) == pytest.approx(first, abs=1)
    page.reload()
    page.wait_for_selector("[data-testid=step-counter]")
    assert widths(page) == pytest.approx(first, abs=1)


def test_arrow_keys_on_a_line_move_it_and_not_the_step(player: Open) -> None:
    page = player(odd())
    code, picture, _ = widths(page)
    at, share = counter(page), line(page, 0).get_attribute("aria-valuenow")
    line(page, 0).focus()
    page.keyboard.press("ArrowRight")
    assert widths(page)[0] == pytest.approx(code + 0.04 * (code + picture), abs=1.5)
    assert counter(page) == at
    assert int(line(page, 0).get_attribute("aria-valuenow") or 0) == pytest.approx(int(share or 0) + 4, abs=1)
    assert line(page, 0).get_attribute("aria-label")


@pytest.mark.parametrize("key", ["Home", "End"])
def test_no_pane_is_closed_altogether(player: Open, key: str) -> None:
    page = player(odd())
    line(page, 0).press(key)
    assert min(widths(page)) == pytest.approx(180, abs=1)


@pytest.mark.parametrize("kept", ["no JSON", "{}", '{"left": -1, "graph": 1, "now": 1}', "[1, 2, 3]", "7"])
def test_odd_remembered_widths_are_as_none(player: Open, kept: str) -> None:
    page = player(odd())
    first = widths(page)
    page.evaluate("(kept) => localStorage.setItem('backstep.widths', kept)", kept)
    page.reload()
    page.wait_for_selector("[data-testid=step-counter]")
    assert widths(page) == pytest.approx(first, abs=1)


def test_where_panes_are_swiped_there_is_no_line(player: Open) -> None:
    page = player(odd(), viewport={"width": 390, "height": 844})
    assert page.get_by_role("separator").count() == 0
