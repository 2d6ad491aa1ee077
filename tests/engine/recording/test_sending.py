"""Frames leave whole, and only from the process that records."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import pytest

from engine.contract import codec
from engine.contract.codec import FrameReader
from engine.contract.events import ChildEvent, Chunk, Finished
from engine.contract.trace import Leaf, Omission, Stats, Value
from engine.recording.process.sending import Sender, without_large_gradients

STATS = Stats(0.0, 1.0, 0.5, 2.0)


def finished(*sizes: int) -> Finished:
    grads = [Value((n,), "float32", (1.0,) * n, (tuple(range(n)),), True, STATS) for n in sizes]
    return Finished("ok", leaves=tuple(Leaf(f"w{i}", i, g.shape, "float32", g) for i, g in enumerate(grads)))


def received(send: Callable[[Sender], None], limit_bytes: int = 10_000) -> list[ChildEvent]:
    data = bytearray()
    send(Sender(data.extend, limit_bytes))
    return list(FrameReader[ChildEvent](ChildEvent).feed(bytes(data)))


def test_what_is_sent_arrives() -> None:
    assert received(lambda send: send(finished(2))) == [finished(2)]


def test_a_process_forked_by_the_program_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork_then_send(send: Sender) -> None:
        monkeypatch.setattr(os, "getpid", lambda: -1)
        send(Chunk())

    assert received(fork_then_send) == []


def test_more_gradients_than_a_frame_holds_leave_their_statistics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "MAX_FRAME_BYTES", 3_000)
    chunk, last = received(lambda send: send(finished(100, 300)), limit_bytes=1_000)
    assert isinstance(chunk, Chunk) and chunk.omissions == (Omission("values", 1_000),)
    assert isinstance(last, Finished)
    first, second = (leaf.grad for leaf in last.leaves)
    assert first is not None and first.is_whole and len(first.items) == 100
    assert second is not None and not second.is_whole and (second.items, second.stats) == ((), STATS)


def test_gradients_that_fit_stay_and_those_that_are_none_stay_none() -> None:
    ending = Finished("ok", leaves=(*finished(3).leaves, Leaf("b", None, (1,), "float32")))
    assert without_large_gradients(ending, 9 * 3) == ending


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGALRM")
def test_an_alarm_in_the_middle_of_a_frame_rings_after_it() -> None:
    class Ring(BaseException):
        pass

    def ring(number: int, at: object) -> None:
        raise Ring

    data = bytearray()

    def write(part: bytes) -> None:
        signal.raise_signal(signal.SIGALRM)
        data.extend(part)

    earlier = signal.signal(signal.SIGALRM, ring)
    try:
        with pytest.raises(Ring):
            Sender(write, 100)(finished(1))
        assert signal.getsignal(signal.SIGALRM) is ring
    finally:
        signal.signal(signal.SIGALRM, earlier)
    assert list(FrameReader[ChildEvent](ChildEvent).feed(bytes(data))) == [finished(1)]
