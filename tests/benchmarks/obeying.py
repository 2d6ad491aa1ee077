"""How soon a training run obeys the page's buttons, in Chromium.

    python -m tests.benchmarks.obeying [ROUNDS]

``process``: from the click until the kernel says that the program's process is stopped, goes on, or is gone.
``page``: until the page says so. Target: 300 ms for both.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from playwright.sync_api import Locator, sync_playwright

from tests.conftest import chromium
from tests.e2e.conftest import VIEWPORT
from tests.e2e.serving import Server, serve
from tests.e2e.training import Training, act, descendants, in_phase, process_state, program
from tests.engine.running.processes import comes_true

TARGET_S = 0.3
PATIENCE_S = 10.0


def timed(row: Locator, name: str, pid: int, states: str, phase: str) -> tuple[float, float]:
    """Seconds until the process is in one of ``states`` ("" for gone), and until the page shows ``phase``."""
    started = time.perf_counter()
    act(row, name)
    assert comes_true(lambda: (process_state(pid) or "-") in states, PATIENCE_S, 0.005), f"{name}: {process_state(pid)}"
    process_s = time.perf_counter() - started
    in_phase(row, phase)
    return process_s, time.perf_counter() - started


def one_round(training: Training, server: Server) -> dict[str, tuple[float, float]]:
    idle = descendants(server.pid)
    row = training.start(program())
    in_phase(row, "running")
    (pid,) = descendants(server.pid) - idle
    training.wait_for_points(training.points())
    return {
        "Pause": timed(row, "pause", pid, "T", "paused"),
        "Resume": timed(row, "pause", pid, "RSD", "running"),
        "Stop": timed(row, "stop", pid, "-", "ended"),
    }


def main(n_rounds: int) -> None:
    """Print the table."""
    with serve() as server, sync_playwright() as playwright:
        server.wait_until_ready()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        found = []
        for _ in range(n_rounds):
            page = browser.new_page(viewport=VIEWPORT)
            page.goto(f"{server.url}/training?train=own")
            found.append(one_round(Training(page), server))
            page.close()
        browser.close()
    print(f"{'ms':<8} {'process':>8} {'worst':>7} {'page':>7} {'worst':>7}   target {TARGET_S * 1000:.0f}")
    for name in found[0]:
        columns = [[1000 * each[name][i] for each in found] for i in (0, 1)]
        print(f"{name:<8} " + " ".join(f"{median(c):7.0f} {max(c):7.0f}" for c in columns))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
