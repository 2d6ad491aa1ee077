"""What one visitor trains: the runs of a browser session, several at once; and when they end, soon after the browser
has gone.

NOTE [The life of a desk]
1. A page gives its session's desk to :meth:`TrainingDesks.keep` each time it is drawn.
2. The server's looker (``pages/ui/desk/leaving.py``) calls :meth:`TrainingDesks.sweep` again and again. Streamlit
   drops a session's connection when the tab is closed, the page is left or reloaded.
3. ``GRACE_S`` after that the desk's runs are stopped: their processes are gone within three seconds of the end.
4. Within ``MEMORY_S`` a page that knows the desk's key may take it over, and its curves with it. The key is in
   that tab's sessionStorage only. A desk whose session is connected is never given to another one, so a
   duplicated tab, which has the same storage, gets a desk of its own.
5. After that the desk is forgotten.
"""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from engine.contract.trace import Program
from engine.running.turns import Asker
from pages.ui.desk.leaving import GRACE_S
from pages.ui.training.candidates import Candidate
from pages.ui.training.run import LiveRun, Trains

MOST_RUNS = 8  # kept; the oldest that have ended make room
MEMORY_S = 120.0  # for curves; as long as Streamlit itself remembers a session that is not connected
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


@dataclass
class _Kept:
    desk: TrainingDesk
    owner: str  # Streamlit's id of the session
    gone_since: float | None = None


class TrainingDesks:
    """The desks by their keys. ``is_connected`` says whether a session is; safe to use from many threads."""

    def __init__(self, is_connected: Callable[[str], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._is_connected, self._clock = is_connected, clock
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def keep(self, desk: TrainingDesk, owner: str) -> None:
        """Know a session's desk; to be called whenever its page is drawn."""
        with self._lock:
            known = self._kept.get(desk.key)
            if known is None or known.owner != owner:
                self._kept[desk.key] = _Kept(desk, owner)

    def find(self, key: str) -> TrainingDesk | None:
        """The desk with this key, while its session is connected."""
        with self._lock:
            kept = self._kept.get(key)
        return kept.desk if kept is not None and self._is_connected(kept.owner) else None

    def take_over(self, key: str, owner: str) -> TrainingDesk | None:
        """The desk that a session which has ended left behind; it gets a new key."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.owner == owner or self._is_connected(kept.owner):
                return None
            del self._kept[key]
            kept.desk.key = new_key()
            self._kept[kept.desk.key] = _Kept(kept.desk, owner)
            return kept.desk

    def sweep(self) -> None:
        """Stop the runs of sessions that have ended, forget desks of long ago, look at the others."""
        now = self._clock()
        for kept in self._all():
            if self._is_connected(kept.owner):
                kept.gone_since = None
                kept.desk.look()
            elif kept.gone_since is None:
                kept.gone_since = now
            elif now - kept.gone_since >= MEMORY_S:
                self._forget(kept)
            elif now - kept.gone_since >= GRACE_S:
                kept.desk.stop()

    def close(self) -> None:
        """End every run of everybody."""
        for kept in self._all():
            kept.desk.close()

    def _all(self) -> list[_Kept]:
        with self._lock:
            return list(self._kept.values())

    def _forget(self, kept: _Kept) -> None:
        with self._lock:
            if self._kept.get(kept.desk.key) is kept:
                del self._kept[kept.desk.key]
        kept.desk.stop()
