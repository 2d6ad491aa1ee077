"""Ticks waiting to be sent: kept as bare numbers, since some are added every hundred microseconds."""

from __future__ import annotations

from typing import Any

import torch

from engine.live import Tick
from engine.trace import NotFinite
from engine.values import finite_or_word


class Ticks:
    """``values`` and ``times`` grow together; what is the same for many ticks is noted where it changes."""

    def __init__(self) -> None:
        self.values: list[Any] = []  # a number, None, or a copy of a root that is slow to read
        self.times: list[float] = []  # perf_counter()
        self._n_sent = 0
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

    def take(self, zero_s: float) -> tuple[Tick, ...]:
        """All that wait; their times since ``zero_s``. Call inside :func:`engine.recording.private.unseen`."""
        values, times, lines, runs = self.values[:], self.times[:], self._lines, self._runs
        self.values.clear()  # the lists themselves stay: a hook holds them
        self.times.clear()
        self._lines, self._runs = [(0, self._line)], {}
        _read_copies(values)
        lines = lines if lines and lines[0][0] == 0 else [(0, None), *lines]
        ticks: list[Tick] = []
        for (start, line), (end, _) in zip(lines, [*lines[1:], (len(times), None)]):
            for i in range(start, end):
                ticks.append(Tick(self._n_sent + i, times[i] - zero_s, line, _scalar(values[i]), runs.get(i)))
        self._n_sent += len(times)
        return tuple(ticks)


def _scalar(value: Any) -> float | NotFinite | None:
    return finite_or_word(value) if isinstance(value, float) else None


def _read_copies(values: list[Any]) -> None:
    """Replace copies by their numbers, with one wait for the device."""
    places = [i for i, value in enumerate(values) if isinstance(value, torch.Tensor)]
    if places:
        numbers = torch.stack([values[i].double() for i in places]).tolist()
        for i, number in zip(places, numbers):
            values[i] = number
