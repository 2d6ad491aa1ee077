"""Words and pictures made from strangers' recordings, in processes that can be ended.

The library itself (:func:`graphviz_tools.picture.show` and the like) needs no process; this is how a server calls it.

    drawing = Drawing(Layout())
    drawing.ask(PayloadOf("backward", 0, "en"), [Packed(trace)], visitor="somebody")
"""

from __future__ import annotations

import hashlib
import logging
import signal
import subprocess
import threading
from collections import OrderedDict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Literal, TypeVar

import msgspec

from engine.contract.frames import read_frame, write_frame
from engine.contract.packed import Packed
from graphviz_tools.drawing.requests import DONE, LAYOUT, TRACE, Asked, Envelope
from graphviz_tools.render.layout import Layout, LayoutError, LaysOut, TookTooLong
from graphviz_tools.workers import worker_process
from graphviz_tools.workers.turns import ShortTurns

N_PROCESSES = 2
TIME_LIMIT_S = 5.0  # of processor time, for one request
WAIT_LIMIT_S = 20.0  # by the clock, on a machine that is busy with other things
START_LIMIT_S = 30.0
MEMORY_BYTES = 1_500_000_000  # of address space
MOST_FAILURES = 1_000  # remembered
ROWS_A_SECOND = 10_000  # of a recording, roughly and at worst

Answer = TypeVar("Answer")
Why = Literal["time", "memory", "size", "error"]
log = logging.getLogger("backstep.drawing")


class DrawingError(Exception):
    """There is no drawing of this recording, and trying again gives none. ``why`` it was given up."""

    def __init__(self, why: Why) -> None:
        super().__init__(f"This recording could not be drawn: {why}.")
        self.why: Why = why


class Drawing:
    """Some processes, started when first needed and restarted when they ended. Safe to call from threads.

    A visitor has one request under way at a time, and requests of different visitors go in turns. What could not
    be drawn is remembered and not tried again.
    """

    def __init__(
        self, layout: Layout, n: int = N_PROCESSES, time_limit_s: float = TIME_LIMIT_S, memory_bytes: int = MEMORY_BYTES
    ) -> None:
        self._layout = layout
        self._turns = ShortTurns(n)
        self._free = [_Process(time_limit_s, memory_bytes) for _ in range(n)]
        self._all = tuple(self._free)
        self._failed: OrderedDict[bytes, Why] = OrderedDict()
        self._n_given_up = 0
        self._lock = threading.Lock()

    def ask(self, request: Asked[Answer], recorded: Sequence[Packed], visitor: str = "") -> Answer:
        """What the request gives for these recordings. Raises: DrawingError."""
        return msgspec.msgpack.decode(self.ask_bytes(request, recorded, visitor), type=request.answer)

    def ask_bytes(self, request: Asked[object], recorded: Sequence[Packed], visitor: str = "") -> bytes:
        """As :meth:`ask`, in MessagePack."""
        keys = tuple(one.key for one in recorded)
        frame = msgspec.msgpack.encode(Envelope(keys, request))  # type: ignore[arg-type]
        asked = hashlib.sha256(frame).digest()
        if asked in self._failed:
            raise DrawingError(self._failed[asked])
        try:
            with self._process(visitor, expected_s(recorded)) as process:
                return process.ask(frame, {one.key: one for one in recorded}, self._layout.of(visitor))
        except DrawingError as error:
            self._remember(asked, error.why)
            raise

    @property
    def n_given_up(self) -> int:
        """How often a recording was tried and could not be drawn."""
        return self._n_given_up

    def processes(self) -> tuple[subprocess.Popen[bytes], ...]:
        """Those that were started."""
        return tuple(process.child for process in self._all if process.child is not None)

    def warm(self) -> None:
        """Start a process now, so that the first picture does not wait for it."""
        with self._process("") as process:
            process.start()

    def close(self) -> None:
        """End the processes. The next request starts them again."""
        for process in self._all:
            process.stop()

    @contextmanager
    def _process(self, visitor: str, seconds: float = 0.0) -> Generator[_Process, None, None]:
        """A free process, in turns: the one used last, which most likely has the recording."""
        with self._turns.turn(visitor, seconds):
            process = self._free.pop()
            try:
                yield process
            finally:
                self._free.append(process)

    def _remember(self, asked: bytes, why: Why) -> None:
        with self._lock:
            self._n_given_up += 1
            self._failed[asked] = why
            while len(self._failed) > MOST_FAILURES:
                self._failed.popitem(last=False)


def expected_s(recorded: Sequence[Packed]) -> float:
    """How long drawing them may take, guessed from their rows."""
    return sum(one.n_rows for one in recorded) / ROWS_A_SECOND


class _Process:
    """One drawing process. Used by one thread at a time."""

    def __init__(self, time_limit_s: float, memory_bytes: int) -> None:
        self._time_limit_s, self._memory_bytes = time_limit_s, memory_bytes
        self.child: subprocess.Popen[bytes] | None = None
        self._is_warm = False

    def ask(self, frame: bytes, traces: dict[str, Packed], layout: LaysOut) -> bytes:
        """The answer's bytes. A process that was ended by somebody else is replaced once. Raises: DrawingError."""
        for _ in range(2):
            answer = self._in_step(frame, traces, layout)
            if answer is not None:
                return answer
        raise DrawingError("memory")

    def _in_step(self, frame: bytes, traces: dict[str, Packed], layout: LaysOut) -> bytes | None:
        """As :meth:`_answer`; what goes wrong in between ends the process, whose next frame would be another's."""
        try:
            return self._answer(frame, traces, layout)
        except DrawingError:
            raise
        except BaseException:
            self.stop()
            raise

    def start(self) -> None:
        """Start the process if there is none."""
        if self.child is None or self.child.poll() is not None:
            self.stop()
            self.child = worker_process.start("graphviz_tools.drawing.worker", self._memory_bytes, self._time_limit_s)

    def stop(self) -> None:
        """End the process if there is one."""
        child, self.child, self._is_warm = self.child, None, False
        if child is not None:
            worker_process.end(child)

    def _answer(self, frame: bytes, traces: dict[str, Packed], layout: LaysOut) -> bytes | None:
        """None when the process ended by itself or was killed by somebody else."""
        self.start()
        body: bytes | None = frame
        while (body := self._exchange(body)) is not None and body[:1] in (TRACE, LAYOUT):
            sign, said = body[:1], body[1:].decode(errors="replace")
            body = traces[said].message() if sign == TRACE else _laid_out(layout, said)
        if body is None:
            return None
        self._is_warm = True
        if body[:1] != DONE:
            raise DrawingError(_why(body[1:].decode(errors="replace")))
        return body[1:]

    def _exchange(self, frame: bytes) -> bytes | None:
        """One frame there and one back; None when the process has ended. Raises: DrawingError at a time limit."""
        child = self.child
        assert child is not None and child.stdin is not None and child.stdout is not None
        is_late = threading.Event()
        timer = threading.Timer(WAIT_LIMIT_S + (0 if self._is_warm else START_LIMIT_S), _kill, (child, is_late))
        timer.daemon = True
        timer.start()
        try:
            write_frame(child.stdin, frame)
            answer = read_frame(child.stdout)
        except (OSError, ValueError):  # it has ended; the pipe may be closed already
            answer = None
        finally:
            timer.cancel()
        if answer:
            return answer
        self.stop()
        if is_late.is_set() or child.returncode == -getattr(signal, "SIGPROF", 0):
            raise DrawingError("time")
        return None


def _laid_out(layout: LaysOut, dot: str) -> bytes:
    try:
        return DONE + layout.svg(dot).encode()
    except TookTooLong as error:
        return TRACE + f"{error.seconds:g}".encode()
    except LayoutError as error:
        return b"-" + str(error).encode()


def _why(said: str) -> Why:
    if said == "memory":
        return "memory"
    if said == "size":
        return "size"
    log.error("a recording could not be drawn\n%s", said)
    return "error"


def _kill(child: subprocess.Popen[bytes], is_late: threading.Event) -> None:
    is_late.set()
    child.kill()
