"""Running a program in this process with live telling, and commands at chosen moments."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import torch

from engine.contract.assemble import assemble
from engine.contract.codec import frame
from engine.contract.events import Event, Live
from engine.contract.live import Command, LeafSample, Tick
from engine.contract.trace import Limits, LiveLimits, Program, Trace
from engine.recording.program.clock import Clock
from engine.recording.program.mailbox import Mailbox
from engine.recording.program.main_module import compile_program
from engine.recording.recorder import Recording


@dataclass
class Lived:
    """What a live run told and left."""

    stdout: str
    events: list[Event]
    trace: Trace
    variables: dict[str, Any]

    def all(self, kind: str) -> list[Any]:
        return [row for event in self.events if isinstance(event, Live) for row in getattr(event, kind)]

    @property
    def ticks(self) -> list[Tick]:
        return self.all("ticks")

    @property
    def samples(self) -> list[LeafSample]:
        return self.all("samples")


@dataclass
class _Letters:
    """Commands that arrive once so many ticks were told."""

    events: list[Event]
    commands: dict[int, Command] = field(default_factory=dict)

    def read(self) -> bytes:
        n = sum(len(event.ticks) for event in self.events if isinstance(event, Live))
        due = [number for number in sorted(self.commands) if number <= n]
        return b"".join(frame(self.commands.pop(number)) for number in due)


def lived(source: str, live: LiveLimits | None = None, commands: Mapping[int, Command] | None = None) -> Lived:
    """Run ``source`` live. ``commands``: sent when so many ticks have been told."""
    torch.manual_seed(1)
    program, limits = Program(source, filename="program.py"), Limits(live=live or LiveLimits())
    events: list[Event] = []
    letters = _Letters(events, dict(commands or {}))
    out, variables = io.StringIO(), {"__name__": "__main__"}
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        recording = Recording(program, limits, events.append, lambda: 0, Clock(Mailbox(letters.read)))
        error = recording.run(compile_program(program), variables)
        events.append(recording.finish(error, 0.0, variables))
    return Lived(out.getvalue(), events, assemble(program, limits, events), variables)
