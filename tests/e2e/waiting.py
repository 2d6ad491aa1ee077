"""Waiting for a claim about the page: Playwright's ``wait_for_function`` needs ``eval``, which the app does not allow."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

T = TypeVar("T")
PATIENCE_S = 60.0


def wait_until(page: Page, claim: str) -> None:
    """Until the JavaScript expression is true. Raises AssertionError after a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while not page.evaluate(claim):
        assert time.monotonic() < deadline, f"still not so: {claim}"
        page.wait_for_timeout(30)


def settled(page: Page, look: Callable[[], T], still_ms: int = 500) -> T:
    """What ``look`` gives once it has given the same for so long. Raises AssertionError after a minute."""
    deadline = time.monotonic() + PATIENCE_S
    seen = look()
    while True:
        page.wait_for_timeout(still_ms)
        last, seen = seen, look()
        if last == seen:
            return seen
        assert time.monotonic() < deadline, f"never the same: {seen}"
