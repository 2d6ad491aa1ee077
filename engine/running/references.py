"""Whether a child's rows point only at rows that exist, so that nobody who reads the trace meets a hole.

A program can write into its own event channel. What is decoded has the right types by then; that its
numbers are positions in the trace's tables is checked here, row by row as they come.
"""

from __future__ import annotations

from functools import cache
from math import prod
from typing import Any

import msgspec

from engine.codec import CodecError
from engine.events import ChildEvent, Chunk, Finished
from engine.trace import Record, Value

TABLES: tuple[str, ...] = ("storages", "tensors", "nodes", "calls", "runs")
TABLE_OF = {
    "storage": "storages", "tensor": "tensors", "base": "tensors", "cut_from": "tensors", "grad_of": "tensors",
    "variable": "tensors", "through": "tensors", "inputs": "tensors", "node": "nodes", "nodes": "nodes",
    "failed_node": "nodes", "call": "calls", "run": "runs", "parent": "runs", "held_roots": "tensors",
}  # fmt: skip

MOST_ROWS = 200_000  # of one table: several times what the recorder's own limits let through


class References:
    """Counts the rows of each table and looks at every reference of what is sent."""

    def __init__(self) -> None:
        self._n: dict[str, int] = dict.fromkeys(TABLES, 0)
        self._n_steps = 0

    def check(self, event: ChildEvent) -> None:
        """Take one event. Raises CodecError when it points at something that was never sent."""
        if isinstance(event, Chunk):
            for table in TABLES:
                self._n[table] += len(getattr(event, table))
            self._n_steps += len(event.steps)
            if max(self._n_steps, *self._n.values()) > MOST_ROWS:
                raise CodecError(f"more than {MOST_ROWS} rows in a table")
            for number, _ in event.names:
                self._in("tensors", number)
        if isinstance(event, (Chunk, Finished)):
            self._look(event)

    def _look(self, record: Any) -> None:
        if isinstance(record, Value):
            _check_value(record)
            return
        for name, table in _fields(type(record)):
            thing = getattr(record, name)
            if isinstance(thing, int):
                if table is not None:
                    self._in(table, thing)
            elif isinstance(thing, tuple):
                self._look_through(thing, table)
            elif isinstance(thing, Record):
                self._look(thing)

    def _look_through(self, things: tuple[Any, ...], table: str | None) -> None:
        for thing in things:
            if isinstance(thing, Record):
                self._look(thing)
            elif table is not None and isinstance(thing, int):
                self._in(table, thing)

    def _in(self, table: str, number: int) -> None:
        if not 0 <= number < self._n[table]:
            raise CodecError(f"an event points at number {number} of {self._n[table]} {table}")


def _check_value(value: Value) -> None:
    """A value's items are as many as its kept indices say, and these lie within its shape."""
    if not value.items:
        return
    sizes = value.shape if value.is_whole and not value.kept else tuple(len(indices) for indices in value.kept)
    is_inside = all(
        all(0 <= index < size for index in indices) for indices, size in zip(value.kept, value.shape, strict=False)
    )
    if len(sizes) != len(value.shape) or prod(sizes) != len(value.items) or not is_inside:
        raise CodecError(f"a value of shape {value.shape} with {len(value.items)} items")


@cache
def _fields(kind: type) -> tuple[tuple[str, str | None], ...]:
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
    names = [field.name for field in msgspec.structs.fields(kind)]
    return tuple((name, TABLE_OF.get(name)) for name in names if name not in plain)
