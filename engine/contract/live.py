"""What a run tells while it goes on, past the steps that are recorded in full: losses, leaves, series.

How to use it::

    limits = Limits(time_s=600, live=LiveLimits(series=("x", "y", "y_pred")))
    for event in runner.submit(program, limits, run_id):      # events.Live comes among the others
        builder.add(event)                                     # the trace, as ever
        if isinstance(event, Live): ...                        # leaves, ticks, samples, series, ...
    runner.tell(run_id, RecordNext())                          # a command, see below; False: not running
    runner.pause(run_id), runner.resume(run_id), runner.cancel(run_id)

* One :class:`Tick` for each backward run of the program, recorded ones included, so a loss curve is
  ``[(t.backward, t.loss) for t in ticks]``. Several losses in one step are ticks with different lines.
* A run that goes on past 20,000 of them tells a thousand a second: of every tenth of a second the first and the last,
  the first that is no number, and of each line the lowest and highest. ``backward`` counts those left out too.
* A program that never calls backward sends no ticks. Its curve is in ``series``: name the variables
  (``loss`` and the loop's ``t``); names read at the same moment have the same ``time_s``. A series is sent when it
  differs from the last time.
* A :class:`Tick` with ``run`` was recorded in full: ``show(trace, run=tick.run)``. The run's rows have been sent
  before its tick.
* ``LiveLimits.record`` names backward runs to be recorded in full, in a second run of a program with a seed:
  the one before the loss became NaN.
* A program that ends by itself has told everything. One that is killed, or dies by a signal, may have kept the last
  100 ms to itself. A backward run that reaches only leaves made a moment before may have no tick.

No torch here; these records travel as :class:`engine.contract.events.Live`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Union

from engine.contract.trace import NotFinite, Record
from engine.contract.values import finite_or_word

Scalar = Union[float, NotFinite]


class LiveLeaf(Record, frozen=True):
    """A leaf that is sampled. Sent once, before its first sample."""

    number: int  # what samples call it: 0, 1, ...
    name: str | None  # the module-level name, or the path of a parameter
    shape: tuple[int, ...]
    device: str
    tensor: int | None = None  # its id in the trace


class LiveOptimizer(Record, frozen=True):
    """An optimizer that has begun to step. Only then a learning rate can be changed."""

    number: int
    name: str  # of its class
    learning_rates: tuple[Scalar, ...]  # one for each parameter group


class Tick(Record, frozen=True, gc=False):
    """One backward run of the program (torch.autograd.grad too) that came to its end."""

    backward: int  # which one, from 0, over the whole program; runs inside a run are not counted
    time_s: float  # since the program's start, pauses not counted
    line: int | None
    loss: Scalar | None  # the root's value; None: it is not one real number
    run: int | None = None  # its id in the trace, when it was recorded in full


class TickBlock(Record, frozen=True):
    """Ticks in a row, in columns: this is how they travel, a tick costs the program's process no object."""

    first: int  # number of its first backward run
    times_s: tuple[float, ...]
    losses: tuple[float | None, ...]  # any float; None: not one real number
    lines: tuple[tuple[int, int | None], ...] = ()  # (position in the block, line from there on)
    runs: tuple[tuple[int, int], ...] = ()  # (position in the block, id of the run in the trace)
    at: tuple[int, ...] = ()  # how far behind ``first`` each tick is, where some were left out; (): none was

    def ticks(self) -> Iterator[Tick]:
        """One by one, as far as all columns go."""
        lines, runs, line = dict(self.lines), dict(self.runs), None
        for i, (time_s, loss) in enumerate(zip(self.times_s, self.losses)):
            line = lines.get(i, line)
            backward = self.first + (self.at[i] if self.at else i)
            yield Tick(backward, time_s, line, None if loss is None else finite_or_word(loss), runs.get(i))


class LeafSample(Record, frozen=True, gc=False):
    """A leaf as a backward run left it, before the optimizer steps; the last one, numbered as a run that never came,
    as the program left it."""

    backward: int
    leaf: int
    grad_norm: Scalar | None  # Euclidean; None: .grad is None
    low: Scalar | None  # of the leaf's elements; None: there are none, or all are NaN
    high: Scalar | None
    mean: Scalar | None
    values: tuple[Scalar, ...] = ()  # the first elements, in row-major order


class Series(Record, frozen=True):
    """A module-level variable as it was at one moment: a number, or an array, flattened.

    Long arrays are thinned evenly; arrays of one length are thinned at the same places.
    """

    backward: int | None  # the last one before; None: the program has not called backward
    time_s: float
    name: str
    values: tuple[Scalar, ...]
    length: int = 1  # before thinning


class Changed(Record, frozen=True):
    """A learning rate is another one from this backward run's step on."""

    backward: int | None
    optimizer: int
    group: int  # of its parameter groups
    value: Scalar
    by: Literal["program", "command"]
    what: Literal["learning_rate"] = "learning_rate"


class Refused(Record, frozen=True):
    """A command that cannot be followed."""

    command: Literal["record_next", "learning_rate"]
    why: Literal["no_backward", "no_optimizer", "budget"]


# --- commands: from the server to the program's process -------------------------------------------


class RecordNext(Record, frozen=True, tag="record_next"):
    """Record the next iteration in full: up to the end of the next backward run and the step after it."""


class SetLearningRate(Record, frozen=True, tag="set_learning_rate"):
    """Every parameter group of every optimizer gets this learning rate, from its next step on."""

    value: float


class ScaleLearningRate(Record, frozen=True, tag="scale_learning_rate"):
    """Every learning rate is multiplied by ``factor``, from the next step on."""

    factor: float


class SetPace(Record, frozen=True, tag="set_pace"):
    """From now on at most so many backward runs a second; 0: as many as there are."""

    runs_per_s: float


class Resumed(Record, frozen=True, tag="resumed"):
    """The process was stopped for so long. Sent by the runner itself."""

    paused_s: float


Command = Union[RecordNext, SetLearningRate, ScaleLearningRate, SetPace]
Message = Union[RecordNext, SetLearningRate, ScaleLearningRate, SetPace, Resumed]
