"""Events folded into a trace, at any moment."""

from __future__ import annotations

import msgspec

from engine.contract.assemble import TraceBuilder, assemble
from engine.contract.events import Chunk, Event, Finished, Printed, Started
from engine.contract.packed import Packed
from engine.contract.tables import TABLES
from engine.contract.trace import (
    CalledStep,
    CallRecord,
    Environment,
    FailedStep,
    Failure,
    Leaf,
    Limits,
    Omission,
    Program,
    TensorRecord,
    Trace,
)
from tests.graphviz_tools.random_traces import random_trace

PROGRAM, LIMITS = Program("x"), Limits()
CALL, TENSOR = CallRecord("add", "torch.add", 1), TensorRecord((2,), "float32", "cpu")
EVENTS: list[Event] = [
    Started(Environment("3.11", "2.13")),
    Chunk(calls=(CALL,), tensors=(TENSOR,), steps=(CalledStep(0),)),
    Printed("stdout", "a"),
    Chunk(
        calls=(CALL,), tensors=(TENSOR,), steps=(CalledStep(1),), names=((0, "x"), (1, "y")), later_losses=((3, 2.0),)
    ),
    Printed("stderr", "b"),
    Finished("ok", leaves=(Leaf("x", 0, (2,), "float32"),), wall_s=0.5),
]


def test_chunks_are_appended_in_order_and_late_names_reach_their_tensors() -> None:
    trace = assemble(PROGRAM, LIMITS, EVENTS)
    assert [tensor.name for tensor in trace.tensors] == ["x", "y"]
    assert (len(trace.calls), trace.steps) == (2, (CalledStep(0), CalledStep(1)))
    assert (trace.stdout, trace.stderr, trace.ending, trace.wall_s) == ("a", "b", "ok", 0.5)
    assert (trace.leaves[0].name, trace.later_losses) == ("x", ((3, 2.0),))


def test_a_run_cut_off_anywhere_keeps_what_it_had_told() -> None:
    builder = TraceBuilder(PROGRAM, LIMITS)
    seen = []
    for event in EVENTS:
        seen.append((builder.trace().ending, len(builder.trace().steps)))
        builder.add(event)
    assert seen == [("vanished", n) for n in (0, 0, 1, 1, 2, 2)]


def test_asking_early_does_not_change_what_comes_later() -> None:
    builder = TraceBuilder(PROGRAM, LIMITS)
    for event in EVENTS:
        builder.add(event)
        builder.trace()
    assert builder.trace() == assemble(PROGRAM, LIMITS, EVENTS)


def test_output_beyond_the_limit_is_cut_and_said_once() -> None:
    limits = Limits(output_chars=4)
    events: list[Event] = [
        Printed("stdout", "abc"),
        Printed("stdout", "def"),
        Printed("stdout", "g"),
        Printed("stderr", "h"),
    ]
    trace = assemble(PROGRAM, limits, events)
    assert (trace.stdout, trace.stderr) == ("abcd", "h")
    assert trace.omissions == (Omission("output", 4),)


def test_output_of_exactly_the_limit_is_whole() -> None:
    assert assemble(PROGRAM, Limits(output_chars=3), [Printed("stdout", "abc")]).omissions == ()


def test_a_program_that_was_stopped_ends_in_its_failure() -> None:
    failure = Failure("Stopped", "stopped on request", 2, "limit")
    trace = assemble(PROGRAM, LIMITS, [Printed("stdout", "é"), Finished("cancelled", failure)])
    assert trace.steps == (FailedStep(printed=2),)


def test_what_is_put_together_of_bytes_is_what_the_objects_would_be() -> None:
    for seed in range(20):
        sent = Packed.of(msgspec.structs.replace(random_trace(seed), failure=None)).message()
        whole = msgspec.msgpack.decode(sent, type=Trace)
        tables = {table: getattr(whole, table) for table in TABLES}
        first = {table: rows[: len(rows) // 2] for table, rows in tables.items()}
        rest = {table: rows[len(rows) // 2 :] for table, rows in tables.items()}
        builder = TraceBuilder(whole.program, whole.limits)
        builder.add(Started(whole.environment or Environment("", "")))
        for stream in ("stdout", "stderr"):
            builder.add(Printed(stream, getattr(whole, stream)))
        for part in (first, rest):
            builder.add(Chunk(**part))
        builder.add(Finished(whole.ending, None, whole.leaves, whole.exit_status, whole.wall_s, whole.held_roots))
        trace, packed = builder.trace(), builder.packed()
        assert {table: getattr(trace, table) for table in TABLES} == tables
        assert packed.key == Packed.of(trace).key
        assert (packed.full_runs, packed.n_rows) == (Packed.of(trace).full_runs, Packed.of(trace).n_rows)
