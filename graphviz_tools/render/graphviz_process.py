"""One layout process as its parent sees it: started, asked under a time limit, ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from engine.contract.frames import read_frame, write_frame
from graphviz_tools.workers import worker_process

START_LIMIT_S = 30.0  # on a machine that is busy, importing takes a while


@dataclass(frozen=True)
class Answer:
    """``text`` None: the process ended instead, at its time limit or before."""

    text: bytes | None
    is_late: bool = False


class Child:
    """A process that starts when this is made. Used by one thread at a time."""

    def __init__(self, memory_bytes: int, seconds: float) -> None:
        self._process = worker_process.start("graphviz_tools.render.graphviz_worker", memory_bytes, seconds)
        self._greeting: bytes | None = None

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def is_confined(self) -> bool:
        """Whether the kernel confines it; waits until it has started. One that died while starting is not."""
        if self._greeting is None:
            self._greeting = self._within(START_LIMIT_S, self._read).text or b"-"
        return self._greeting == b"+"

    def ask(self, request: bytes, seconds: float) -> Answer:
        """Its answer. It is killed when that takes longer; the time of its start does not count."""
        self.is_confined()
        return self._within(seconds, lambda: self._read() if self._write(request) else None)

    def stop(self) -> None:
        worker_process.end(self._process)

    def _within(self, seconds: float, get: Callable[[], bytes | None]) -> Answer:
        is_late = threading.Event()
        timer = threading.Timer(seconds, self._kill, (is_late,))
        timer.daemon = True
        timer.start()
        try:
            return Answer(get(), is_late.is_set())
        finally:
            timer.cancel()

    def _kill(self, is_late: threading.Event) -> None:
        is_late.set()
        self._process.kill()

    def _read(self) -> bytes | None:
        assert self._process.stdout is not None
        return read_frame(self._process.stdout) or None

    def _write(self, request: bytes) -> bool:
        assert self._process.stdin is not None
        try:
            write_frame(self._process.stdin, request)
        except OSError:
            return False
        return True
