"""What one visitor trains: the runs of a browser session, several at once."""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Iterable
from dataclasses import replace

from engine.contract.trace import Program
from engine.running.turns import Asker
from pages.ui.training.candidates import Candidate
from pages.ui.training.run import LiveRun, Trains

MOST_RUNS = 8  # kept; the oldest that have ended make room
TRAINING = "training"


class TrainingDesk:
    """The runs of one visitor in the order they were started. Safe to use from many threads."""

    def __init__(self, runner: Trains, asker: Asker | None = None) -> None:
        self.key = new_key()
        asker = asker or Asker(uuid.uuid4().hex)
        self._asker = replace(asker, desk=TRAINING)  # the same in all tabs: none replaces another
        self._runner = runner
        self._runs: dict[str, LiveRun] = {}
        self._n_started = 0
        self._pace = 0.0
        self._example: LiveRun | None = None
        self._is_closed = False
        self._lock = threading.Lock()

    @property
    def runs(self) -> tuple[LiveRun, ...]:
        """Those of the visitor; before there is one, the example if it came to its end."""
        with self._lock:
            own, example = tuple(self._runs.values()), self._example
        return own if own or example is None or example.store.ending != "ok" else (example,)

    @property
    def is_bare(self) -> bool:
        """Whether the visitor has no run here."""
        with self._lock:
            return not self._runs

    def run(self, run_id: str) -> LiveRun | None:
        return next((run for run in self.runs if run.id == run_id), None)

    def show_example(self, example: LiveRun | None) -> None:
        """What stands here while nothing was started."""
        self._example = example

    @property
    def pace(self) -> float:
        """Steps a second at most, of every run; 0: as many as there are."""
        return self._pace

    def slow_down(self, pace: float) -> None:
        """Another pace for those under way and those to come."""
        self._pace = pace
        for run in self.runs:
            if not run.has_ended:
                run.slow_down(pace)

    @property
    def under_way(self) -> list[Program]:
        """What is training now."""
        return [run.candidate.program for run in self.runs if not run.has_ended]

    def start(self, candidates: Iterable[Candidate]) -> list[LiveRun]:
        """Start those that are not under way already: pressing Start twice gives one run of each."""
        return [started for one in candidates if (started := self._start(one, ())) is not None]

    def again(self, run: LiveRun, record: tuple[int, ...]) -> LiveRun | None:
        """The same program from its start, recording these backward runs (from 0) in full."""
        return self._start(run.candidate, record)

    def remove(self, run_id: str) -> None:
        """Forget a run; one under way is ended."""
        with self._lock:
            run = self._runs.pop(run_id, None)
        if run is not None:
            run.stop()

    def look(self) -> None:
        """Note which runs wait for a place; to be called now and then."""
        for run in self.runs:
            run.look()

    def clear(self) -> None:
        """Forget all that have ended."""
        for run in self.runs:
            if run.has_ended:
                self.remove(run.id)

    def stop(self) -> None:
        """End every run; what they told stays."""
        for run in self.runs:
            if not run.has_ended:
                run.stop()

    def close(self) -> None:
        """End every run and start no more."""
        with self._lock:
            self._is_closed = True
        self.stop()

    def _start(self, candidate: Candidate, record: tuple[int, ...]) -> LiveRun | None:
        with self._lock:
            under_way = [(run.candidate.program, run.record) for run in self._runs.values() if not run.has_ended]
            if self._is_closed or (candidate.program, record) in under_way or len(under_way) >= MOST_RUNS:
                return None
            ended = [run.id for run in self._runs.values() if run.has_ended]
            for run_id in ended[: max(len(self._runs) + 1 - MOST_RUNS, 0)]:
                del self._runs[run_id]
            self._n_started += 1
            run = LiveRun(self._runner, candidate, self._asker, self._n_started, record, pace=self._pace)
            self._runs[run.id] = run
            return run


def new_key() -> str:
    """A name that nobody can guess."""
    return secrets.token_urlsafe(24)
