"""The pump makes one row of events of three streams, whichever of them is read first."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from engine.contract.codec import frame
from engine.contract.events import Finished, Printed, Started
from engine.contract.trace import Environment, Limits
from engine.running.processes.process import Exit
from engine.running.pump import Pump


@dataclass
class _Pieces:
    """A stream whose pieces come once ``go`` is set."""

    pieces: list[bytes]
    go: threading.Event = field(default_factory=threading.Event)

    def read(self) -> bytes:
        self.go.wait(10)
        return self.pieces.pop(0) if self.pieces else b""

    def close(self) -> None:
        pass


@dataclass
class _Process:
    events: _Pieces
    stdout: _Pieces
    stderr: _Pieces

    def wait(self) -> Exit:
        self.events.go.wait(10)
        return Exit(0)

    def ask(self) -> str:
        return ""

    fault = ask

    def kill(self) -> None:
        pass

    close = kill


def _process(*events: object) -> _Process:
    process = _Process(_Pieces([frame(event) for event in events]), _Pieces([b"on\n"]), _Pieces([]))
    process.stdout.go.set()
    process.stderr.go.set()
    return process


def test_what_is_printed_before_started_is_read_comes_after_it() -> None:
    process = _process(Started(Environment("3.11", "2.13")), Finished("ok"))
    said: list[str] = []

    def raw(_stream: str, data: bytes) -> None:
        said.append(data.decode())
        process.events.go.set()  # only now may the start be read

    events = list(Pump(process, Limits(), "p.py", raw=raw).events())  # type: ignore[arg-type]
    assert [type(event) for event in events] == [Started, Printed, Finished] and said == ["on\n"]


def test_what_is_printed_is_told_also_when_nothing_ever_starts() -> None:
    process = _process()
    process.events.go.set()
    *printed, last = Pump(process, Limits(), "p.py").events()  # type: ignore[arg-type]
    assert printed == [Printed("stdout", "on\n")] and isinstance(last, Finished) and last.ending != "ok"
