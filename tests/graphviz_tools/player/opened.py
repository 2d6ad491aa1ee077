"""Opening the player on a payload, and reading what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser, Locator, Page

from graphviz_tools.payload import Payload, encode
from tests.e2e.static_page import static_player

Open = Callable[..., Page]


@contextmanager
def opening(browser: Browser) -> Iterator[Open]:
    """``open_player(payload, **options of the browser)``; an uncaught exception on a page fails the test."""
    errors: list[str] = []
    with ExitStack() as stack:

        def open_player(payload: Payload, **options: object) -> Page:
            url = stack.enter_context(static_player(encode(payload)))
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})  # type: ignore[arg-type]
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(url)
            page.wait_for_selector("[data-testid=step-counter]")
            page.locator("[data-testid=player]").focus()
            return page

        yield open_player
    assert errors == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def counter(page: Page) -> str:
    return page.locator("[data-testid=step-counter]").inner_text()


def state(page: Page, vertex: str) -> str | None:
    return page.locator(f"[data-node-id={vertex}]").get_attribute("data-state")


def text_of(editor: Locator) -> str:
    """The whole text of an editor; the page itself holds only the lines in view."""
    return editor.evaluate("(editor) => editor.value")
