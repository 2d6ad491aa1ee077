"""From a program's process to its events: reads everything, keeps the limits, explains the end."""

from __future__ import annotations

import codecs
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from engine.codec import CodecError, FrameReader
from engine.events import ChildEvent, Event, Finished, Printed, Started
from engine.running.process import Process
from engine.trace import Ending, Failure, Limits

GRACE_S = 1.0  # after the child's own alarm, before it is killed
AFTERWARDS_S = 2.0  # for output still on its way when the program has ended
START_S = 60.0  # for the child to say that it has started
OUTPUT_FACTOR = 50  # a program that prints more than so many times what is kept is stopped
CRASH_LINE = re.compile(r'File "[^"]*", line (\d+) in <module>')

Source = Literal["events", "stdout", "stderr"]
Item = tuple[Source, bytes]


@dataclass
class Pump:
    """Turns one process into events. ``cancel`` may be called from any thread."""

    process: Process
    limits: Limits
    raw: Callable[[Source, bytes], None] | None = None  # the program's own bytes, for passing through
    _queue: queue.Queue[Item] = field(default_factory=lambda: queue.Queue(maxsize=256))
    _reason: Ending | None = None
    _threads: list[threading.Thread] = field(default_factory=list)

    def cancel(self) -> None:
        """End the program; its events end with the ending "cancelled"."""
        self._stop("cancelled")

    def events(self) -> Iterator[Event]:
        """Every event, the last one a Finished. Closing the iterator early kills the program."""
        try:
            finished = yield from self._until_all_closed()
            yield finished if finished is not None and self._reason is None else self._ended(finished)
        finally:
            self.process.kill()
            self.process.wait()
            if self._readers_ended():
                self.process.close()

    def _until_all_closed(self) -> Iterator[Event]:  # returns Finished | None
        self._threads = [
            threading.Thread(target=self._read, args=(source, read), daemon=True)
            for source, read in (
                ("events", self.process.read_events),
                ("stdout", self.process.read_stdout),
                ("stderr", self.process.read_stderr),
            )
        ]
        for thread in self._threads:
            thread.start()
        reader: FrameReader[ChildEvent] = FrameReader(ChildEvent)
        texts = {s: codecs.getincrementaldecoder("utf-8")("replace") for s in ("stdout", "stderr")}
        open_sources, n_output, finished = 3, 0, None
        deadline, is_alive = time.monotonic() + START_S, True
        while open_sources:
            item = self._next(deadline)
            if item is None and not is_alive:
                break  # the program has ended; a process that it started still holds its output open
            if item is None:
                self._stop("timeout")
                deadline = time.monotonic() + START_S
                continue
            source, data = item
            if not data:
                open_sources -= 1
                if source == "events":
                    is_alive, deadline = False, time.monotonic() + AFTERWARDS_S
            elif source == "events":
                for event in self._decode(reader, data):
                    if isinstance(event, Started):
                        deadline = time.monotonic() + self.limits.time_s + GRACE_S
                    if isinstance(event, Finished):
                        finished = event
                    else:
                        yield event
            else:
                n_output += len(data)
                if self.raw is not None:
                    self.raw(source, data)
                elif n_output > OUTPUT_FACTOR * self.limits.output_chars:
                    self._stop("output")
                text = texts[source].decode(data)
                if text:
                    yield Printed(source, text)
        return finished

    def _read(self, source: Source, read: Callable[[], bytes]) -> None:
        while True:
            try:
                data = read()
            except OSError:
                data = b""  # closed under us: the same as its end
            self._queue.put((source, data))
            if not data:
                return

    def _next(self, deadline: float) -> Item | None:
        try:
            return self._queue.get(timeout=max(deadline - time.monotonic(), 0.001))
        except queue.Empty:
            return None

    def _decode(self, reader: FrameReader[ChildEvent], data: bytes) -> Iterator[ChildEvent]:
        try:
            yield from reader.feed(data)
        except CodecError:
            self._stop("sandbox")

    def _stop(self, reason: Ending) -> None:
        self._reason = self._reason or reason
        self.process.kill()

    def _readers_ended(self) -> bool:
        """Whether every reading thread is done. While one is not, its descriptor must stay open: closed under it,
        the number could be another run's by the time it reads."""
        deadline = time.monotonic() + AFTERWARDS_S
        while any(thread.is_alive() for thread in self._threads):
            try:
                self._queue.get(timeout=0.02)  # they may wait for room
            except queue.Empty:
                if time.monotonic() > deadline:
                    return False
        return True

    def _ended(self, finished: Finished | None) -> Finished:
        """The last event of a program that was stopped, or died without a word."""
        end = self.process.wait()
        status = end.status
        if self._reason is not None:
            return _finished(self._reason, MESSAGES[self._reason].format(limits=self.limits), finished, None)
        if status is not None and status < 0:
            line = CRASH_LINE.search(self.process.fault())
            message = f"the program's process was ended by signal {-status}"
            return _finished("crash", message, finished, int(line[1]) if line else None, 128 - status)
        if status == 70:
            return _finished(
                "sandbox", "the recorder itself failed; see the program's error output", finished, None, 70
            )
        return _finished("vanished", "the process ended without telling how it went", finished, None, status or 0)


MESSAGES: dict[str, str] = {
    "timeout": "stopped after {limits.time_s:g} s",
    "cancelled": "stopped on request",
    "output": "stopped: it printed far more than {limits.output_chars} characters",
    "sandbox": "the program's process sent something that is no event",
}


def _finished(ending: Ending, message: str, finished: Finished | None, line: int | None, status: int = 137) -> Finished:
    failure = Failure(type="Stopped", message=message, line=line, phase="limit")
    if finished is not None:
        return msgspec.structs.replace(finished, ending=ending, failure=failure)
    return Finished(ending=ending, failure=failure, exit_status=124 if ending == "timeout" else status)
