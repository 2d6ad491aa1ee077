"""The tables of a trace, derived from its types: their names, the records that are rows, and what ids point into."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args, get_type_hints

from engine.contract.events import Chunk
from engine.contract.ids import CallId, NodeId, RunId, StorageId, TensorId
from engine.contract.trace import Record, Trace

TABLES = tuple(name for name in Chunk.__struct_fields__ if name in Trace.__struct_fields__)
ROWS = {name: get_args(kind)[0] for name, kind in get_type_hints(Chunk).items() if name in TABLES}
TABLE_OF_ROW: dict[type, str] = {row: name for name, row in ROWS.items() if isinstance(row, type)}
TABLE_OF_ID: dict[Any, str] = {
    StorageId: "storages",
    TensorId: "tensors",
    NodeId: "nodes",
    CallId: "calls",
    RunId: "runs",
}
COUNTED = ("calls", "nodes", "steps")  # what tells how large a recording is


@cache
def tables_of_ids(kind: type[Record]) -> dict[str, str | None]:
    """Each field of a record, and the table that the ids in it point into; None: it has no ids of its own."""
    return {name: _table(annotation) for name, annotation in get_type_hints(kind).items()}


def _table(annotation: Any) -> str | None:
    if annotation in TABLE_OF_ID:
        return TABLE_OF_ID[annotation]
    return next((table for part in get_args(annotation) if (table := _table(part)) is not None), None)
