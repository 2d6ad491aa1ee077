"""A training that everybody finds on the page: one lesson, trained here once for all visitors."""

from __future__ import annotations

import threading

from engine.running.turns import NOBODY
from pages.ui.training.candidates import Candidate
from pages.ui.training.run import LiveRun, Trains


class Example:
    """Begun when it is first asked for. Safe to use from many threads."""

    def __init__(self, runner: Trains, candidate: Candidate) -> None:
        self.candidate = candidate
        self._runner = runner
        self._run: LiveRun | None = None
        self._lock = threading.Lock()

    def run(self) -> LiveRun:
        """The run, perhaps still under way; one that did not come to its end is made again."""
        with self._lock:
            if self._run is None or (self._run.has_ended and self._run.store.ending != "ok"):
                self._run = LiveRun(self._runner, self.candidate, NOBODY, 1, is_example=True)
            return self._run
