"""Hostile names, output and errors in the Explorer: no script runs, no element, link or image is made of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.explorer import Explorer
from tests.hostile import ERROR, LOOK, PROGRAM

Open = Callable[..., Page]


def test_no_text_of_a_program_becomes_markup_in_the_explorer(visit: Open) -> None:
    page = visit("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    explorer = Explorer(page).wait_for_picture()
    explorer.run(PROGRAM + ERROR)
    page.get_by_text(f"on line {(PROGRAM + ERROR).count(chr(10))}").first.wait_for()
    assert page.evaluate(LOOK) == []
    explorer.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "End"):
        explorer.press(key)
    for vertex in page.locator("[data-node-id]").all()[:6]:
        vertex.dispatch_event("click")
        assert page.evaluate(LOOK) == []
    page.get_by_text("Forward and backward").click()
    page.wait_for_selector("[data-testid=player] [data-node-id]")
    assert page.evaluate(LOOK) == []
    assert not [url for url in asked if "evil" in url]
