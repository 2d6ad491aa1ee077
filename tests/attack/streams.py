"""Programs that write into their own event stream: what they cost the server, and the visitor beside them."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.abuse.program import FOLDER, read
from tests.attack.memory import left, rss_mb
from tests.attack.row import Row
from tests.e2e.serving import Server, serve
from tests.load.visitor import visit

BOMBS = (
    "v20_started_again",
    "v22_arguments",
    "v23_ticks",
    "v24_many_small_chunks",
    "v25_many_empty_events",
    "v26_long_shapes",
    "v27_circles",
    "v28_runs_in_runs",
    "v29_live_flood",
    "v31_long_texts",
    "v34_all_it_may",
)
HONEST = "import torch\nw = torch.ones(3, requires_grad=True)\n(w * w).sum().backward()\nprint(w.grad)\n"
LARGE = (
    "import torch\ny = w = torch.ones(3, requires_grad=True)\nfor i in range(7_000): y = y * 1.0001\nprint(y.sum())\n"
)
WARM = 3  # honest runs before the first look at the memory
MOST_S, MOST_BESIDE_S = 15.0, 5.0


def rows() -> Iterator[Row]:
    """One for each program, then one for the memory after all of them."""
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        for _ in range(WARM):
            _runs(server, HONEST)
        _runs(server, LARGE)
        start_mb = rss_mb(server)
        for name in BOMBS:
            yield _bomb(server, name, start_mb)
        yield left(server, start_mb)


def _bomb(server: Server, name: str, start_mb: float) -> Row:
    program = read(FOLDER / f"{name}.py")
    with _neighbour(server) as times, _highest(server) as highest:
        seconds = _runs(server, program.source)
    beside_s = max(times, default=0.0)
    seen = f"{seconds:.1f} s, +{max(highest) - start_mb:.0f} MB, beside {statistics.median(times or [0]):.1f} to {beside_s:.1f} s"
    return Row(
        program.title,
        f"under {MOST_S:g} s, beside under {MOST_BESIDE_S:g} s",
        seen,
        seconds < MOST_S and 0 < beside_s < MOST_BESIDE_S,
    )


def _runs(server: Server, source: str) -> float:
    """Seconds of one run by a visitor who comes for it and leaves."""
    with visit(server.url) as visitor:
        visitor.open()
        return visitor.run(source)


@contextmanager
def _neighbour(server: Server) -> Iterator[list[float]]:
    """The seconds of the runs of somebody who runs an honest program again and again."""
    times: list[float] = []
    is_over = threading.Event()

    def work() -> None:
        with visit(server.url) as visitor:
            visitor.open()
            while not times or not is_over.is_set():
                times.append(visitor.run(HONEST))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield times
    finally:
        is_over.set()
        thread.join(timeout=60)


@contextmanager
def _highest(server: Server) -> Iterator[list[float]]:
    """The server's memory in MB, looked at again and again."""
    seen = [rss_mb(server)]
    is_over = threading.Event()

    def work() -> None:
        while not is_over.wait(0.02):
            seen.append(rss_mb(server))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()
