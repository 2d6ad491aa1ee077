"""Events folded into a Trace, at any moment: a killed run keeps what it had told."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Any

import msgspec
from typing_extensions import assert_never

from engine.events import Chunk, Event, Finished, Live, Printed, Started
from engine.trace import Environment, FailedStep, Limits, Omission, Program, Trace

TABLES = ("storages", "tensors", "nodes", "calls", "runs", "steps", "omissions", "later_losses",
          "overwrites", "mismatches", "true_gradients", "numeric_gradients", "grad_reads",
          "raised")  # fmt: skip
MAX_LATER_LOSSES = 100_000  # of a run that goes on and on


class TraceBuilder:
    """Collects a run's events; :meth:`trace` may be asked before the run has ended."""

    def __init__(self, program: Program, limits: Limits) -> None:
        self._program = program
        self._limits = limits
        self._rows: dict[str, list[Any]] = {table: [] for table in TABLES}
        self._printed = {"stdout": StringIO(), "stderr": StringIO()}  # a program may print letter by letter
        self._n_printed = {"stdout": 0, "stderr": 0}
        self._has_cut = False  # said that output was left out
        self._environment: Environment | None = None
        self._finished = Finished(ending="vanished")

    def add(self, event: Event) -> None:
        """Take one event, in the order of happening."""
        match event:
            case Started(environment=environment):
                self._environment = environment
            case Chunk():
                self._append(event)
            case Live(ticks=ticks):
                room = MAX_LATER_LOSSES - len(self._rows["later_losses"])
                self._rows["later_losses"].extend([(t.line, t.loss) for t in ticks if t.run is None][: max(room, 0)])
            case Printed(stream=stream, text=text):
                self._print(stream, text)
            case Finished():
                self._finished = event
            case _:
                assert_never(event)

    def trace(self) -> Trace:
        """The trace of what was told so far. Without a Finished event its ending is "vanished"."""
        end = self._finished
        tables = self._tables()
        if end.failure is not None and not any(isinstance(step, FailedStep) for step in tables["steps"][-1:]):
            printed = len(self._printed["stdout"].getvalue().encode())  # a killed run: it could not say so itself
            tables["steps"] += (FailedStep(printed=printed),)
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
            **tables,
        )

    def _tables(self) -> dict[str, Any]:
        return {table: tuple(rows) for table, rows in self._rows.items()}

    def _append(self, chunk: Chunk) -> None:
        for table in TABLES:
            self._rows[table].extend(getattr(chunk, table))
        tensors = self._rows["tensors"]
        for number, name in chunk.names:
            if 0 <= number < len(tensors):
                tensors[number] = msgspec.structs.replace(tensors[number], name=name)

    def _print(self, stream: str, text: str) -> None:
        room = self._limits.output_chars - self._n_printed[stream]
        if room > 0:
            self._printed[stream].write(text[:room])
        if len(text) > room and not self._has_cut:
            self._has_cut = True
            self._rows["omissions"].append(Omission(what="output", limit=self._limits.output_chars))
        self._n_printed[stream] += len(text)


def assemble(program: Program, limits: Limits, events: Iterable[Event]) -> Trace:
    """The trace of a whole run."""
    builder = TraceBuilder(program, limits)
    for event in events:
        builder.add(event)
    return builder.trace()
