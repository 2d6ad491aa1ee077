"""Who has left: what a browser session keeps on the server is given up soon after its connection has gone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

LOOK_S = 0.25
GRACE_S = 2.0  # for a reload or a lost connection, before what was left behind is ended
MEMORY_S = 150.0  # longer than Streamlit itself remembers a session that is not connected


@runtime_checkable
class Leaves(Protocol):
    """What a session keeps."""

    def leave(self) -> None:
        """End what runs and give back what is large. May be called again and again."""
        ...


@runtime_checkable
class Returns(Protocol):
    """What can be had again when the session is connected once more."""

    def come_back(self) -> None: ...


@dataclass
class _Kept:
    things: list[Leaves] = field(default_factory=list[Leaves])
    gone_since: float | None = None
    has_left: bool = False


class Leaving:
    """What sessions keep, by Streamlit's id of the session. ``is_connected`` says whether one is; ``afterwards`` is
    called when somebody has left and things were given up."""

    def __init__(
        self,
        is_connected: Callable[[str], bool],
        clock: Callable[[], float] = time.monotonic,
        afterwards: Callable[[], object] = lambda: None,
    ) -> None:
        self._is_connected, self._clock, self._afterwards = is_connected, clock, afterwards
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def keep(self, session: str, thing: Leaves) -> None:
        """Know a thing; to be called whenever it is used."""
        with self._lock:
            things = self._kept.setdefault(session, _Kept()).things
            if not any(one is thing for one in things):
                things.append(thing)

    def sweep(self) -> None:
        """End what was left behind. A script that still runs may begin something new: so it is ended at every look."""
        now = self._clock()
        with self._lock:
            everybody = list(self._kept.items())
        n_left = sum(kept.has_left for _, kept in everybody)
        for session, kept in everybody:
            if self._is_connected(session):
                kept.gone_since, kept.has_left = None, False
                continue
            kept.gone_since = now if kept.gone_since is None else kept.gone_since
            if now - kept.gone_since >= GRACE_S:
                kept.has_left = True
                for thing in tuple(kept.things):
                    thing.leave()
            if now - kept.gone_since >= MEMORY_S:
                with self._lock:
                    self._kept.pop(session, None)
        if sum(kept.has_left for _, kept in everybody) > n_left:
            self._afterwards()


class Looker:
    """A thread that makes these sweeps again and again."""

    def __init__(self, sweeps: Sequence[Callable[[], None]]) -> None:
        self._sweeps, self._closed = sweeps, threading.Event()
        threading.Thread(target=self._look, name="leaving", daemon=True).start()

    def close(self) -> None:
        self._closed.set()

    def _look(self) -> None:
        while not self._closed.wait(LOOK_S):
            for sweep in tuple(self._sweeps):
                try:
                    sweep()
                except Exception:  # the next look must come, whatever one thing did
                    logging.getLogger(__name__).exception("what a visitor left behind could not be ended")
