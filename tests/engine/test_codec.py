"""Traces as JSON and events as frames: what goes in comes out, anything else is refused with a reason."""

from __future__ import annotations

import msgspec
import pytest

from engine.contract import codec
from engine.contract.codec import CodecError, FrameReader, FrameTooLarge, Job, frame, trace_from_json, trace_to_json
from engine.contract.events import ChildEvent, Chunk, Finished, Started
from engine.contract.frames import PREFIX_BYTES
from engine.contract.trace import CalledStep, Complex, Environment, Limits, Program, TensorState, Trace, Value

EVENTS: list[ChildEvent] = [
    Started(Environment("3.11", "2.13")),
    Chunk(steps=(CalledStep(call=0, printed=3),), names=((2, "名"),), later_losses=((4, "nan"), (5, 1.5))),
    Finished(ending="ok", wall_s=0.25),
]


def read(data: bytes, step: int) -> list[ChildEvent]:
    reader: FrameReader[ChildEvent] = FrameReader(ChildEvent)
    return [event for i in range(0, len(data), step) for event in reader.feed(data[i : i + step])]


@pytest.mark.parametrize("step", [1, 3, 7, 10_000])
def test_frames_are_read_however_they_are_cut(step: int) -> None:
    assert read(b"".join(map(frame, EVENTS)), step) == EVENTS


def test_a_frame_starts_with_its_length_in_four_little_endian_bytes() -> None:
    data = frame(EVENTS[0])
    assert int.from_bytes(data[:4], "little") == len(data) - 4


def test_a_frame_that_claims_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(CodecError, match="claims 4294967295 bytes; at most 64000000"):
        read(b"\xff\xff\xff\xff", 4)


@pytest.mark.parametrize("body", [b"\xc1", b"\x80", msgspec.msgpack.encode({"type": "started", "environment": 5})])
def test_a_frame_that_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(CodecError, match="a frame that is no event"):
        read(len(body).to_bytes(4, "little") + body, 100)


def test_a_text_that_is_no_utf_8_is_refused() -> None:
    with pytest.raises(CodecError, match="a frame that is no event"):
        read(b"\x12\0\0\0\x82\xa4type\xa7started\xa2\x80ab\xc0", 100)


def test_a_frame_is_looked_at_before_anything_is_made_of_it() -> None:
    seen: list[bytes] = []

    def refuse(body: bytes) -> None:
        seen.append(body)
        raise CodecError("too much")

    reader: FrameReader[ChildEvent] = FrameReader(ChildEvent, 10, refuse)
    with pytest.raises(CodecError, match="too much"):
        list(reader.feed(b"\x02\0\0\0\xc1\xc1"))
    assert seen == [b"\xc1\xc1"]


def test_a_message_too_large_for_a_frame_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "MAX_FRAME_BYTES", 100)
    with pytest.raises(FrameTooLarge, match="at most 100 can be sent"):
        frame(Job(Program("x" * 200), Limits()))


def test_a_frame_of_just_the_size_that_is_allowed_is_sent_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = frame(EVENTS[1])
    monkeypatch.setattr(codec, "MAX_FRAME_BYTES", len(data) - PREFIX_BYTES)
    assert frame(EVENTS[1]) == data
    assert read(data, 100) == [EVENTS[1]]
    monkeypatch.setattr(codec, "MAX_FRAME_BYTES", len(data) - PREFIX_BYTES - 1)
    with pytest.raises(FrameTooLarge):
        frame(EVENTS[1])
    with pytest.raises(CodecError, match="a frame claims"):
        read(data, 100)


def test_lone_surrogates_which_utf_8_has_not_are_sent_as_escapes() -> None:
    (job,) = FrameReader(Job).feed(frame(Job(Program("x = '\ud800'  # 好"), Limits(time_s=2.5))))
    assert job == Job(Program(r"x = '\ud800'  # 好"), Limits(time_s=2.5))


def test_a_trace_survives_json() -> None:
    items = (1.5, "nan", "-inf", Complex(1.0, "inf"))
    state = TensorState(0, 1, value=Value((4,), "complex64", items))
    trace = Trace(Program("print('é')"), "ok", stdout="é\n", later_losses=((None, None),))
    assert trace_from_json(trace_to_json(trace)) == trace
    assert msgspec.json.decode(msgspec.json.encode(state), type=TensorState) == state


def test_a_trace_of_another_schema_says_what_to_do() -> None:
    text = trace_to_json(Trace(Program(""), "ok", schema=7))
    with pytest.raises(CodecError, match="trace schema 7, this version reads 1: record the program again"):
        trace_from_json(text)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"ending": "well"}', "\x00", '"text"'])
def test_json_that_is_no_trace_is_refused(text: str) -> None:
    with pytest.raises(CodecError, match="not a Backstep trace"):
        trace_from_json(text)
