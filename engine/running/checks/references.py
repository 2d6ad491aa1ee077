"""Whether a child's rows are what a recording can have, so that nobody who reads the trace meets a hole or a circle.

A program can write into its own event channel. What is decoded has the right types by then; what its numbers mean is
checked here, row by row as they come: a reference is a position in the trace's tables, what is followed from row to
row comes to an end, a value has as many items as its shape says and no more than the limits let through.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from graphlib import CycleError, TopologicalSorter

from engine.contract.codec import CodecError
from engine.contract.events import ChildEvent, Chunk, Finished, Live
from engine.contract.tables import tables_of_ids
from engine.contract.trace import Limits, NodeRecord, Record, TensorRecord, Value
from engine.running.checks.live_rows import LiveRows
from engine.running.checks.shapes import check_shapes, check_strides, check_value

MOST_ROWS = 200_000  # of one table: several times what the recorder's own limits let through
MOST_REACHED = 400_000  # nodes of all runs together: each run that is recorded in full names those it reaches
MOST_NESTED = 200  # runs inside each other: PyTorch itself goes no deeper than 60 without a thread of its own


class References:
    """Counts the rows of each table and looks at every reference of what is sent."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._n: dict[str, int] = dict.fromkeys(Chunk.__struct_fields__, 0)
        self._n_reached = 0
        self._depths: list[int] = []  # of runs
        self._live = LiveRows(self._limits)

    def check(self, event: ChildEvent) -> None:
        """Take one event. Raises CodecError when it points at something that was never sent."""
        if isinstance(event, Live):
            self._live.check(event, self._n["runs"])
        elif isinstance(event, Chunk):
            before = dict(self._n)
            for table in self._n:
                self._n[table] += len(getattr(event, table))
            if max(self._n.values()) > MOST_ROWS:
                raise CodecError(f"more than {MOST_ROWS} rows in a table")
            for number, _ in event.names:
                self._in("tensors", number)
            self._look(event)
            self._follow(event, before)
        elif isinstance(event, Finished):
            self._look(event)

    def _follow(self, chunk: Chunk, before: dict[str, int]) -> None:
        """Rows that are followed from one to the next end somewhere; rows sent before cannot point at new ones."""
        for name in ("base", "cut_from", "grad_of"):
            check_ends(before["tensors"], [_one(getattr(tensor, name)) for tensor in chunk.tensors])
        edges = [[edge.node for edge in node.next_functions if edge.node is not None] for node in chunk.nodes]
        check_ends(before["nodes"], edges)
        for run in chunk.runs:
            depth = 0 if run.parent is None else self._depth(run.parent) + 1
            if depth > MOST_NESTED:
                raise CodecError(f"more than {MOST_NESTED} runs inside each other")
            self._depths.append(depth)
            self._n_reached += len(run.nodes)
        if self._n_reached > MOST_REACHED:
            raise CodecError(f"runs that reach more than {MOST_REACHED} nodes together")

    def _depth(self, parent: int) -> int:
        if parent >= len(self._depths):
            raise CodecError(f"a run inside run {parent}, which begins later")
        return self._depths[parent]

    def _look(self, record: Record) -> None:
        if isinstance(record, Value):
            check_value(record, self._limits)
            return
        if isinstance(record, TensorRecord):
            check_strides(record)
        elif isinstance(record, NodeRecord):
            check_shapes(record.output_shapes)
        for name, table in _fields(type(record)):
            thing: int | Record | tuple[object, ...] | None = getattr(record, name)
            if isinstance(thing, int):
                if table is not None:
                    self._in(table, thing)
            elif isinstance(thing, tuple):
                self._look_through(thing, table)
            elif isinstance(thing, Record):
                self._look(thing)

    def _look_through(self, things: tuple[object, ...], table: str | None) -> None:
        for thing in things:
            if isinstance(thing, Record):
                self._look(thing)
            elif table is not None and isinstance(thing, int):
                self._in(table, thing)

    def _in(self, table: str, number: int) -> None:
        if not 0 <= number < self._n[table]:
            raise CodecError(f"an event points at number {number} of {self._n[table]} {table}")


def check_ends(first: int, targets: Sequence[Collection[int]]) -> None:
    """Raises CodecError when rows, which are numbered from ``first`` and point at ``targets``, lead into a circle.

    The recorder numbers in the order of making, so hardly ever a row points at a later one.
    """
    if all(target < row for row, some in enumerate(targets, first) for target in some):
        return
    try:
        TopologicalSorter(dict(enumerate(targets, first))).prepare()
    except CycleError:
        raise CodecError("rows that lead back to themselves") from None


def _one(number: int | None) -> tuple[int, ...]:
    return () if number is None else (number,)


@cache
def _fields(kind: type[Record]) -> tuple[tuple[str, str | None], ...]:
    """(name, table it points into) of the fields worth a look: references, records, tuples of either."""
    plain = {
        "shape",
        "strides",
        "items",
        "kept",
        "scope",
        "attributes",
        "output_shapes",
        "names",
        "later_losses",
        "kinks",
    }
    return tuple((name, table) for name, table in tables_of_ids(kind).items() if name not in plain)
