"""Take the pictures of README.md from the real app.

    .venv/bin/python docs/make_screenshots.py [CHROMIUM]

Starts the app on a free port, opens lesson C1, steps to the node that multiplies, and saves the page at
1280 x 720 in the light theme.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.conftest import chromium  # noqa: E402
from tests.e2e.conftest import VIEWPORT  # noqa: E402
from tests.e2e.serving import serve  # noqa: E402

IMAGES = ROOT / "docs" / "images"
STEPS_TO_MULTIPLY = 2  # from where the player opens: the root, SumBackward0, then MulBackward0


def main() -> None:
    """Write docs/images/explorer-light.png."""
    IMAGES.mkdir(exist_ok=True)
    with serve() as server, sync_playwright() as playwright:
        server.wait_until_ready()
        browser = playwright.chromium.launch(
            executable_path=sys.argv[1] if len(sys.argv) > 1 else chromium(), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=VIEWPORT, color_scheme="light", locale="en-US", reduced_motion="reduce")
        page.goto(server.url)
        page.wait_for_selector("[data-testid=player] [data-node-id]")
        page.locator("[data-testid=player]").focus()
        for _ in range(STEPS_TO_MULTIPLY):
            page.keyboard.press("ArrowRight")
        page.mouse.move(640, 60)
        page.wait_for_timeout(500)
        page.screenshot(path=str(IMAGES / "explorer-light.png"))
        browser.close()


if __name__ == "__main__":
    main()
