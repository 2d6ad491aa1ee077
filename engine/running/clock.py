"""Time that stands still while a program is paused."""

from __future__ import annotations

import threading
import time


class Clock:
    """Monotonic seconds without pauses. May be asked and stopped from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paused_s = 0.0
        self._stopped_at: float | None = None

    @property
    def is_stopped(self) -> bool:
        return self._stopped_at is not None

    def now(self) -> float:
        """Seconds; the same again and again while it is stopped."""
        with self._lock:
            return (time.monotonic() if self._stopped_at is None else self._stopped_at) - self._paused_s

    def stop(self) -> bool:
        """Let it stand still; False when it does already."""
        with self._lock:
            if self._stopped_at is not None:
                return False
            self._stopped_at = time.monotonic()
            return True

    def go_on(self) -> float | None:
        """Let it run again: for how long it stood still, in seconds; None when it did not."""
        with self._lock:
            if self._stopped_at is None:
                return None
            pause_s, self._stopped_at = time.monotonic() - self._stopped_at, None
            self._paused_s += pause_s
            return pause_s
