"""What a server holds after its visitors have left."""

from __future__ import annotations

import time
from pathlib import Path

from tests.attack.row import Row
from tests.e2e.serving import Server

MOST_MB = 20  # more than before
LEFT_S = 20.0  # for a visitor's memory to be given back


def left(server: Server, start_mb: float) -> Row:
    deadline = time.monotonic() + LEFT_S
    while (more_mb := rss_mb(server) - start_mb) > MOST_MB and time.monotonic() < deadline:
        time.sleep(0.5)
    return Row("memory when they have left", f"within {MOST_MB} MB", f"{more_mb:+.0f} MB", more_mb <= MOST_MB)


def rss_mb(server: Server) -> float:
    """Memory of the server's process itself."""
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6
