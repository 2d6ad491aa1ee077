"""A recording has one total, a training a rate by the server's clock."""

from __future__ import annotations

import msgspec
import pytest

from engine.contract.events import Chunk, Live, Started
from engine.contract.live import TickBlock
from engine.contract.policy import Confinement
from engine.contract.trace import Environment, StorageRecord
from engine.running.checks import allowance
from engine.running.checks.allowance import FRAME, LIVE_BURST, LIVE_PER_S, Allowance
from engine.running.checks.structure import WORST, TooMuch, weight

ROWS = msgspec.msgpack.encode(Chunk(storages=(StorageRecord(1, "cpu"),) * 1_000))
TICKS = msgspec.msgpack.encode(Live(blocks=(TickBlock(0, (0.5,) * 1_000, (1.0,) * 1_000),)))


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def taken(one: Allowance, body: bytes) -> int:
    """How many of these are accepted."""
    for n in range(1_000_000):
        try:
            one.take(body)
        except TooMuch:
            return n
    raise AssertionError("there is no end to it")


def test_a_short_recording_is_charged_for_the_worst_and_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "weight", None)
    one = Allowance(Confinement(), Time())
    one.take(ROWS)
    assert one.weight == FRAME + WORST * len(ROWS)


def test_a_recording_is_charged_for_what_it_becomes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "UNSEEN_BYTES", 0)
    each = FRAME + weight(ROWS, 10**9)
    one = Allowance(Confinement(event_weight=3 * each), Time())
    for _ in range(3):
        one.take(ROWS)
    assert one.weight == 3 * each
    with pytest.raises(TooMuch):
        one.take(ROWS)


def test_one_event_may_not_become_as_much_as_a_whole_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "UNSEEN_BYTES", 0)
    each = weight(ROWS, 10**9)
    Allowance(Confinement(frame_weight=each), Time()).take(ROWS)
    with pytest.raises(TooMuch):
        Allowance(Confinement(frame_weight=each - 1), Time()).take(ROWS)


def test_bytes_on_the_way_and_small_frames_are_counted_too() -> None:
    short = Allowance(Confinement(event_bytes=2 * len(ROWS)), Time())
    short.take(ROWS)
    short.take(ROWS)
    with pytest.raises(TooMuch, match="bytes of recording"):
        short.take(ROWS)
    many, empty = Allowance(Confinement(), Time()), msgspec.msgpack.encode(Chunk())
    assert taken(many, empty) < Confinement().event_weight / FRAME


def test_what_goes_on_has_a_rate_and_no_total() -> None:
    time = Time()
    one = Allowance(Confinement(), time)
    each = FRAME + weight(TICKS, 10**9)
    for _ in range(1_000):  # some 84 MB in all
        one.take(TICKS)
        time.s += each / LIVE_PER_S
    assert one.weight == 0
    assert taken(one, TICKS) == LIVE_BURST // each


def test_a_pause_of_hours_saves_up_one_burst() -> None:
    time = Time()
    one = Allowance(Confinement(), time)
    time.s = 1e6
    assert taken(one, TICKS) == LIVE_BURST // (FRAME + weight(TICKS, 10**9))


def test_an_event_is_of_the_kind_it_was_charged_as() -> None:
    one = Allowance(Confinement(), Time())
    one.take(TICKS)
    assert one.charged(Live()) and not one.charged(Chunk())
    one.take(msgspec.msgpack.encode(Started(Environment("3", "2"))))
    assert one.charged(Chunk()) and not one.charged(Live())
