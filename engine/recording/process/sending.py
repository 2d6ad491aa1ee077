"""Events on their way to the parent: each frame whole, and only from the process that was asked to run."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from engine.contract.codec import FrameTooLarge, frame
from engine.contract.events import ChildEvent, Chunk, Finished
from engine.contract.trace import Leaf, Omission, Value
from engine.recording.outbox import bytes_of

Write = Callable[[bytes], None]


class Sender:
    """Called with an event, writes it as one frame.

    A process forked by the program (DataLoader workers, os.fork) inherits the recorder and is silent:
    its rows would be numbered like its parent's.
    """

    def __init__(self, write: Write, value_bytes: int, frame_bytes: int | None = None) -> None:
        """``frame_bytes``: of one event, where the server takes less than a frame can have."""
        self._write = write
        self._value_bytes = value_bytes
        self._frame_bytes = frame_bytes
        self._pid = os.getpid()
        self._lock = threading.Lock()  # a backward hook may run in a thread of the engine

    def __call__(self, event: ChildEvent) -> None:
        if os.getpid() != self._pid:
            return
        try:
            data = frame(event, self._frame_bytes)
        except FrameTooLarge:
            if not isinstance(event, Finished):
                raise
            data = frame(Chunk(omissions=(Omission(what="values", limit=self._value_bytes),)))
            data += frame(without_large_gradients(event, self._value_bytes))
        with self._lock, undisturbed():
            self._write(data)


def without_large_gradients(finished: Finished, limit_bytes: int) -> Finished:
    """``finished`` with the gradients of its first leaves only, as many as fit; of the others the statistics."""
    left, leaves = limit_bytes, []
    for leaf in finished.leaves:
        left -= sum(bytes_of(value) for value in (leaf.grad, leaf.true_grad))
        leaves.append(leaf if left >= 0 else _without_items(leaf))
    return msgspec.structs.replace(finished, leaves=tuple(leaves))


def _without_items(leaf: Leaf) -> Leaf:
    return msgspec.structs.replace(leaf, grad=_short(leaf.grad), true_grad=_short(leaf.true_grad))


def _short(value: Value | None) -> Value | None:
    if value is None or not value.items:
        return value
    return Value(value.shape, value.dtype, is_whole=False, stats=value.stats, unavailable="over the size limit")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back the signals whose Python handlers raise (Ctrl+C, the wall clock) until the block is done.

    Half a frame would make everything after it unreadable. Other threads never get such an exception.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    due: list[int] = []
    numbers = [n for n in (signal.SIGINT, getattr(signal, "SIGALRM", None)) if n and callable(signal.getsignal(n))]
    earlier = [(number, signal.signal(number, lambda number, _: due.append(number))) for number in numbers]
    try:
        yield
    finally:
        for number, handler in earlier:
            signal.signal(number, handler)
        for number in due:
            signal.raise_signal(number)
