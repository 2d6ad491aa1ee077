"""What a training loop does past its recorded steps, told about ten times a second."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any

from engine.events import Live
from engine.live import Tick
from engine.recording.clock import Clock
from engine.trace import LiveLimits, NotFinite

MAX_ROWS = 2_000
INTERVAL_S = 0.1


class Telling:
    """Collects rows and sends them as :class:`engine.events.Live`."""

    def __init__(self, limits: LiveLimits, emit: Callable[[Live], None], clock: Clock) -> None:
        self._limits = limits
        self._emit = emit
        self._clock = clock
        self._rows: dict[str, list[Any]] = {}
        self._n_backward = 0
        self._due_at = 0.0

    def tick(self, line: int | None, loss: float | NotFinite | None, run: int | None = None) -> None:
        """A backward run of the program came to its end."""
        now = self._clock.now()
        self._add("ticks", Tick(self._n_backward, now, line, loss, run))
        self._n_backward += 1
        if now >= self._due_at:
            self.send()

    def beat(self, at: FrameType | None) -> float:
        """Between two bytecodes of the program's main thread."""
        return INTERVAL_S

    def send(self) -> None:
        """Send what is waiting."""
        self._due_at = self._clock.now() + INTERVAL_S
        if self._rows:
            rows, self._rows = self._rows, {}
            self._emit(Live(**{name: tuple(content) for name, content in rows.items()}))

    def _add(self, name: str, row: Any) -> None:
        self._rows.setdefault(name, []).append(row)
