"""A server and a Chromium for the tests that look at the app as a visitor does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.e2e.serving import Server, serve

PATIENCE_MS = 60_000  # a machine that runs other tests beside this one may take long
expect.set_options(timeout=PATIENCE_MS)
VIEWPORT = {"width": 1280, "height": 720}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs a browser or a server of its own."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for the tests that do not change it."""
    with serve() as running:
        running.wait_until_ready()
        yield running


Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Open]:
    """``visit("/?lesson=c2", locale="zh-CN")`` opens a page in a browser profile of its own.

    A message on the browser's console or an uncaught exception fails the test. Streamlit itself asks for its
    server below a page's address first, which gives a 404 on every link to a page but the first: no complaint.
    """
    contexts, complaints = [], []

    def open_page(path: str = "/", url: str = server.url, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": VIEWPORT, "locale": "en-US", **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        page.goto(url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(said: ConsoleMessage) -> bool:
    return said.type == "error" and "/_stcore/" not in said.location.get("url", "")
