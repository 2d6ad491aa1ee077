"""What one open page is told of a desk: at each look only what is new, and never more than fits an update."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from engine.text.language import Language
from pages.ui.training.curve import Curve, SentCurve, epochs
from pages.ui.training.desk import TrainingDesk
from pages.ui.training.run import LiveRun
from pages.ui.training.store import CurveName, Drawn
from pages.ui.training.summary import TAIL_CHARS, summary

UPDATE_BYTES = 12_000  # then the rest waits for the next update; with the last part still below 20 kB
POINT_BYTES = 17  # of a point, about
PART_BYTES = 110  # of a curve's name and braces, about
DIGITS = 6  # significant ones of a y

Part = tuple[str, dict[str, Any], int]  # which list of the update, what, its size in bytes, about


@dataclass(frozen=True)
class Wish:
    """How a page wants its curves."""

    language: Language = "en"
    by_epoch: bool = False
    epoch_steps: int = 0  # for programs that do not show how many steps an epoch has; 0: not said


class Teller:
    """Remembers what one page has been told. Not safe to use from several threads."""

    def __init__(self, desk: TrainingDesk, wish: Wish) -> None:
        self._desk, self._wish = desk, wish
        self._versions: dict[str, int] = {}
        self._curves: dict[tuple[str, CurveName], SentCurve] = {}
        self._series: dict[tuple[str, str], Drawn] = {}
        self._printed: dict[str, tuple[int, str]] = {}
        self._is_behind = True  # something is untold: at first even that there is nothing
        self._turn = 0

    def update(self) -> bytes | None:
        """The next update as JSON; None when there is nothing new."""
        runs = self._desk.runs
        changed = [run for run in runs if self._versions.get(run.id) != run.store.version]
        gone = self._versions.keys() - {run.id for run in runs}
        if not (changed or gone or self._is_behind):
            return None
        said: dict[str, list[Any]] = {"order": [run.id for run in runs], "curves": [], "series": [], "outputs": []}
        rows = msgspec.json.encode([self._row(run) for run in changed])
        room, self._is_behind = UPDATE_BYTES - len(rows), False
        for where, part, n_bytes in self._parts(runs):
            said[where].append(part)
            room -= n_bytes
            if room <= 0:
                self._is_behind = True
                break
        for run_id in gone:
            self._forget(run_id)
        return msgspec.json.encode({**said, "runs": msgspec.Raw(rows)})

    def _row(self, run: LiveRun) -> dict[str, Any]:
        with run.store.reading() as store:
            self._versions[run.id] = store.version
            return {**summary(run, self._wish.language), "epoch": self._epoch_steps(run)}

    def _parts(self, runs: Sequence[LiveRun]) -> Iterator[Part]:
        """What is new, most important first. A part counts as told once it was taken."""
        for run in runs:
            yield from self._new_points(run, "loss")
        for run in runs:
            yield from self._new_series(run)
            yield from self._new_output(run)
        self._turn += 1
        for run in _from(runs, self._turn):
            yield from self._new_points(run, "norm")
            yield from self._new_points(run, "value")

    def _new_points(self, run: LiveRun, chart: str) -> Iterator[Part]:
        names = [name for name in list(run.store.curves) if name.chart == chart]
        for name in _from(names, 0 if chart == "loss" else self._turn):
            with run.store.reading() as store:
                part = self._points(run, name, store.curves[name])
            if part is not None:
                yield "curves", part, PART_BYTES + POINT_BYTES * len(part["xs"])

    def _points(self, run: LiveRun, name: CurveName, curve: Curve) -> dict[str, Any] | None:
        told = self._curves.setdefault((run.id, name), SentCurve())
        if name.chart == "loss" and self._wish.by_epoch:
            means = list(epochs(curve.xs, curve.ys, length)) if (length := self._epoch_steps(run)) else []
            all_xs, all_ys, n = [x for x, _y in means], [y for _x, y in means], len(means)
            new = [(x, y) for x, y in means if x > told.last_x]
            xs, ys = [x for x, _y in new], [y for _x, y in new]
        else:
            all_xs, all_ys, n = curve.xs, curve.ys, curve.n
            xs, ys = curve.after(told.last_x)
        if not len(xs):
            return None
        points = told.news(xs, ys, all_xs, all_ys)
        ys = [float(f"{y:.{DIGITS}g}") for y in points.ys]
        return {
            "run": run.id,
            "chart": name.chart,
            "of": name.of,
            "xs": list(points.xs),
            "ys": ys,
            "n": n,
            "whole": points.is_whole,
        }

    def _epoch_steps(self, run: LiveRun) -> int:
        """How many steps an epoch of the run has: from its text, what the page said, or its length once it ended."""
        length = run.length
        if length.per_epoch or self._wish.epoch_steps:
            return length.per_epoch or self._wish.epoch_steps
        if run.store.ending != "ok" or not length.n_epochs or run.store.n_ticks % length.n_epochs:
            return 0
        return run.store.n_ticks // length.n_epochs

    def _new_series(self, run: LiveRun) -> Iterator[Part]:
        for role, name in zip(("x", "y", "fit"), run.candidate.series):
            drawn = run.store.series.get(name)
            if drawn is None or drawn.length < 2 or self._series.get((run.id, role)) == drawn:
                continue
            self._series[run.id, role] = drawn
            short = [value if value is None else float(f"{value:.{DIGITS}g}") for value in drawn.values]
            part = {"run": run.id, "role": role, "name": name, "values": short, "length": drawn.length}
            yield "series", part, 9 * len(short)

    def _new_output(self, run: LiveRun) -> Iterator[Part]:
        with run.store.reading() as store:
            printed = store.output.n_lines, store.output.tail()[-TAIL_CHARS:]
        if printed != self._printed.get(run.id, (0, "")):
            self._printed[run.id] = printed
            yield "outputs", {"run": run.id, "n": printed[0], "tail": printed[1]}, len(printed[1])

    def _forget(self, run_id: str) -> None:
        del self._versions[run_id]
        for known in (self._curves, self._series):
            for key in [key for key in known if key[0] == run_id]:
                del known[key]  # type: ignore[arg-type]
        self._printed.pop(run_id, None)


def _from(things: Sequence[Any], turn: int) -> Iterable[Any]:
    """All of them, beginning at another one each turn."""
    start = turn % len(things) if things else 0
    return (*things[start:], *things[:start])
