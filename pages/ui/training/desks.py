"""Every visitor's training desk, and when it ends: its runs stop soon after the browser has gone.

NOTE [The life of a desk]
1. A page gives its session's desk to :meth:`Desks.keep` each time it is drawn.
2. The server's looker (``pages/ui/desk/leaving.py``) calls :meth:`Desks.sweep` again and again. Streamlit drops a
   session's connection when the tab is closed, the page is left or reloaded.
3. ``GRACE_S`` after that the desk's runs are stopped: their processes are gone within three seconds of the end.
4. Within ``MEMORY_S`` a page that knows the desk's key may take it over, and its curves with it. The key is in
   that tab's sessionStorage only. A desk whose session is connected is never given to another one, so a
   duplicated tab, which has the same storage, gets a desk of its own.
5. After that the desk is forgotten.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pages.ui.desk.leaving import GRACE_S
from pages.ui.training.desk import TrainingDesk, new_key

MEMORY_S = 120.0  # for curves; as long as Streamlit itself remembers a session that is not connected


@dataclass
class _Kept:
    desk: TrainingDesk
    owner: str  # Streamlit's id of the session
    gone_since: float | None = None


class Desks:
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
