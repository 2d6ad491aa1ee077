"""From starting the server to the first words on the page, against an empty Streamlit app.

    python -m tests.benchmarks.first_paint [PAIRS]

Each pair starts both servers one after the other, in turning order, each visited once by a browser profile
that has nothing cached. Target: the median of the pairs' ratios is at most 1.15.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import chromium
from tests.e2e.conftest import VIEWPORT
from tests.e2e.serving import ROOT, STREAMLIT, serve

TARGET = 1.15
EMPTY_APP = "import streamlit as st\n\nst.html('<p class=\"brand\">Empty</p>')\n"
EMPTY = (
    "-m",
    "streamlit",
    "run",
    "empty.py",
    "--server.headless",
    "true",
    "--server.port",
    "{port}",
    "--browser.gatherUsageStats",
    "false",
)


def first_paint_s(browser: Browser, command: Sequence[str], cwd: Path) -> float:
    """Seconds from starting the server until the page's first element is visible."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    started = perf_counter()
    with serve(command, cwd, health="/_stcore/health") as server:
        page.goto(server.url, wait_until="commit")
        page.wait_for_selector(".brand")
        elapsed = perf_counter() - started
        context.close()
    return elapsed


def main(n_pairs: int) -> None:
    pairs = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (Path(folder) / "empty.py").write_text(EMPTY_APP)
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        both = {"ours": (STREAMLIT, ROOT), "empty": (EMPTY, Path(folder))}
        for _, (command, cwd) in both.items():
            first_paint_s(browser, command, cwd)  # warms the file cache
        for number in range(n_pairs):
            order = list(both) if number % 2 else list(reversed(both))
            times = {name: first_paint_s(browser, *both[name]) for name in order}
            pairs.append((times["ours"], times["empty"]))
            print(f"  ours {times['ours']:.2f} s   empty {times['empty']:.2f} s", flush=True)
        browser.close()
    ratio = median(ours / empty for ours, empty in pairs)
    ours_s, empty_s = (median(times) for times in zip(*pairs, strict=True))
    print(f"first paint: ours {ours_s:.2f} s, empty app {empty_s:.2f} s, ratio {ratio:.2f} (target {TARGET})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
