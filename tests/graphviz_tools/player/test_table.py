"""The player in Chromium where there is no picture: the vertices as a table that follows the step."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from graphviz_tools.payload import Payload
from tests.graphviz_tools.player.opened import Open, opening, press
from tests.graphviz_tools.player.payloads import NAME, no_graph, odd

pytestmark = pytest.mark.e2e
WHY = "This graph could not be drawn: it is `too dense`."


def listed() -> Payload:
    return msgspec.structs.replace(odd(), svg=None, no_picture=WHY)


@pytest.fixture
def player(browser: Browser) -> Iterator[Open]:
    with opening(browser) as open_player:
        yield open_player


def row(page: Page, vertex: str) -> list[str]:
    return page.locator(f"tr[data-node-id={vertex}] td").all_inner_texts()


def test_every_vertex_has_a_row_with_its_state_at_the_step(player: Open) -> None:
    page = player(listed())
    assert page.locator("[data-testid=vertices] tbody tr").count() == 5
    assert page.locator(".why-listed").inner_text() == "This graph could not be drawn: it is too dense."
    assert row(page, "w2") == ["w again, leaf", "", "", ""]
    press(page, "End")
    assert row(page, "bad") == [f"{NAME} MulBackward0", "2", "failed", "·"]
    assert row(page, "w2") == ["w again, leaf", "", "waiting", ""]
    assert row(page, "w1")[3] == "grad [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    press(page, "Home")
    assert row(page, "bad")[2] == "waiting"


def test_a_row_opens_the_inspector_and_a_step_forgets_it(player: Open) -> None:
    page = player(listed())
    page.locator("tr[data-node-id=w1]").click()
    assert NAME in page.locator("[data-testid=inspector]").inner_text()
    assert page.locator("tr.selected").get_attribute("data-node-id") == "w1"
    press(page, "ArrowRight")
    assert page.locator("tr.selected").count() == 0


def test_keys_walk_through_the_rows_and_search_finds_them(player: Open) -> None:
    page = player(listed())
    page.locator("tr[data-node-id=root] button").focus()
    press(page, "ArrowDown", "ArrowDown")
    assert page.locator("tr.selected").get_attribute("data-node-id") == "w1"
    assert page.locator("tr button[aria-pressed=true]").evaluate("b => b === b.getRootNode().activeElement")
    page.locator("[data-testid=player]").focus()
    press(page, "/")
    page.keyboard.type("self = w")
    assert page.locator("tr.selected").get_attribute("data-node-id") == "kept"


def test_there_is_nothing_to_zoom_and_no_table_of_nothing(player: Open) -> None:
    assert player(listed()).locator(".tools button:visible").evaluate_all("all => all.map(e => e.title)") == [
        "Search (/)"
    ]
    page = player(no_graph())
    assert page.locator(".no-picture").inner_text() == "There is no graph."
    assert page.locator("[data-testid=vertices]").count() == 0


def test_a_picture_that_comes_later_takes_the_table_away(player: Open) -> None:
    page = player(listed())
    page.evaluate("payload => window.player.update(payload)", msgspec.to_builtins(odd()))
    assert page.locator("[data-testid=vertices], .listed").count() == 0
    assert page.locator("g[data-node-id=w1]").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(player: Open, scheme: str) -> None:
    page = player(listed(), color_scheme=scheme)
    press(page, "End")
    page.locator("tr[data-node-id=w1]").click()
    found = Axe().run(page, context={"include": [[".frame"]]}).response["violations"]
    assert [rule["id"] for rule in found if rule["id"] != "region"] == []  # regions are the app's
