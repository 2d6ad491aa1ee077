"""From a key press to the step on screen, in Chromium, for graphs of several sizes.

    python -m tests.benchmarks.player_latency

``work`` is the time the player's own code and the browser's style and layout take for one step; ``frame`` is
from the key to the frame in which it shows. A frame is 16.7 ms. Target: the step shows within one frame,
16 ms median of work for 200 vertices.
"""

from __future__ import annotations

from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from tests.conftest import chromium
from tests.e2e.conftest import VIEWPORT
from tests.e2e.static_page import payload_of, static_player

N_STEPS = 120
STEP = """
(n) => new Promise(async (resolve) => {
  const root = document.querySelector("[data-testid=player]");
  const works = [], frames = [];
  for (let i = 0; i < n; i++) {
    await new Promise(requestAnimationFrame);
    const started = performance.now();
    root.dispatchEvent(new KeyboardEvent("keydown", { key: i % 50 === 49 ? "Home" : "ArrowRight", bubbles: true }));
    document.querySelector("svg").getBoundingClientRect();
    works.push(performance.now() - started);
    await new Promise(requestAnimationFrame);
    frames.push(performance.now() - started);
  }
  resolve({ works, frames });
})
"""


def program(n_nodes: int) -> str:
    """A program whose backward graph has about ``n_nodes`` vertices: rows of small blocks."""
    blocks = max(1, n_nodes // 5)
    return (
        f"import torch\nw = [torch.rand(3, requires_grad=True) for _ in range({blocks})]\nx = torch.rand(3)\n"
        f"for i in range({blocks}): x = (x * w[i]).tanh() + w[i].exp()\nx.sum().backward()\n"
    )


def measure(page: Page, url: str) -> tuple[int, list[float], list[float]]:
    page.goto(url)
    page.wait_for_selector("[data-testid=step-counter]")
    n = page.locator("[data-node-id]").count()
    page.evaluate(STEP, 20)
    result = page.evaluate(STEP, N_STEPS)
    return n, result["works"], result["frames"]


def main() -> None:
    """Print the table."""
    print(f"{'vertices':>8} {'work p50':>9} {'p95':>6} {'key to frame p50':>17} {'p95':>6}  (ms)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for size in (10, 50, 200, 290):
            with static_player(payload_of(program(size))) as url:
                page = browser.new_page(viewport=VIEWPORT)
                n, works, frames = measure(page, url)
                row = [median(works), quantiles(works, n=20)[-1], median(frames), quantiles(frames, n=20)[-1]]
                print(f"{n:8} {row[0]:9.1f} {row[1]:6.1f} {row[2]:17.1f} {row[3]:6.1f}")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
