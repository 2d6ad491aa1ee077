"""From a program's process to its events: reads everything, keeps the limits, explains the end.

NOTE [Threads of a run] Each of the three streams has a thread that reads it and closes it, and one
thread waits for the process. They put what they get into one queue; the caller's thread makes events
of it. When the process has ended but something it started still holds its output open, the run ends
all the same, and the reading thread stays with that stream: a descriptor closed under it could be
another run's by the time it reads.

NOTE [Limits of a run] They are kept here, by the server's own clock, whatever the program says: a program can write
into its own event channel.
1. ``Started`` comes once, before all else and within START_S of the launch; from then on there are time_s and GRACE_S.
   Nothing that comes later moves that moment. Only the server's own pauses do.
2. A confined program's frames are charged for (:mod:`engine.running.checks.allowance`) before they are decoded, and
   their rows looked at (:mod:`engine.running.checks.references`) before anybody sees them.
3. After the first event that is refused, nothing more is decoded.
"""

from __future__ import annotations

import codecs
import queue
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Literal

from engine.contract.codec import CodecError, FrameReader, frame
from engine.contract.endings import OUTPUT_FACTOR
from engine.contract.events import ChildEvent, Event, Finished, Printed, Started
from engine.contract.live import Message, Resumed
from engine.contract.policy import Confinement
from engine.contract.trace import Limits
from engine.running import ending
from engine.running.checks.allowance import Allowance
from engine.running.checks.references import References
from engine.running.checks.structure import TooMuch
from engine.running.clock import Clock
from engine.running.processes.process import Exit, Process, Stream
from engine.sandbox.paths import hidden
from engine.sandbox.retell import retold

GRACE_S = 1.0  # after the child's own alarm, before it is killed
START_S = 60.0  # for the child to say that it has started, and for a killed one to be gone
WAITING = 32  # pieces of what the streams brought, of 64 kB at most, that wait for the one who reads the events
LATE_S = 2.0  # behind its time limit, a program that never stops talking is listened to
PAUSED_LOOK_S = 0.1  # between looks whether a pause is over
LINGER_S = 0.5  # for output to arrive after the process has ended

Output = Literal["stdout", "stderr"]
Item = tuple[Literal["events", "stdout", "stderr", "exit"], bytes]


@dataclass
class Pump:
    """Turns one process into events. ``cancel``, ``tell``, ``pause`` and ``go_on`` may be called from any thread."""

    process: Process
    limits: Limits
    filename: str  # the program's, to find its lines in a crash's report
    confinement: Confinement | None = None
    raw: Callable[[Output, bytes], None] | None = None  # takes the program's own bytes, however many
    _queue: queue.Queue[Item] = field(default_factory=lambda: queue.Queue(maxsize=WAITING))
    _is_over: threading.Event = field(default_factory=threading.Event)
    _clock: Clock = field(default_factory=Clock)
    _reason: ending.Stop | None = None
    _fault: str = ""
    _exit: Exit | None = None

    @property
    def exit(self) -> Exit | None:
        """How the process ended, once it has."""
        return self._exit

    def cancel(self) -> None:
        """End the program; its events end with the ending "cancelled"."""
        self._stop("cancelled")

    def tell(self, command: Message) -> bool:
        """Send the program's process a command; False when it reads none any more."""
        return self.process.tell(frame(command))

    def pause(self) -> bool:
        """Stop the process where it is, its time limit too; False when that cannot be done."""
        if self._exit is not None or not self._clock.stop():
            return False
        if self.process.pause():
            return True
        self._clock.go_on()
        return False

    @property
    def is_paused(self) -> bool:
        return self._clock.is_stopped

    def go_on(self) -> bool:
        """Let it go on; False when it was not paused."""
        pause_s = self._clock.go_on()
        if pause_s is None:
            return False
        self.tell(Resumed(pause_s))  # before it looks at its own clock
        return self.process.go_on()

    def events(self) -> Iterator[Event]:
        """Every event, the last one a Finished. Closing the iterator early kills the program."""
        waiter = threading.Thread(target=self._wait, daemon=True)
        for thread in (waiter, *self._readers()):
            thread.start()
        try:
            finished = yield from self._until_ended()
            yield self._last(finished)
        finally:
            self.process.kill()
            self._is_over.set()
            waiter.join()
            self.process.close()

    def _readers(self) -> Iterator[threading.Thread]:
        process = self.process
        for source, stream in (("events", process.events), ("stdout", process.stdout), ("stderr", process.stderr)):
            yield threading.Thread(target=self._read, args=(source, stream), daemon=True)

    def _until_ended(self) -> Generator[Event, None, Finished | None]:
        """Events until the process has ended and its streams are read; the child's own last word."""
        decode = self._decoder()
        has_started = False
        texts = {s: codecs.getincrementaldecoder("utf-8")("replace") for s in ("stdout", "stderr")}
        n_open, n_output, finished = 3, 0, None
        early: list[Event] = []  # printed, and read before the other stream brought ``Started``
        deadline = self._clock.now() + START_S
        while n_open or self._exit is None:
            match self._next(deadline):
                case None if self._exit is not None:
                    break  # something that the program started holds its output open
                case None:
                    self._stop("timeout")
                    deadline = self._clock.now() + START_S
                case "exit", _:
                    self._clock.go_on()
                    deadline = self._clock.now() + LINGER_S
                case _, b"":
                    n_open -= 1
                case "events", data:
                    for event in decode(data):
                        if isinstance(event, Started) is has_started:
                            self._stop("forged")
                            break
                        if not has_started:
                            has_started = True
                            if self._exit is None and self._reason is None:
                                deadline = self._clock.now() + self.limits.time_s + GRACE_S
                        if isinstance(event, Finished):
                            finished = event
                        else:
                            yield event
                            yield from early
                            early.clear()
                case ("stdout" | "stderr") as stream, data:
                    n_output += len(data)
                    printed = self._printed(stream, data, texts[stream])
                    if has_started:
                        yield from printed
                    else:
                        early.extend(printed)
                    if self.raw is None and n_output > OUTPUT_FACTOR * self.limits.output_chars:
                        self._stop("output")
        yield from early
        return finished

    def _printed(self, stream: Output, data: bytes, decoder: codecs.IncrementalDecoder) -> Iterator[Event]:
        if self.raw is not None:
            self.raw(stream, data)
        if text := decoder.decode(data):
            if self.confinement is not None and stream == "stderr":
                text = hidden(text)  # tracebacks name the files of the installation
            yield Printed(stream, text)

    def _last(self, finished: Finished | None) -> Finished:
        if self._reason is not None:
            return ending.of_stopped(self._reason, self.limits, finished, self._fault, self.filename)
        if finished is not None:
            return finished if self.confinement is None else retold(finished, self.confinement)
        assert self._exit is not None
        return ending.of_exit(self._exit, self.process.fault(), self.filename)

    def _read(self, source: Literal["events", "stdout", "stderr"], stream: Stream) -> None:
        data = b"-"
        while data and not self._is_over.is_set():
            try:
                data = stream.read()
            except OSError:
                data = b""  # the connection broke: the same as its end
            self._put((source, data))
        stream.close()

    def _wait(self) -> None:
        self._exit = self.process.wait()
        self._put(("exit", b""))

    def _put(self, item: Item) -> None:
        while not self._is_over.is_set():
            try:
                self._queue.put(item, timeout=0.2)
                return
            except queue.Full:
                continue  # the one who reads the events is slow, or has gone

    def _next(self, deadline: float) -> Item | None:
        """The next item; None once ``deadline`` has passed, and LATE_S later also when there is one."""
        while (left_s := deadline - self._clock.now()) > 0 or self._exit is None:
            if left_s < -LATE_S and not self._clock.is_stopped and self._exit is None:
                return None
            try:
                return self._queue.get(timeout=PAUSED_LOOK_S if self._clock.is_stopped else max(left_s, 0.001))
            except queue.Empty:
                if not self._clock.is_stopped and deadline <= self._clock.now():
                    return None
        return None  # whoever holds the output may go on printing for ever

    def _decoder(self) -> Callable[[bytes], Iterator[ChildEvent]]:
        """From bytes to events, up to the first that is refused."""
        if self.confinement is None:
            reader: FrameReader[ChildEvent] = FrameReader(ChildEvent)
            return lambda data: self._decode(reader, data, lambda event: None)
        allowance, references = Allowance(self.confinement, self._clock.now), References(self.limits)

        def check(event: ChildEvent) -> None:
            if not allowance.charged(event):
                raise CodecError("an event of another kind than its first bytes said")
            references.check(event)

        confined: FrameReader[ChildEvent] = FrameReader(ChildEvent, self.confinement.frame_bytes, allowance.take)
        return lambda data: self._decode(confined, data, check)

    def _decode(
        self, reader: FrameReader[ChildEvent], data: bytes, check: Callable[[ChildEvent], None]
    ) -> Iterator[ChildEvent]:
        if self._reason in ("forged", "toobig"):
            return
        try:
            for event in reader.feed(data):
                check(event)
                yield event
        except TooMuch:
            self._stop("toobig")
        except CodecError:
            self._stop("forged")

    def _stop(self, reason: ending.Stop) -> None:
        if self._reason is None:
            self._reason = reason
            if not self._clock.is_stopped:  # then it could not answer
                self._fault = self.process.ask()
        self.process.kill()
