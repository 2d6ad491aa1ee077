"""What a stranger's events may still cost the server, counted before one of them is decoded.

A recording has one total, however long it takes. What a program tells while it goes on has a rate instead, by the
server's clock: a training of hours may tell as much in each minute as a short one.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.contract.events import ChildEvent, Live
from engine.contract.policy import Confinement
from engine.running.checks.structure import WORST, TooMuch, weight

FRAME = 4_000  # bytes charged for each event beside what is in it: many small ones take time
UNSEEN_BYTES = 64_000  # of a recording, charged for the worst that they can become: a short one is never walked
LIVE_PER_S = 1_000_000  # bytes of objects; an honest program tells half of it at most (engine/recording/live/feed.py)
LIVE_BURST = 8_000_000
LIVE = b"\xa4type\xa4live"  # the first entry of such a body, behind the byte that tells how many there are


class Allowance:
    """Of one run. ``weight``: bytes that its recording takes in the server at most, so far."""

    def __init__(self, confinement: Confinement, now: Callable[[], float]) -> None:
        self.weight = 0
        self._confinement = confinement
        self._now = now
        self._n_bytes = 0
        self._live, self._live_at = LIVE_BURST, now()
        self._is_live = False

    def take(self, body: bytes) -> None:
        """Charge the run for a frame. Raises TooMuch beyond what is left, CodecError for what is no event."""
        self._is_live = body.startswith(LIVE, 1)
        if self._is_live:
            self._tell(body)
        else:
            self._record(body)

    def charged(self, event: ChildEvent) -> bool:
        """Whether ``event``, which the last frame became, is of the kind that was charged."""
        return isinstance(event, Live) == self._is_live

    def _record(self, body: bytes) -> None:
        most = self._confinement.event_weight
        self._n_bytes += len(body)
        if self._n_bytes > self._confinement.event_bytes:
            raise TooMuch(f"more than {self._confinement.event_bytes} bytes of recording")
        left = min(most - self.weight, self._confinement.frame_weight)
        cost = WORST * len(body) if self._n_bytes <= UNSEEN_BYTES else weight(body, left)
        self.weight += FRAME + cost
        if self.weight > most:
            raise TooMuch(f"a recording that would take more than {most} bytes")

    def _tell(self, body: bytes) -> None:
        now = self._now()
        self._live = min(LIVE_BURST, self._live + int((now - self._live_at) * LIVE_PER_S))
        self._live_at = now
        self._live -= FRAME + weight(body, self._live)
        if self._live < 0:
            raise TooMuch(f"more than {LIVE_PER_S} bytes a second of what goes on")
