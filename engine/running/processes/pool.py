"""Processes kept ready with torch imported, each used once: where there is no fork."""

from __future__ import annotations

import threading
from collections import deque

from engine.running.processes.fresh import FreshProcess
from engine.running.processes.process import BackendError

N_SPARE = 2


class PoolBackend:
    """Always has a few processes importing torch ahead of the next program."""

    can_confine = False
    folder = None

    def __init__(self, n_spare: int = N_SPARE) -> None:
        self._n_spare = n_spare
        self._lock = threading.Lock()
        self._spare: deque[FreshProcess] = deque()
        self._is_closed = False

    @property
    def is_ready(self) -> bool:
        """Whether one of them has imported torch."""
        with self._lock:
            return any(process.is_ready for process in self._spare)

    def start(self) -> None:
        """Start them; they import torch by themselves."""
        with self._lock:
            self._refill()

    def launch(self, job: bytes) -> FreshProcess:
        """The one that is ready, else the oldest, given the job."""
        with self._lock:
            self._refill()
            if not self._spare:
                raise BackendError("the runner is closed")
            process = next((one for one in self._spare if one.is_ready), self._spare[0])
            self._spare.remove(process)
            self._refill()
        process.give(job)
        return process

    def close(self) -> None:
        """End those that wait."""
        with self._lock:
            self._is_closed = True
            while self._spare:
                self._spare.popleft().discard()

    def _refill(self) -> None:
        for process in [one for one in self._spare if not one.is_alive]:
            self._spare.remove(process)
            process.discard()
        while len(self._spare) < self._n_spare and not self._is_closed:
            self._spare.append(FreshProcess())
