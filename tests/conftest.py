"""One Chromium for every test that looks at a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

REQUIRED = "BACKSTEP_REQUIRE_BROWSER"


def chromium() -> str | None:
    """Where Chromium is: CHROMIUM_PATH, else where systems put it."""
    named = os.environ.get("CHROMIUM_PATH", "")
    known = [named, shutil.which("chromium"), shutil.which("chromium-browser"), shutil.which("google-chrome")]
    return next((path for path in known if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        message = "no Chromium found: install it or set CHROMIUM_PATH"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{message} ({REQUIRED}=1)")
        pytest.skip(message)
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--font-render-hinting=none"]
        instance = playwright.chromium.launch(executable_path=path, args=flags)
        yield instance
        instance.close()
