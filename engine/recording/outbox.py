"""Rows on their way out of the child: numbered here, sent in chunks, bounded.

The first steps are sent one by one and later ones at short intervals, so that a program that is
killed, crashes or hangs has already told what it did.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from engine.contract.events import Chunk
from engine.contract.ids import CallId, NodeId, RunId, StorageId, TensorId
from engine.contract.tables import TABLE_OF_ROW
from engine.contract.trace import (
    CallRecord,
    Complex,
    GradRead,
    Limits,
    Mismatch,
    NodeRecord,
    NotFinite,
    NumericGradient,
    Omission,
    Overwrite,
    Raised,
    RunRecord,
    Step,
    StorageRecord,
    TensorRecord,
    TrueGradient,
    Value,
)

N_SENT_SINGLY = 64
INTERVAL_S = 0.03
MAX_ROWS = 400
MAX_LOSSES = 100_000
BYTES_PER_ITEM, BYTES_PER_COMPLEX = 9, 36  # in MessagePack: a float; a record of two


class Outbox:
    """Gives each record its id (its position in the trace's table) and sends the rows on."""

    def __init__(self, emit: Callable[[Chunk], None], limits: Limits) -> None:
        self._emit = emit
        self._limits = limits
        self._rows: dict[str, list[Any]] = {}
        self._n_rows = 0
        self._counts: dict[str, int] = {}
        self._sent_at = 0.0
        self._value_bytes = 0
        self._left_out: dict[str, Omission] = {}

    def tensor(self, record: TensorRecord) -> TensorId:
        return TensorId(self._add("tensors", record))

    def storage(self, record: StorageRecord) -> StorageId:
        return StorageId(self._add("storages", record))

    def node(self, record: NodeRecord) -> NodeId:
        return NodeId(self._add("nodes", record))

    def call(self, record: CallRecord) -> CallId:
        return CallId(self._add("calls", record))

    def run(self, record: RunRecord) -> RunId:
        return RunId(self._add("runs", record))

    def name(self, tensor: TensorId, name: str) -> None:
        self._add("names", (tensor, name))

    def row(self, record: Overwrite | Mismatch | TrueGradient | NumericGradient | GradRead | Raised) -> None:
        """Append to one of the referee's tables, which have no ids."""
        self._add(TABLE_OF_ROW[type(record)], record)

    def later_loss(self, line: int | None, value: float | NotFinite | None) -> None:
        if self.n("later_losses") < MAX_LOSSES:
            self._add("later_losses", (line, value))
            self._send_if_due()

    def step(self, step: Step) -> None:
        """Append a step; what it refers to was added before it."""
        n = self._add("steps", step)
        if n < N_SENT_SINGLY:
            self.send()
        else:
            self._send_if_due()

    def leave_out(self, omission: Omission) -> None:
        """Note once per kind that a limit left something out."""
        if omission.what not in self._left_out:
            self._left_out[omission.what] = omission
            self._add("omissions", omission)

    def afford(self, value: Value | None) -> Value | None:
        """``value``, or its statistics alone once the budget for previews is spent."""
        if value is None or not value.items:
            return value
        self._value_bytes += bytes_of(value)
        if self._value_bytes <= self._limits.value_bytes:
            return value
        self.leave_out(Omission(what="values", limit=self._limits.value_bytes))
        return Value(value.shape, value.dtype, is_whole=False, stats=value.stats, unavailable="over the size limit")

    @property
    def next_call(self) -> CallId:
        """The id that the next call gets."""
        return CallId(self.n("calls"))

    @property
    def next_run(self) -> RunId:
        """The id that the next run gets."""
        return RunId(self.n("runs"))

    def n(self, table: str) -> int:
        """How many rows the table has so far."""
        return self._counts.get(table, 0)

    def send(self) -> None:
        """Send whatever is waiting."""
        if self._n_rows:
            rows, self._rows, self._n_rows = self._rows, {}, 0
            self._emit(Chunk(**{table: tuple(records) for table, records in rows.items()}))
        self._sent_at = perf_counter()

    def _add(self, table: str, record: Any) -> int:
        self._rows.setdefault(table, []).append(record)
        self._n_rows += 1
        position = self._counts.get(table, 0)
        self._counts[table] = position + 1
        return position

    def _send_if_due(self) -> None:
        if self._n_rows >= MAX_ROWS or perf_counter() - self._sent_at > INTERVAL_S:
            self.send()


def bytes_of(value: Value | None) -> int:
    """What its items take on their way; nothing for None."""
    if value is None or not value.items:
        return 0
    return len(value.items) * (BYTES_PER_COMPLEX if isinstance(value.items[0], Complex) else BYTES_PER_ITEM)
