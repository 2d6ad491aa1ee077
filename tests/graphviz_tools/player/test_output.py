"""What a program prints, while it runs and afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page

from tests.graphviz_tools.player.opened import Open, opening, press
from tests.graphviz_tools.player.payloads import no_graph, odd


@pytest.fixture
def player(browser: Browser) -> Iterator[Open]:
    with opening(browser) as open_player:
        yield open_player


def seen(page: Page) -> tuple[str, str, bool]:
    """(text, look, whether it is shown at all)."""
    pane = page.locator(".pane.output")
    look = (pane.get_attribute("class") or "").removeprefix("pane output").strip()
    return page.locator("[data-testid=output]").text_content() or "", look, pane.is_visible()


def test_of_a_new_run_the_old_output_is_dimmed_until_its_own_comes(player: Open) -> None:
    page = player(odd())
    press(page, "End")
    page.evaluate("player.setRunning(true)")
    assert seen(page) == ("3\n\n12", "before", True)
    page.evaluate("player.print('')")
    assert seen(page) == ("3\n\n12", "before", True)
    page.evaluate("player.print('new\\n')")
    assert seen(page) == ("new\n", "live", True)
    page.evaluate("player.setRunning(false)")
    assert seen(page) == ("3\n\n12", "", True)


def test_stepping_while_it_runs_leaves_what_it_prints(player: Open) -> None:
    page = player(odd())
    page.evaluate("player.setRunning(true); player.print('new')")
    press(page, "End", "ArrowLeft")
    assert seen(page)[:2] == ("new", "live")


def test_what_comes_when_nothing_runs_is_not_shown(player: Open) -> None:
    page = player(odd())
    press(page, "End")
    page.evaluate("player.print('late')")
    assert seen(page) == ("3\n\n12", "", True)
    page.evaluate("player.setRunning(true)")
    assert seen(page) == ("3\n\n12", "before", True)


def test_a_program_that_had_printed_nothing_gets_its_pane_with_the_first_line(player: Open) -> None:
    page = player(replace(no_graph(), stdout=""))
    assert seen(page) == ("", "", False)
    page.evaluate("player.setRunning(true); player.print('first')")
    assert seen(page) == ("first", "live", True)
    page.evaluate("player.setRunning(false)")
    assert seen(page) == ("", "", False)
