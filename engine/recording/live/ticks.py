"""Ticks waiting to be sent: kept as bare numbers, since some are added every hundred microseconds."""

from __future__ import annotations

import math
from typing import Any

import torch

from engine.contract.live import TickBlock
from engine.contract.thin_curve import lows_and_highs

TOLD_FREELY = 20_000  # ticks of a run; from then on
MOST_TICKS = 100  # at a time


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

    def take(self, zero_s: float, paused_s: float = 0.0, most: int | None = None) -> tuple[TickBlock, ...]:
        """All that wait, or ``most`` of them; times since ``zero_s``. Call :func:`engine.recording.private.unseen`.

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
        block = TickBlock(first, tuple(times_s), losses, tuple(lines), tuple(runs.items()))
        return (block if most is None or len(losses) <= most else thinned(block, most),)


def thinned(block: TickBlock, most: int) -> TickBlock:
    """The first and the last of a whole block, those of recorded runs, the first that is no number, and of each line
    the lowest and highest, so that there are about ``most``: of a few lines that many, of many lines two for each."""
    lines = _line_of_each(block)
    places: dict[int | None, list[int]] = {}
    for i, loss in enumerate(block.losses):
        if loss is not None and math.isfinite(loss):
            places.setdefault(lines[i], []).append(i)
    kept = {0, len(lines) - 1, *(position for position, _ in block.runs)}
    kept.update(next(((i,) for i, loss in enumerate(block.losses) if loss is not None and not math.isfinite(loss)), ()))
    for some in list(places.values())[:most]:
        kept.update(some[i] for i in lows_and_highs([_loss(block, i) for i in some], max(most // len(places), 2)))
    at = sorted(kept)
    position_of = {i: position for position, i in enumerate(at)}
    changes = tuple(
        (position, lines[i]) for position, i in enumerate(at) if not position or lines[i] != lines[at[position - 1]]
    )
    return TickBlock(
        block.first,
        tuple(block.times_s[i] for i in at),
        tuple(block.losses[i] for i in at),
        changes,
        tuple((position_of[i], run) for i, run in block.runs),
        tuple(at),
    )


def _loss(block: TickBlock, i: int) -> float:
    loss = block.losses[i]
    return math.nan if loss is None else loss


def _line_of_each(block: TickBlock) -> list[int | None]:
    lines: list[int | None] = []
    for (_, line), (end, _) in zip(block.lines, (*block.lines[1:], (len(block.losses), None))):
        lines.extend([line] * (end - len(lines)))
    return lines


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
