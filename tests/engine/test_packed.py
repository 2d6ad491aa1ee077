"""A packed recording gives back the same trace, and holds none of its objects."""

from __future__ import annotations

import gc
import weakref

import msgspec

from engine.contract.packed import Packed
from engine.contract.trace import Program, Trace
from tests.graphviz_tools.traces import mutated


def test_the_trace_comes_back_as_it_was() -> None:
    trace = mutated("data")
    packed = Packed.of(trace)
    assert packed.trace() is trace, "still held by somebody: not made anew"
    again = msgspec.msgpack.decode(packed.message(), type=Trace)
    assert again == trace
    assert packed.n_rows == len(trace.calls) + len(trace.nodes) + len(trace.steps)


def test_nothing_of_the_trace_is_held() -> None:
    trace = msgspec.structs.replace(mutated("data"), stdout="held by nobody")
    packed, seen = Packed.of(trace), weakref.ref(trace)
    del trace
    gc.collect()
    assert seen() is None
    assert packed.trace().stdout == "held by nobody"


def test_the_key_is_the_content() -> None:
    one, same = (Packed.of(msgspec.structs.replace(mutated("data"))) for _ in range(2))
    assert one.key == same.key
    assert one.key != Packed.of(msgspec.structs.replace(mutated("data"), stdout="more")).key


def test_half_of_a_surrogate_pair_is_written_as_an_escape() -> None:
    packed = Packed.of(Trace(Program("print('\ud800')"), "ok"))
    assert msgspec.msgpack.decode(packed.message(), type=Trace).program.source == "print('\\ud800')"
