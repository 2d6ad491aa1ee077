"""Waiting for a claim about the page: Playwright's ``wait_for_function`` needs ``eval``, which the app does not allow."""

from __future__ import annotations

import time

from playwright.sync_api import Page

PATIENCE_S = 60.0


def wait_until(page: Page, claim: str) -> None:
    """Until the JavaScript expression is true. Raises AssertionError after a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while not page.evaluate(claim):
        assert time.monotonic() < deadline, f"still not so: {claim}"
        page.wait_for_timeout(30)
