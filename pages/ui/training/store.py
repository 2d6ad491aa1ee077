"""What one training run has told, in columns of bounded length: written by the run's thread, read by browsers."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeGuard

from engine.contract.events import Event, Finished, Live, Printed, Started
from engine.contract.live import Changed, LeafSample, LiveLeaf, LiveOptimizer, Refused, Scalar, Series, Tick
from engine.contract.trace import Ending, Failure, NotFinite
from pages.ui.training.curve import Curve

Phase = Literal["waiting", "running", "paused", "ended"]
Chart = Literal["loss", "norm", "value"]
RATE_WINDOW_S = 2.0
OUTPUT_LINES = 200
OUTPUT_CHARS = 20_000  # of the last lines that are kept
SAMPLED_CAPACITY = 5_000  # points of a curve of norms or values
MOST_ELEMENTS = 8  # of one leaf drawn one by one; of a larger one mean, lowest and highest
MOST_CURVES = 24  # of norms, and of values
MOST_MARKS = 200
LOSS = "loss"  # a variable that is read of a program without a backward,
STEPS = ("step", "t")  # beside the first of these that there is


class CurveName(NamedTuple):
    """``of``: the backward's line for a loss, the leaf's name for a norm, ``w[0]`` for a value."""

    chart: Chart
    of: str


@dataclass(frozen=True)
class RateMark:
    """The learning rate is another one from this step on."""

    step: int
    value: Scalar
    by_visitor: bool  # else by the program itself


@dataclass(frozen=True)
class NotFiniteAt:
    """The first step whose loss is no finite number."""

    step: int
    value: NotFinite
    of: str = ""  # as its curve is called


@dataclass(frozen=True)
class Recorded:
    """A step that was recorded in full, as a run of the trace."""

    step: int
    run: int


class Drawn(NamedTuple):
    """An array to draw, flattened and thinned; ``length`` before that. None: no finite number."""

    values: tuple[float | None, ...]
    length: int


@dataclass
class LastLines:
    """The last lines of what a program printed, and how many there were."""

    n_lines: int = 0
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=OUTPUT_LINES))
    _rest: str = ""

    def add(self, text: str) -> None:
        *whole, self._rest = (self._rest + text).split("\n")
        self._rest = self._rest[-OUTPUT_CHARS:]
        self.n_lines += len(whole)
        self.lines.extend(line[:OUTPUT_CHARS] for line in whole[-OUTPUT_LINES:])

    def tail(self) -> str:
        lines = [*self.lines, self._rest] if self._rest else [*self.lines]
        return "\n".join(lines)[-OUTPUT_CHARS:]


class Rate:
    """Steps per second of the program's own time over the last seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, time_s: float, n: int) -> None:
        self._seen.append((time_s, n))
        while len(self._seen) > 2 and self._seen[0][0] < time_s - RATE_WINDOW_S:
            self._seen.popleft()

    @property
    def per_s(self) -> float | None:
        """None until two moments are known."""
        if len(self._seen) < 2 or self._seen[-1][0] <= self._seen[0][0]:
            return None
        (start_s, first), (end_s, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end_s - start_s)


class Store:
    """Everything a page shows of one run. ``version`` rises with every change; read it under :meth:`reading`."""

    def __init__(self) -> None:
        self.version = 0
        self.phase: Phase = "waiting"
        self.curves: dict[CurveName, Curve] = {}
        self.leaves: dict[int, LiveLeaf] = {}
        self.series: dict[str, Drawn] = {}
        self.elements: dict[int, tuple[Scalar, ...]] = {}  # of small leaves, as they were last
        self.optimizers: dict[int, LiveOptimizer] = {}
        self.rates: dict[tuple[int, int], Scalar] = {}  # learning rates that were changed: (optimizer, group) -> now
        self.recorded: list[Recorded] = []
        self.refused: Refused | None = None
        self.is_short_of_curves = False
        self.marks: list[RateMark] = []
        self.not_finite: NotFiniteAt | None = None
        self.n_not_scalar = 0  # backward runs whose root is not one number
        self.n_ticks = 0
        self.last_step = 0  # steps count from 1
        self.last_loss: Scalar | None = None
        self.wall_s = 0.0  # of the whole program, once it has ended
        self.rate = Rate()
        self.output = LastLines()
        self.device = ""
        self.ending: Ending | None = None
        self.failure: Failure | None = None
        self._lock = threading.RLock()

    @contextmanager
    def reading(self) -> Generator[Store, None, None]:
        """The store while nothing is written to it."""
        with self._lock:
            yield self

    def enter(self, phase: Phase) -> None:
        """Another phase; what has ended stays so."""
        with self._lock:
            if self.phase not in ("ended", phase):
                self.phase = phase
                self.version += 1

    def add(self, event: Event) -> None:
        """Take one event of the run, in the order of happening."""
        with self._lock:
            self.version += 1
            match event:
                case Started(environment=environment):
                    self.device = environment.device
                    self.phase = "running" if self.phase == "waiting" else self.phase
                case Live():
                    self._live(event)
                case Printed(text=text):
                    self.output.add(text)
                case Finished():
                    self._end(event)
                case _:
                    pass  # a step recorded in full: the trace has it

    @property
    def has_started(self) -> bool:
        """Whether the program's process has begun with it."""
        return self.device != ""

    @property
    def loss_lines(self) -> list[str]:
        """The lines from which backward was run, in the order of their first run."""
        return [name.of for name in self.curves if name.chart == "loss"]

    def loss_curve(self) -> Curve | None:
        """The first loss curve."""
        return next((curve for name, curve in self.curves.items() if name.chart == "loss"), None)

    # --- events -----------------------------------------------------------------------------------

    def _live(self, live: Live) -> None:
        self.leaves.update((leaf.number, leaf) for leaf in live.leaves)
        self.optimizers.update((optimizer.number, optimizer) for optimizer in live.optimizers)
        self._ticks(live.ticks)
        for sample in live.samples:
            self._sample(sample)
        self._series(live.series)
        self.marks.extend(self._marks(live.changes))
        del self.marks[:-MOST_MARKS]
        self.refused = live.refused[-1] if live.refused else self.refused

    def _ticks(self, ticks: Sequence[Tick]) -> None:
        if ticks and not self.n_ticks:
            self.curves.pop(CurveName("loss", LOSS), None)  # read before the first backward: it has better ones now
        for tick in ticks:
            self.n_ticks = tick.backward + 1  # some of a long run are not told
            if tick.run is not None:
                self.recorded.append(Recorded(tick.backward + 1, tick.run))
            self._loss(tick.backward + 1, tick.loss, str(tick.line or ""))
            self.n_not_scalar += tick.loss is None
        if ticks:
            self.rate.add(ticks[-1].time_s, self.n_ticks)

    def _loss(self, step: int, loss: Scalar | None, of: str) -> None:
        self.last_step, self.last_loss = step, loss
        if isinstance(loss, str):
            self.not_finite = self.not_finite or NotFiniteAt(step, loss, of)
        self._point("loss", of, step, loss)

    def _sample(self, sample: LeafSample) -> None:
        leaf = self.leaves.get(sample.leaf)
        if leaf is None:
            return
        step, name = sample.backward + 1, leaf_name(leaf)
        self._point("norm", name, step, sample.grad_norm)
        if math.prod(leaf.shape) <= MOST_ELEMENTS:
            self.elements[leaf.number] = sample.values
            for i, value in enumerate(sample.values):
                self._point("value", element_name(leaf, i), step, value)
        else:
            whole: tuple[tuple[str, Scalar | None], ...] = (
                ("mean", sample.mean),
                ("min", sample.low),
                ("max", sample.high),
            )
            for what, value in whole:
                self._point("value", f"{name} {what}", step, value)

    def _point(self, chart: Chart, of: str, step: int, value: Scalar | None) -> None:
        if not is_finite(value):
            return
        name = CurveName(chart, of)
        curve = self.curves.get(name)
        if curve is None:
            if chart != "loss" and sum(known.chart == chart for known in self.curves) >= MOST_CURVES:
                self.is_short_of_curves = True
                return
            curve = self.curves[name] = Curve() if chart == "loss" else Curve(SAMPLED_CAPACITY)
        if not curve.xs or step > curve.xs[-1]:
            curve.add(step, value)

    def _series(self, series: Sequence[Series]) -> None:
        for one in series:
            values = tuple(value if is_finite(value) else None for value in one.values)
            self.series[one.name] = Drawn(values, one.length)
        if series and not self.n_ticks:
            self._loss_without_backward({one.name: one.values for one in series if one.length == 1 and one.values})

    def _loss_without_backward(self, numbers: dict[str, tuple[Scalar, ...]]) -> None:
        """A program that computes its gradients by hand has its loss in a variable, its step in another."""
        loss = numbers.get(LOSS, (None,))[0]
        step = next((numbers[name][0] for name in STEPS if name in numbers), None)
        if loss is not None and is_finite(step):
            self._loss(int(step) + 1, loss, LOSS)

    def _marks(self, changes: Sequence[Changed]) -> Iterator[RateMark]:
        for change in changes:
            self.rates[change.optimizer, change.group] = change.value
            if change.group == 0:
                yield RateMark((change.backward or 0) + 1, change.value, change.by == "command")

    def _end(self, finished: Finished) -> None:
        self.phase, self.ending = "ended", finished.ending
        self.failure, self.wall_s = finished.failure, finished.wall_s


def is_finite(value: object) -> TypeGuard[float]:
    """Whether it is a number that a curve can show."""
    return isinstance(value, (int, float)) and math.isfinite(value)


def leaf_name(leaf: LiveLeaf) -> str:
    """What its curves are called; a leaf without a name has its number."""
    return leaf.name or f"#{leaf.number}"


def element_name(leaf: LiveLeaf, i: int) -> str:
    """``w`` of a scalar, ``w[3]`` of a vector, ``w[0, 3]`` of a matrix: the i-th element in row-major order.

    >>> element_name(LiveLeaf(0, "w", (2, 3), "cpu"), 4)
    'w[1, 1]'
    """
    place: list[str] = []
    for size in reversed(leaf.shape):
        i, index = divmod(i, size)
        place.append(str(index))
    return f"{leaf_name(leaf)}[{', '.join(reversed(place))}]" if place else leaf_name(leaf)
