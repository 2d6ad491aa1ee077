"""A recording as compressed bytes: what a server keeps of it, a tenth or less of what its rows take as objects."""

from __future__ import annotations

import hashlib
import weakref
import zlib
from collections.abc import Iterable, Mapping
from itertools import islice

import msgspec

from engine.contract.codec import packed
from engine.contract.tables import COUNTED
from engine.contract.trace import RunRecord, Trace

QUICKLY = 1  # of zlib's levels: numbers and names repeat, so that more effort gains little
MOST_RUNS = 100  # that one can choose from


class Packed:
    """A trace in MessagePack, compressed.

    ``outline``: the same program, output and ending with nothing in between, for all who ask for no more.
    ``full_runs``: the backward runs whose steps were recorded. ``n_rows``: calls, nodes and steps.
    ``key``: the same for the same content.
    """

    def __init__(self, message: bytes, outline: Trace, full_runs: tuple[int, ...], n_rows: int) -> None:
        self.key = hashlib.sha256(message).hexdigest()
        self.outline, self.full_runs, self.n_rows = outline, full_runs, n_rows
        self._data = zlib.compress(message, QUICKLY)
        self._known: weakref.ref[Trace] | None = None

    @classmethod
    def of(cls, trace: Trace) -> Packed:
        """Of a whole trace."""
        n_rows = sum(len(getattr(trace, table)) for table in COUNTED)
        one = cls(message(trace, {}), outline(trace), full_runs(trace.runs), n_rows)
        one._known = weakref.ref(trace)
        return one

    def message(self) -> bytes:
        """The trace in MessagePack."""
        return zlib.decompress(self._data)

    def trace(self) -> Trace:
        """The trace itself, made anew where nobody holds it any more."""
        trace = None if self._known is None else self._known()
        if trace is None:
            trace = msgspec.msgpack.decode(self.message(), type=Trace)
            self._known = weakref.ref(trace)
        return trace


def message(trace: Trace, tables: Mapping[str, bytes]) -> bytes:
    """The trace in MessagePack, with further tables that are in MessagePack already."""
    fields = msgspec.msgpack.decode(packed(trace), type=dict[str, msgspec.Raw])
    fields |= {table: msgspec.Raw(rows) for table, rows in tables.items()}
    return msgspec.msgpack.encode({name: fields[name] for name in Trace.__struct_fields__ if name in fields})


def outline(trace: Trace) -> Trace:
    """The same program, output and ending, with nothing in between."""
    return Trace(
        trace.program,
        trace.ending,
        stdout=trace.stdout,
        stderr=trace.stderr,
        failure=trace.failure,
        limits=trace.limits,
    )


def full_runs(runs: Iterable[RunRecord], first: int = 0) -> tuple[int, ...]:
    """The numbers of those that were recorded with their steps, when the first of ``runs`` has the number ``first``."""
    return tuple(islice((number for number, run in enumerate(runs, first) if run.is_full), MOST_RUNS))
