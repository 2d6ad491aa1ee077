"""From pressing Run to the drawn graph in Chromium, warm.

    python -m tests.benchmarks.run_to_picture [RUNS]

Every run changes the program a little, so that nothing comes from a cache. The clock runs in the browser:
from the click to the frame after the new graph is in the page. Target: median under 300 ms.
"""

from __future__ import annotations

import sys
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from tests.conftest import chromium
from tests.e2e.conftest import VIEWPORT
from tests.e2e.explorer import Explorer
from tests.e2e.serving import serve

TARGET_MS = 300

# Presses Run and resolves with the milliseconds until the graph was replaced and painted.
PRESS_RUN_AND_WAIT = """
() => new Promise((resolve) => {
  const roots = [...document.querySelectorAll("*")].map((each) => each.shadowRoot);
  const host = roots.find((root) => root?.querySelector("[data-testid=player]"));
  const before = host.querySelector("svg [data-node-id]");
  const started = performance.now();
  const look = () => {
    const now = host.querySelector("svg [data-node-id]");
    if (now && now !== before) requestAnimationFrame(() => resolve(performance.now() - started));
    else requestAnimationFrame(look);
  };
  host.querySelector("[data-testid=run]").click();
  requestAnimationFrame(look);
})
"""


def run_to_picture_ms(page: Page, number: int) -> float:
    """Milliseconds of one run of a program that no run before had."""
    explorer = Explorer(page)
    explorer.type_program(explorer.program().split("# run")[0].rstrip() + f"\n# run {number}\n")
    return page.evaluate(PRESS_RUN_AND_WAIT)


def main(n_runs: int) -> None:
    with serve() as server, sync_playwright() as playwright:
        server.wait_until_ready()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport=VIEWPORT)
        page.goto(server.url)
        Explorer(page).wait_for_picture()
        for number in range(3):
            run_to_picture_ms(page, -number)
        times = [run_to_picture_ms(page, number) for number in range(1, n_runs + 1)]
        browser.close()
    p95 = quantiles(times, n=20)[-1]
    print(f"run to picture: median {median(times):.0f} ms, p95 {p95:.0f} ms, {n_runs} runs (target {TARGET_MS} ms)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
