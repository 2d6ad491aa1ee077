"""DOT text to SVG, in a child process that may be killed: never in a thread of the server.

>>> layout = Layout()
>>> layout.svg("digraph { a -> b }").startswith("<svg")
True
>>> layout.close()
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from pathlib import Path

from graphviz_tools.layout_worker import read_frame, write_frame

TIME_LIMIT_S = 8.0
START_LIMIT_S = 30.0  # on a machine that is busy, importing takes a while
MEMORY_BYTES = 2_000_000_000
MAX_CACHED = 64
MAX_CACHED_BYTES = 40_000_000


class LayoutError(Exception):
    """There is no picture; the message says why, in plain words."""


class TookTooLong(LayoutError):
    """The layout was killed at its time limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Graphviz needed more than {seconds:g} s for this picture.")
        self.seconds = seconds


class Layout:
    """One layout process, started when first needed, restarted when it died. Safe to call from threads."""

    def __init__(self, time_limit_s: float = TIME_LIMIT_S, memory_bytes: int = MEMORY_BYTES) -> None:
        self._time_limit_s = time_limit_s
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._cache: OrderedDict[str, str] = OrderedDict()
        self._cached_bytes = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._is_warm = False

    def svg(self, dot: str) -> str:
        """The ``<svg>`` element of a DOT text. Raises: LayoutError."""
        key = hashlib.sha256(dot.encode()).hexdigest()
        with self._lock:
            known = self._cache.get(key)
            if known is not None:
                self._cache.move_to_end(key)
                return known
            svg = self._lay_out(dot)
            self._remember(key, svg)
            return svg

    def warm(self) -> None:
        """Start the process now, so that the first picture does not wait for it."""
        self.svg("digraph { warm }")

    def close(self) -> None:
        """End the process. The next call of :meth:`svg` starts another."""
        with self._lock:
            self._stop()

    def _lay_out(self, dot: str) -> str:
        process = self._running()
        limit_s = self._time_limit_s if self._is_warm else self._time_limit_s + START_LIMIT_S
        is_late = threading.Event()
        timer = threading.Timer(limit_s, _kill, (process, is_late))
        timer.daemon = True
        timer.start()
        try:
            answer = _ask(process, dot.encode())
        finally:
            timer.cancel()
        if answer is None:
            self._stop()
            if is_late.is_set():
                raise TookTooLong(self._time_limit_s)
            raise LayoutError("Graphviz stopped while it drew this picture, perhaps for want of memory.")
        self._is_warm = True
        text = answer[1:].decode(errors="replace")
        if answer[:1] != b"+":
            raise LayoutError(f"Graphviz could not draw this picture: {text}")
        return text[text.index("<svg") :]

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._is_warm = False
            self._process = subprocess.Popen(
                [sys.executable, "-m", "graphviz_tools.layout_worker", str(self._memory_bytes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).parent.parent,
                env={**os.environ, "PYTHONSAFEPATH": "", "PYTHONUNBUFFERED": ""},
            )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # what could not be written any more: nobody reads it
        process.wait()

    def _remember(self, key: str, svg: str) -> None:
        self._cache[key] = svg
        self._cached_bytes += len(svg)
        while len(self._cache) > 1 and (len(self._cache) > MAX_CACHED or self._cached_bytes > MAX_CACHED_BYTES):
            _, oldest = self._cache.popitem(last=False)
            self._cached_bytes -= len(oldest)


def _ask(process: subprocess.Popen[bytes], request: bytes) -> bytes | None:
    assert process.stdin is not None and process.stdout is not None
    try:
        write_frame(process.stdin, request)
    except OSError:
        return None
    answer = read_frame(process.stdout)
    return answer or None


def _kill(process: subprocess.Popen[bytes], is_late: threading.Event) -> None:
    is_late.set()
    process.kill()
