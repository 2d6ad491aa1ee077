"""The Training page as a visitor uses it, and the processes that train."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.waiting import wait_until

Open = Callable[..., Page]
PROGRAM = """
import time
import torch

torch.manual_seed(0)
x = torch.linspace(-1, 1, 50)
y = 2 * x + 1
w = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.{optimizer}([w, b], lr={lr})
for step in range({steps}):
    y_pred = w * x + b
    loss = ((y_pred - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    time.sleep({sleep_s})
print("done")
"""


def program(optimizer: str = "SGD", lr: float = 0.01, steps: int = 1_000_000, sleep_s: float = 0.002) -> str:
    return PROGRAM.format(optimizer=optimizer, lr=lr, steps=steps, sleep_s=sleep_s)


class Training:
    """The open page; every method waits for what it needs."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_selector("[data-testid=training]")

    def write(self, source: str) -> Training:
        """Write the program of one's own, which is chosen."""
        self.page.locator("[data-testid=stPopover] button").click()
        area = self.page.locator(".st-key-training-own textarea")
        area.fill(source)
        area.press("Control+Enter")
        expect(self.page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
        self.page.keyboard.press("Escape")
        return self

    def start(self, source: str | None = None) -> Locator:
        """Press Start; the newest run's row."""
        if source is not None:
            self.write(source)
        before = self.rows().count()
        self.start_button().click()
        expect(self.rows()).to_have_count(before + 1)
        return self.rows().last

    def start_button(self) -> Locator:
        return self.page.locator(".st-key-training-start button")

    def rows(self) -> Locator:
        return self.page.get_by_test_id("run")

    def points(self, chart: str = "loss") -> int:
        return int(self.page.get_by_test_id(f"chart-{chart}").get_attribute("data-points") or 0)

    def wait_for_points(self, more_than: int, chart: str = "loss") -> int:
        script = f"Number(document.querySelector('[data-testid=chart-{chart}]').dataset.points) > {more_than}"
        wait_until(self.page, script)
        return self.points(chart)

    def step(self, row: Locator) -> int:
        return int(re.sub(r" of .*|,", "", row.get_by_test_id("step").inner_text()))

    def wait_for_step(self, more_than: int) -> None:
        text = "document.querySelector('[data-testid=step]').textContent"
        wait_until(self.page, f"Number({text}.replace(/ of .*|,/g, '')) > {more_than}")


def act(row: Locator, name: str) -> None:
    row.locator(f"[data-act={name}]").click()


def in_phase(row: Locator, phase: str, timeout_s: float = 20) -> None:
    expect(row).to_have_attribute("data-phase", phase, timeout=timeout_s * 1000)


def descendants(pid: int) -> set[int]:
    """Processes started by this one, and by those."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found, last = {pid}, 0
    while len(found) > last:
        last = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found - {pid}


def process_state(pid: int) -> str:
    """R, S, T (stopped) ... of a process, "" of one that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def opened(visit: Open, path: str = "/training?train=own", **options: object) -> Training:
    return Training(visit(path, **options))
