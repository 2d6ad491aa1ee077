"""The process that turns recordings into words and pictures: ``python -m graphviz_tools.drawing.worker MEMORY TIME``.

A recording is a stranger's, and may be made to hurt whoever reads it. Here that costs one process, which has a
limit on memory (bytes) and on processor time for each request (seconds; the kernel ends it), and can be killed.

Frames on stdin and stdout. A request is an Envelope in MessagePack. The process answers
with a sign and a body (see ``requests``); before that it may ask for a recording it does not have (``T`` and
its key, answered by the trace in MessagePack) and for layouts (``L`` and DOT text, answered by ``+`` and the SVG,
``-`` and why there is none, or ``T`` and the seconds after which it was given up).
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager

import msgspec

from engine.contract.bounded import Bounded
from engine.contract.frames import read_frame, write_frame
from engine.contract.trace import Trace
from engine.sandbox.worker import confine_worker
from engine.text.language import LANGUAGES, translator
from graphviz_tools.drawing.requests import DONE, LAYOUT, REFUSED, TRACE, Envelope
from graphviz_tools.render.graphviz_worker import limit_memory
from graphviz_tools.render.layout import LayoutError, LaysOut, TookTooLong

MOST_ANSWER = 24_000_000  # bytes; a browser has to take it
KEPT_BYTES = 24_000_000  # of recordings, as MessagePack: other views of the same one do not need it sent again
FULL_BYTES = 600_000_000  # a process that once took so much ends, and a small one takes its place

Ask = Callable[[bytes], bytes]


def main(memory_bytes: int, time_s: float) -> None:
    """Serve frames until stdin ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing printed may break a frame
    for language in LANGUAGES:
        translator(language)("")  # reads the catalogue: from here on no file is needed
    limit_memory(memory_bytes)
    if reason := confine_worker():
        sys.stderr.write(f"drawing: not confined: {reason}\n")

    def ask(body: bytes) -> bytes:
        write_frame(answers, body)
        reply = read_frame(sys.stdin.buffer)
        if reply is None:
            sys.exit()  # the server is gone
        return reply

    kept = Recordings(ask)
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        with processor_time(time_s):
            body = answer(frame, kept, RemoteLayout(ask))
        write_frame(answers, body)
        if most_memory() > FULL_BYTES:
            return


def answer(frame: bytes, kept: Recordings, layout: LaysOut) -> bytes:
    """The last frame of an answer: the thing asked for, or why there is none."""
    try:
        envelope = msgspec.msgpack.decode(frame, type=Envelope)
        made = envelope.request.make([kept.trace(key) for key in envelope.keys], layout)
        body = DONE + msgspec.msgpack.encode(made)
    except MemoryError:
        return REFUSED + b"memory"
    except Exception:  # noqa: BLE001 - told to the server, whatever it is
        return REFUSED + traceback.format_exc(limit=-6).encode(errors="replace")[-4_000:]
    return body if len(body) <= MOST_ANSWER else REFUSED + b"size"


class Recordings:
    """Those used last, asked for where they are not here."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._traces: Bounded[str, tuple[Trace, int]] = Bounded(KEPT_BYTES, lambda kept: min(kept[1], KEPT_BYTES))

    def trace(self, key: str) -> Trace:
        return self._traces.get_or_make(key, lambda: self._asked(key))[0]

    def _asked(self, key: str) -> tuple[Trace, int]:
        data = self._ask(TRACE + key.encode())
        return msgspec.msgpack.decode(data, type=Trace), len(data)


class RemoteLayout:
    """Has graphs laid out by the server, which owns the layout processes and their turns."""

    def __init__(self, ask: Ask) -> None:
        self._ask_server = ask

    def svg(self, dot: str) -> str:
        reply = self._ask_server(LAYOUT + dot.encode(errors="replace"))
        sign, text = reply[:1], reply[1:].decode(errors="replace")
        if sign == TRACE:
            raise TookTooLong(float(text))
        if sign != DONE:
            raise LayoutError(text)
        return text


@contextmanager
def processor_time(seconds: float) -> Generator[None, None, None]:
    """The kernel ends this process when the block takes more; time spent waiting for the server does not count."""
    if not hasattr(signal, "setitimer"):
        yield  # Windows: the server's own limit holds
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def most_memory() -> int:
    """Bytes that this process had at most so far; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
