"""Events folded into a recording, at any moment: a killed run keeps what it had told."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from io import StringIO

import msgspec
from typing_extensions import assert_never

from engine.contract.events import Chunk, Event, Finished, Live, Printed, Started
from engine.contract.packed import MOST_RUNS, Packed, full_runs, message, outline
from engine.contract.rows import Rows
from engine.contract.tables import COUNTED, TABLES
from engine.contract.trace import Environment, FailedStep, Limits, Omission, Program, TensorRecord, Trace

LAST = 4_000  # characters of stdout that are told while the program runs
MAX_LATER_LOSSES = 100_000  # of a run that goes on and on


class TraceBuilder:
    """Collects a run's events; what they tell may be asked before the run has ended, from any thread."""

    def __init__(self, program: Program, limits: Limits) -> None:
        self._program = program
        self._limits = limits
        self._lock = threading.Lock()
        self._rows: dict[str, Rows] = {table: Rows() for table in TABLES}
        self._names: dict[int, str] = {}  # of tensors, learnt later than their rows
        self._full_runs: tuple[int, ...] = ()
        self._has_failed_step = False  # at the end
        self._printed = {"stdout": StringIO(), "stderr": StringIO()}  # a program may print letter by letter
        self._n_printed = {"stdout": 0, "stderr": 0}
        self._last = ""
        self._has_cut = False  # said that output was left out
        self._environment: Environment | None = None
        self._finished = Finished(ending="vanished")

    def add(self, event: Event) -> None:
        """Take one event, in the order of happening."""
        with self._lock:
            match event:
                case Started(environment=environment):
                    self._environment = environment
                case Chunk():
                    self._append(event)
                case Live(ticks=ticks):
                    losses = self._rows["later_losses"]
                    room = max(MAX_LATER_LOSSES - losses.n, 0)
                    losses.extend([(t.line, t.loss) for t in ticks if t.run is None][:room])
                case Printed(stream=stream, text=text):
                    self._print(stream, text)
                case Finished():
                    self._finished = event
                case _:
                    assert_never(event)

    @property
    def printed(self) -> str:
        """The last of its stdout so far, at most LAST characters, also where the recording has no more of it."""
        return self._last

    def packed(self) -> Packed:
        """What was told so far, to be kept."""
        with self._lock:
            n_rows = sum(self._rows[table].n for table in COUNTED)
            return Packed(self._message(), outline(self._ends()), self._full_runs, n_rows)

    def trace(self) -> Trace:
        """The trace of what was told so far. Without a Finished event its ending is "vanished"."""
        with self._lock:
            message = self._message()
        return msgspec.msgpack.decode(message, type=Trace)

    def _message(self) -> bytes:
        """The trace in MessagePack: nothing is made of the rows, their bytes are put together."""
        return message(self._ends(), {table: rows.array() for table, rows in self._all_rows().items() if rows.n})

    def _all_rows(self) -> dict[str, Rows]:
        rows = dict(self._rows)
        if self._finished.failure is not None and not self._has_failed_step:
            printed = len(self._printed["stdout"].getvalue().encode())  # a killed run: it could not say so itself
            rows["steps"] = rows["steps"].and_then([FailedStep(printed=printed)])
        if self._names:
            rows["tensors"] = _named(rows["tensors"], self._names)
        return rows

    def _ends(self) -> Trace:
        """The trace without its tables."""
        end = self._finished
        return Trace(
            program=self._program,
            ending=end.ending,
            environment=self._environment,
            stdout=self._printed["stdout"].getvalue(),
            stderr=self._printed["stderr"].getvalue(),
            exit_status=end.exit_status,
            failure=end.failure,
            leaves=end.leaves,
            held_roots=end.held_roots,
            wall_s=end.wall_s,
            limits=self._limits,
        )

    def _append(self, chunk: Chunk) -> None:
        room = MOST_RUNS - len(self._full_runs)
        self._full_runs += full_runs(chunk.runs, self._rows["runs"].n)[:room]
        for table, rows in self._rows.items():
            rows.extend(getattr(chunk, table))
        if chunk.steps:
            self._has_failed_step = isinstance(chunk.steps[-1], FailedStep)
        self._names.update((number, name) for number, name in chunk.names if 0 <= number < self._rows["tensors"].n)

    def _print(self, stream: str, text: str) -> None:
        if stream == "stdout":
            self._last = (self._last + text[-LAST:])[-LAST:]
        room = self._limits.output_chars - self._n_printed[stream]
        if room > 0:
            self._printed[stream].write(text[:room])
        if len(text) > room and not self._has_cut:
            self._has_cut = True
            self._rows["omissions"].extend([Omission(what="output", limit=self._limits.output_chars)])
        self._n_printed[stream] += len(text)


def _named(tensors: Rows, names: dict[int, str]) -> Rows:
    rows = msgspec.msgpack.decode(tensors.array(), type=list[TensorRecord])
    for number, name in names.items():
        rows[number] = msgspec.structs.replace(rows[number], name=name)
    return Rows().and_then(rows)


def assemble(program: Program, limits: Limits, events: Iterable[Event]) -> Trace:
    """The trace of a whole run."""
    builder = TraceBuilder(program, limits)
    for event in events:
        builder.add(event)
    return builder.trace()
