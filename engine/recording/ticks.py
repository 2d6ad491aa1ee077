"""Ticks waiting to be sent: kept as bare numbers, since some are added every hundred microseconds."""

from __future__ import annotations

from typing import Any

import torch

from engine.live import TickBlock


class Ticks:
    """``values`` and ``times`` grow together; what is the same for many ticks is noted where it changes."""

    def __init__(self) -> None:
        self.values: list[Any] = []  # a number, None, or a copy of a root that is slow to read
        self.times: list[float] = []  # perf_counter()
        self._n_sent = 0
        self._last_s: float | None = None  # perf_counter() of the last one taken
        self._line: int | None = None
        self._lines: list[tuple[int, int | None]] = []  # from this position on: this line
        self._runs: dict[int, int] = {}  # position -> run in the trace

    @property
    def n(self) -> int:
        """How many backward runs there have been."""
        return self._n_sent + len(self.times)

    def at_line(self, line: int | None) -> None:
        """The ticks that follow are of this line."""
        if line != self._line:
            self._line = line
            self._lines.append((len(self.times), line))

    def add(self, line: int | None, value: Any, time: float, run: int | None = None) -> None:
        """One tick, of any kind."""
        self.at_line(line)
        if run is not None:
            self._runs[len(self.times)] = run
        self.values.append(value)
        self.times.append(time)

    def take(self, zero_s: float, paused_s: float = 0.0) -> tuple[TickBlock, ...]:
        """All that wait; their times since ``zero_s``. Call inside :func:`engine.recording.private.unseen`.

        ``paused_s``: how long the process has been stopped since the last time, once. Ticks after it are so much
        earlier in the program's own time.
        """
        values, times, lines, runs = self.values[:], self.times[:], self._lines, self._runs
        self.values.clear()  # the lists themselves stay: a hook holds them
        self.times.clear()
        self._lines, self._runs = [(0, self._line)], {}
        if not times:
            return ()
        _read_copies(values)
        last_s, self._last_s = self._last_s, times[-1]
        times_s = [time - zero_s for time in times]
        if paused_s > 0:
            resumed = _after_gap(times, last_s, paused_s)
            times_s[resumed:] = [time_s - paused_s for time_s in times_s[resumed:]]
        losses = tuple(value if isinstance(value, float) else None for value in values)
        first, self._n_sent = self._n_sent, self._n_sent + len(times)
        return (TickBlock(first, tuple(times_s), losses, tuple(lines), tuple(runs.items())),)


def _after_gap(times: list[float], last_s: float | None, gap_s: float) -> int:
    """The first position with nothing for ``gap_s`` before it; the end when there is none."""
    before = times[0] if last_s is None else last_s
    for i, time in enumerate(times):
        if time - before >= gap_s:
            return i
        before = time
    return len(times)


def _read_copies(values: list[Any]) -> None:
    """Replace copies by their numbers, with one wait for the device."""
    places = [i for i, value in enumerate(values) if isinstance(value, torch.Tensor)]
    if places:
        numbers = torch.stack([values[i].double() for i in places]).tolist()
        for i, number in zip(places, numbers):
            values[i] = number
