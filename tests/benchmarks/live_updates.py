"""Live training in Chromium: updates a second, bytes of each, what the server spends on them.

    python -m tests.benchmarks.live_updates

A program trains at full speed for some seconds, alone and beside another one. ``updates`` are server-sent events
that reached the page, ``drawn`` how often the loss chart was drawn with more points, ``CPU`` the server process's
own time beyond that of the same page at rest, for each run, in percent of one core. Targets for a running session:
5 updates a second or more, each below 20 kB, below 5 % of one core.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import chromium
from tests.e2e.conftest import VIEWPORT
from tests.e2e.serving import Server, serve
from tests.e2e.waiting import wait_until

SECONDS = 10.0
LISTEN = """
window.heard = [];
const Real = window.EventSource;
window.EventSource = class extends Real {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", ({ data }) => window.heard.push(new TextEncoder().encode(data).length));
  }
};
"""
WATCH = """
() => {
  const chart = document.querySelector("[data-testid=chart-loss]");
  window.drawn = 0;
  let last = 0;
  new MutationObserver(() => {
    const now = Number(chart.dataset.points);
    if (now > last) window.drawn += 1;
    last = now;
  }).observe(chart, { attributes: true, attributeFilter: ["data-points"] });
  window.heard.length = 0;
}
"""
FIT = """
import math
import torch

x = torch.linspace(-math.pi, math.pi, 2000)
y = torch.sin(x)
a, b, c, d = (torch.randn((), requires_grad=True) for _ in range(4))
for step in range(10_000_000):
    y_pred = a + b * x + c * x ** 2 + d * x ** 3
    loss = (y_pred - y).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        for p in (a, b, c, d):
            p -= 1e-6 * p.grad
            p.grad = None
"""
LAYERS = """
import torch

model = torch.nn.Sequential(torch.nn.Linear(100, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
x, y = torch.randn(64, 100), torch.randn(64, 10)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
for step in range(10_000_000):
    loss = ((model(x) - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""


@dataclass(frozen=True)
class Measured:
    """Of one page over ``SECONDS``."""

    n_updates: int
    n_drawn: int
    sizes: list[int]  # bytes
    cpu_s: float
    n_steps: int

    def row(self, name: str, n_runs: int, idle_s: float) -> str:
        share = max(self.cpu_s - idle_s, 0.0) / SECONDS / n_runs
        mean = sum(self.sizes) / max(len(self.sizes), 1)
        return (
            f"{name:<22} {self.n_steps / SECONDS:>8,.0f} {self.n_updates / SECONDS:>9.1f} {self.n_drawn / SECONDS:>7.1f} "
            f"{mean / 1000:>8.2f} {max(self.sizes, default=0) / 1000:>8.2f} {100 * share:>11.1f}"
        )


def cpu_s(pid: int) -> float:
    """Seconds of processor time the process itself has used, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write(page: Page, source: str) -> None:
    page.locator("[data-testid=stPopover] button").click()
    area = page.locator(".st-key-training-own textarea")
    area.fill(source)
    area.press("Control+Enter")
    page.wait_for_timeout(500)
    page.keyboard.press("Escape")


def steps(page: Page) -> int:
    texts = page.get_by_test_id("step").all_inner_texts()
    return sum(int(text.split(" of ")[0].replace(",", "")) for text in texts)


def measure(page: Page, server: Server) -> Measured:
    page.evaluate(WATCH)
    spent, begun, first = cpu_s(server.pid), time.monotonic(), steps(page)
    page.wait_for_timeout(SECONDS * 1000 - (time.monotonic() - begun) * 1000)
    sizes, drawn = page.evaluate("[window.heard, window.drawn]")
    return Measured(len(sizes), drawn, sizes, cpu_s(server.pid) - spent, steps(page) - first)


def opened(browser: Browser, server: Server) -> Page:
    page = browser.new_page(viewport=VIEWPORT)
    page.add_init_script(LISTEN)
    page.goto(f"{server.url}/training?train=own")
    page.wait_for_selector("[data-testid=training]")
    return page


def train(page: Page, source: str) -> None:
    write(page, source)
    before = page.get_by_test_id("run").count()
    page.locator(".st-key-training-start button").click()
    wait_until(page, f"document.querySelectorAll('[data-testid=run]').length > {before}")
    wait_until(page, "Number(document.querySelector('[data-testid=chart-loss]').dataset.points) > 100")
    page.wait_for_timeout(2000)  # the first curves are told whole


def main() -> None:
    """Print the table."""
    with serve() as server, sync_playwright() as playwright:
        server.wait_until_ready()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = opened(browser, server)
        page.wait_for_timeout(3000)
        idle = measure(page, server)
        print(f"server at rest with the page open: {100 * idle.cpu_s / SECONDS:.1f} % of a core")
        print(
            f"{'':<22} {'steps/s':>8} {'updates/s':>9} {'drawn/s':>7} {'mean kB':>8} {'max kB':>8} {'CPU % a run':>11}"
        )
        train(page, FIT)
        print(measure(page, server).row("polynomial fit", 1, idle.cpu_s))
        train(page, LAYERS)
        print(measure(page, server).row("fit and two layers", 2, idle.cpu_s))
        browser.close()


if __name__ == "__main__":
    main()
