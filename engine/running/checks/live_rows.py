"""Whether what a training tells while it goes on has bounds, however long it goes on."""

from __future__ import annotations

from itertools import pairwise

from engine.contract.codec import CodecError
from engine.contract.events import Live
from engine.contract.live import TickBlock
from engine.contract.trace import Limits, LiveLimits
from engine.running.checks.shapes import check_shapes

MOST_LEAVES = 4_000  # named in a whole run; the recorder stops before
MOST_OPTIMIZERS = 2_000
MOST_GROUPS = 64  # of one
MOST_LINES = 20_000  # that ticks come from: a program has no more
MOST_NAME = 1_000  # characters


class LiveRows:
    """Counts what a run has told so far: whoever shows it keeps something for each of these."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.live or LiveLimits()
        self._n_leaves = 0
        self._n_optimizers = 0
        self._next_run = 0  # the least that can be told next
        self._next_backward = 0
        self._lines: set[int | None] = set()

    def check(self, live: Live, n_runs: int) -> None:
        """Take one event; so many runs of the trace have been sent. Raises CodecError."""
        for leaf in live.leaves:
            _say(leaf.number == self._n_leaves < MOST_LEAVES, "leaves out of order, or too many")
            _say(len(leaf.name or "") <= MOST_NAME, "a leaf with a long name")
            check_shapes((leaf.shape,))
            self._n_leaves += 1
        for optimizer in live.optimizers:
            _say(optimizer.number == self._n_optimizers < MOST_OPTIMIZERS, "optimizers out of order, or too many")
            self._n_optimizers += 1
            _say(len(optimizer.learning_rates) <= MOST_GROUPS, "an optimizer with too many groups")
            _say(len(optimizer.name) <= MOST_NAME, "an optimizer with a long name")
        for block in live.blocks:
            self._block(block, n_runs)
        for sample in live.samples:
            _say(0 <= sample.leaf < self._n_leaves, "a sample of a leaf that is not known")
            _say(len(sample.values) <= self._limits.values, "a sample with too many values")
        for series in live.series:
            _say(series.name in self._limits.series, "a series that nobody asked for")
            _say(len(series.values) <= max(self._limits.points, 1), "a series with too many values")
        for change in live.changes:
            _say(0 <= change.optimizer < self._n_optimizers, "a change of an optimizer that is not known")
            _say(0 <= change.group < MOST_GROUPS, "a change of a group that is not there")

    def _block(self, block: TickBlock, n_runs: int) -> None:
        n = len(block.times_s)
        _say(len(block.losses) == n, "ticks with other losses than times")
        _say(block.first >= self._next_backward, "ticks that were told already")
        _say(len(block.at) in (0, n) and all(a < b for a, b in pairwise((-1, *block.at))), "ticks out of order")
        self._next_backward = block.first + (block.at[-1] + 1 if block.at else n)
        self._lines.update(line for _, line in block.lines)
        _say(len(self._lines) <= MOST_LINES, "ticks from too many lines")
        for position, run in block.runs:
            _say(0 <= position < n and self._next_run <= run < n_runs, "a tick of a run that is not known")
            self._next_run = run + 1


def _say(holds: bool, complaint: str) -> None:
    if not holds:
        raise CodecError(complaint)
