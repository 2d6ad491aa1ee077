"""What a running program's child process says, in order, and what the runner adds to it.

The child sends :class:`Started`, any number of :class:`Chunk` and :class:`Live`, one :class:`Finished`; the runner,
which reads the program's own output from pipes, adds :class:`Printed`. A run's events folded by
:mod:`engine.contract.assemble` are its :class:`engine.contract.trace.Trace`. No torch here.
"""

from __future__ import annotations

from typing import Literal, Union

from engine.contract.ids import TensorId
from engine.contract.live import Changed, LeafSample, LiveLeaf, LiveOptimizer, Refused, Series, Tick, TickBlock
from engine.contract.trace import (
    CallRecord,
    Ending,
    Environment,
    Failure,
    GradRead,
    Leaf,
    Mismatch,
    NodeRecord,
    NotFinite,
    NumericGradient,
    Omission,
    Overwrite,
    Raised,
    Record,
    RunRecord,
    Step,
    StorageRecord,
    TensorRecord,
    TrueGradient,
)


class Started(Record, frozen=True, tag="started"):
    """The child is ready and about to run the program: the wall clock starts here."""

    environment: Environment


class Chunk(Record, frozen=True, tag="chunk"):
    """Rows to append to the trace's tables and steps; ids continue across chunks."""

    storages: tuple[StorageRecord, ...] = ()
    tensors: tuple[TensorRecord, ...] = ()
    nodes: tuple[NodeRecord, ...] = ()
    calls: tuple[CallRecord, ...] = ()
    runs: tuple[RunRecord, ...] = ()
    steps: tuple[Step, ...] = ()
    names: tuple[tuple[TensorId, str], ...] = ()  # (tensor id, name) learnt after the tensor was sent
    omissions: tuple[Omission, ...] = ()
    later_losses: tuple[tuple[int | None, float | NotFinite | None], ...] = ()
    overwrites: tuple[Overwrite, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    true_gradients: tuple[TrueGradient, ...] = ()
    numeric_gradients: tuple[NumericGradient, ...] = ()
    grad_reads: tuple[GradRead, ...] = ()
    raised: tuple[Raised, ...] = ()


class Live(Record, frozen=True, tag="live"):
    """What a training loop did since the last of these; sent about ten times a second, never empty."""

    leaves: tuple[LiveLeaf, ...] = ()
    optimizers: tuple[LiveOptimizer, ...] = ()
    blocks: tuple[TickBlock, ...] = ()
    samples: tuple[LeafSample, ...] = ()
    series: tuple[Series, ...] = ()
    changes: tuple[Changed, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Those of all blocks."""
        return tuple(tick for block in self.blocks for tick in block.ticks())


class Printed(Record, frozen=True, tag="printed"):
    """Text the program wrote. Added by the runner, never sent by the child."""

    stream: Literal["stdout", "stderr"]
    text: str


class Finished(Record, frozen=True, tag="finished"):
    """The last event of every run, also of a killed one (then made by the runner)."""

    ending: Ending
    failure: Failure | None = None
    leaves: tuple[Leaf, ...] = ()
    exit_status: int = 0
    wall_s: float = 0.0
    held_roots: tuple[TensorId, ...] = ()


ChildEvent = Union[Started, Chunk, Live, Finished]
Event = Union[Started, Chunk, Live, Printed, Finished]
