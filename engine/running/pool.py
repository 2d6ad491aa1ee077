"""Processes kept ready with torch imported, each used once: where there is no fork."""

from __future__ import annotations

import threading
from collections import deque

from engine.running.fresh import FreshProcess
from engine.running.process import BackendError

N_SPARE = 2


class PoolBackend:
    """Always has a few processes importing torch ahead of the next program."""

    def __init__(self, n_spare: int = N_SPARE) -> None:
        self._n_spare = n_spare
        self._lock = threading.Lock()
        self._spare: deque[FreshProcess] = deque()
        self._is_closed = False

    @property
    def is_ready(self) -> bool:
        return any(process.is_alive for process in self._spare)

    def start(self) -> None:
        with self._lock:
            self._refill()

    def launch(self, job: bytes) -> FreshProcess:
        with self._lock:
            if self._is_closed:
                raise BackendError("the runner is closed")
            self._refill()
            process = self._spare.popleft()
            self._refill()
        process.give(job)
        return process

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            while self._spare:
                process = self._spare.popleft()
                process.kill()
                process.wait()
                process.close()

    def _refill(self) -> None:
        self._spare = deque(process for process in self._spare if process.is_alive)
        while len(self._spare) < self._n_spare:
            self._spare.append(FreshProcess())
