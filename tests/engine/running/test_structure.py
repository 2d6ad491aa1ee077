"""What is counted of a body is never less than what MessagePack's decoder really builds of it."""

from __future__ import annotations

import struct
import tracemalloc

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contract.codec import CodecError
from engine.contract.events import ChildEvent, Chunk, Finished, Live, Started
from engine.contract.live import LeafSample, LiveLeaf, Series, TickBlock
from engine.contract.trace import (
    Argument,
    CalledStep,
    CallRecord,
    Complex,
    Edge,
    Environment,
    Leaf,
    NodeRanStep,
    NodeRecord,
    Raised,
    Saved,
    Stats,
    StorageRecord,
    TensorRecord,
    TensorState,
    Value,
)
from engine.running.checks.structure import EVENT, NUMBER, SLOT, WORST, TooMuch, weight

DECODER = msgspec.msgpack.Decoder(ChildEvent)
BIG = 10**12


def array(n: int, one: bytes) -> bytes:
    """``n`` times the same element."""
    return b"\xdd" + struct.pack(">I", n) + one * n


def chunk(**tables: bytes) -> bytes:
    return msg(b"chunk", **tables)


def msg(tag: bytes, **fields: bytes) -> bytes:
    parts = [bytes([0xA0 + len(name)]) + name.encode() + content for name, content in fields.items()]
    return bytes([0x81 + len(fields)]) + b"\xa4type" + bytes([0xA0 + len(tag)]) + tag + b"".join(parts)


def built(body: bytes) -> int:
    """Bytes of memory that decoding takes at its highest, also of a body that is refused in the middle."""
    _decoded(body)  # what is made once and kept is there now
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        _decoded(body)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def _decoded(body: bytes) -> ChildEvent | None:
    try:
        return DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


RAISED = b"\x86\xa8function\xa1f\xa4type\xa1E\xa7message\xa1m\xa4line\x01\xa4step\x00\xa6inputs"
N = 20_000
BOMBS = {
    "empty arguments": chunk(raised=b"\x91" + RAISED + array(N, b"\x80")),
    "floats sent as small integers": msg(
        b"live", blocks=b"\x91\x83\xa5first\x00\xa7times_s" + array(N, b"\x00") + b"\xa6losses" + array(N, b"\xc0")
    ),
    "names": chunk(names=array(N, b"\x92\x00\xa0")),
    "losses": chunk(later_losses=array(N, b"\x92\xc0\xc0")),
    "single letters": chunk(calls=b"\x91\x84\xa4name\xa1f\xa8function\xa1f\xa4line\x01\xa5scope" + array(N, b"\xa1x")),
    "wide letters": chunk(
        calls=b"\x91\x84\xa4name\xa1f\xa8function\xa1f\xa4line\x01\xa5scope" + array(N, b"\xa4\xf0\x9f\x98\x80")
    ),
    "one wide letter in a long text": chunk(
        storages=b"\x91\x82\xaasize_bytes\x00\xa6device\xdb" + struct.pack(">I", N + 4) + b"a" * N + b"\xf0\x9f\x98\x80"
    ),
    "empty shapes": chunk(nodes=b"\x91\x82\xa4name\xa1n\xadoutput_shapes" + array(N, b"\x90")),
    "shapes of one": chunk(nodes=b"\x91\x82\xa4name\xa1n\xadoutput_shapes" + array(N, b"\x91\x00")),
    "nodes with a name only": chunk(nodes=array(N, b"\x81\xa4name\xa0")),
    "runs with a line only": chunk(runs=array(N, b"\x82\xa4kind\xa4grad\xa4line\xc0")),
    "calls without anything": chunk(calls=array(N, b"\x83\xa4name\xa0\xa8function\xa0\xa4line\xc0")),
    "tensors without anything": chunk(tensors=array(N, b"\x83\xa5shape\x90\xa5dtype\xa0\xa6device\xa0")),
    "ends of runs": chunk(steps=array(N, b"\x83\xa4type\xa9run_ended\xa3run\x00\xa9completed\xc2")),
    "no gradients": chunk(
        steps=b"\x91\x84\xa4type\xa8node_ran\xa3run\x00\xa4node\x00\xacgrad_outputs" + array(N, b"\xc0")
    ),
    "numbers of 64 bits": msg(b"finished", ending=b"\xa2ok", held_roots=array(N, b"\xcf" + b"\xff" * 8)),
    "numbers of 63 bits": msg(b"finished", ending=b"\xa2ok", held_roots=array(N, b"\xcf\x7f" + b"\xff" * 7)),
    "complex numbers": msg(
        b"finished",
        ending=b"\xa2ok",
        leaves=b"\x91\x85\xa4name\xa0\xa6tensor\xc0\xa5shape\x90\xa5dtype\xa0\xa4grad\x83\xa5shape\x90\xa5dtype\xa0\xa5items"
        + array(N, b"\x83\xa4type\xa7complex\xa2re\x00\xa2im\x00"),
    ),
    "arrays that claim what is left": chunk(
        nodes=b"\x91\x82\xa4name\xa1n\xadoutput_shapes\xdd"
        + struct.pack(">I", N)
        + (b"\xdd" + struct.pack(">I", N)) * N
    ),
    "an unknown field": chunk(other=array(N, b"\x80")),
    "rows of another type": chunk(tensors=array(N, b"\x80")),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_counted_for_what_it_becomes(name: str) -> None:
    body = BOMBS[name]
    real = built(body)
    assert real <= WORST * len(body) + EVENT
    try:
        counted = weight(body, BIG)
    except CodecError:
        return  # it is never decoded
    assert real <= counted + 16_000  # the interpreter makes some things once
    if counted > 100_000:
        with pytest.raises(TooMuch):
            weight(body, counted - 1)


def test_the_walk_ends_where_the_budget_ends() -> None:
    """Counted in bytes that were looked at: what stands behind the budget may be rubbish."""
    body = chunk(nodes=array(N, b"\x81\xa4name\xa0"))
    with pytest.raises(TooMuch):
        weight(body[: len(body) // 2] + b"\xc1" * (len(body) - len(body) // 2), 100_000)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "ends in the middle"),
        (b"\x81\xa4type", "ends in the middle"),
        (b"\x81\xa4type\xa7finished", "bytes too many"),
        (b"\xc0\xc0", "bytes too many"),
        (b"\x81\x00\x00", "no name of a field"),
        (b"\xdf\x00\x00\x00\x01\xa1a\x00", "the type 0xdf"),
        (b"\xc1", "the type 0xc1"),
        (b"\xc4\x01a", "the type 0xc4"),
        (b"\xd4\x01a", "the type 0xd4"),
        (b"\xdd\xff\xff\xff\xff", "an array of 4294967295 elements in 0 bytes"),
        (b"\xdb\x00\x00\x01\x00", "a text of 256 bytes in 0"),
        (b"\x91" * 1_000_000 + b"\x00", "values inside each other"),
    ],
)
def test_what_no_event_contains_is_refused(body: bytes, complaint: str) -> None:
    with pytest.raises(CodecError, match=complaint):
        weight(body, BIG)


def test_a_text_longer_than_a_traceback_is_too_much() -> None:
    assert weight(b"\xdb" + struct.pack(">I", 100_000) + b"a" * 100_000, BIG) > 100_000
    with pytest.raises(TooMuch, match="a text of 100001 bytes"):
        weight(b"\xdb" + struct.pack(">I", 100_001) + b"a" * 100_001, BIG)


def test_long_arrays_of_one_kind_cost_what_their_elements_cost() -> None:
    for one in (b"\x05", b"\xcb" + b"\0" * 8):
        few, many = (weight(array(n, one), BIG) for n in (1_000, 2_000))
        assert many - few == 1_000 * (SLOT + NUMBER)
    mixed = b"\xdc\x00\x09" + b"\xcb" + b"\xcb" * 8 + b"\x05" * 7 + b"\xcb" + b"\0" * 8
    assert weight(mixed, BIG) - weight(b"\x90", BIG) == 9 * (SLOT + NUMBER)


texts = st.text(max_size=12)
numbers = st.integers(-(2**63), 2**63 - 1)
floats = st.floats(allow_nan=False) | st.sampled_from(["nan", "inf", "-inf"])
some_numbers = st.lists(numbers, max_size=12).map(tuple)
items = st.lists(st.booleans() | numbers | floats | st.builds(Complex, floats, floats), max_size=20).map(tuple)
values = st.builds(
    Value,
    some_numbers,
    texts,
    items,
    st.lists(some_numbers, max_size=3).map(tuple),
    st.booleans(),
    st.none() | st.builds(Stats, floats, floats, floats, floats),
    st.none() | texts,
)


def rows(one: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(one, max_size=10).map(tuple)


arguments = st.builds(Argument, st.none() | numbers, st.none() | texts, st.none() | texts)
states = st.builds(TensorState, numbers, numbers, value=st.none() | values)
chunks = st.builds(
    Chunk,
    storages=rows(st.builds(StorageRecord, numbers, texts)),
    tensors=rows(st.builds(TensorRecord, some_numbers, texts, texts, st.none() | texts, strides=some_numbers)),
    nodes=rows(
        st.builds(
            NodeRecord,
            texts,
            next_functions=rows(st.builds(Edge, st.none() | numbers, numbers)),
            saved=rows(st.builds(Saved, texts, numbers, value=st.none() | values)),
        )
    ),
    calls=rows(
        st.builds(
            CallRecord,
            texts,
            texts,
            st.none() | numbers,
            inputs=rows(arguments),
            outputs=rows(states),
            scope=rows(texts),
        )
    ),
    steps=rows(
        st.builds(CalledStep, numbers)
        | st.builds(NodeRanStep, numbers, numbers, rows(st.none() | values), rows(st.none() | values))
    ),
    names=rows(st.tuples(numbers, texts)),
    later_losses=rows(st.tuples(st.none() | numbers, st.none() | floats)),
    raised=rows(st.builds(Raised, texts, texts, texts, st.none() | numbers, numbers, rows(arguments))),
)
lives = st.builds(
    Live,
    leaves=rows(st.builds(LiveLeaf, numbers, st.none() | texts, some_numbers, texts)),
    blocks=rows(st.builds(TickBlock, numbers, rows(st.floats()), rows(st.none() | st.floats()))),
    samples=rows(st.builds(LeafSample, numbers, numbers, floats, floats, floats, floats, rows(floats))),
    series=rows(st.builds(Series, st.none() | numbers, st.floats(), texts, rows(floats), numbers)),
)
ends = st.builds(
    Finished,
    st.just("ok"),
    leaves=rows(st.builds(Leaf, texts, st.none() | numbers, some_numbers, texts, st.none() | values)),
)
events = st.builds(Started, st.builds(Environment, texts, texts)) | chunks | lives | ends


@settings(max_examples=100, deadline=None)
@given(events)
@pytest.mark.slow
def test_an_event_is_counted_for_at_least_what_it_becomes(event: ChildEvent) -> None:
    body = msgspec.msgpack.encode(event)
    counted, real = weight(body, BIG), built(body)
    assert real <= counted <= EVENT + 8 * real + 1_000
    assert counted <= EVENT + WORST * len(body)


@settings(max_examples=100, deadline=None)
@given(events, st.data())
@pytest.mark.slow
def test_a_body_that_was_tampered_with_is_refused_or_counted_in_full(event: ChildEvent, data: st.DataObject) -> None:
    body = bytearray(msgspec.msgpack.encode(event))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    real = built(bytes(body))
    assert real <= EVENT + WORST * len(body) + 2_000  # the text of the complaint
    try:
        counted = weight(bytes(body), BIG)
    except CodecError:
        return
    assert real <= counted + 2_000
