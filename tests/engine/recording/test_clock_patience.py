"""The alarm of the time limit waits until the recorder has written down what it is at."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout

from engine.contract.trace import Limits, Program
from engine.recording.program.clock import is_recording
from engine.recording.recorder import record

SOURCE = """import sys, torch
x = torch.ones(1, requires_grad=True)
x.register_hook(lambda g: sys.seen_by_program.append(sys.is_recording(sys._getframe())))
(x * 2).sum().backward()
sys.seen_by_program.append(sys.is_recording(sys._getframe()))
"""


def test_the_recorder_is_told_apart_from_the_program_it_runs(monkeypatch) -> None:
    seen: list[bool] = []
    theirs: list[bool] = []
    monkeypatch.setattr(sys, "seen_by_program", theirs, raising=False)
    monkeypatch.setattr(sys, "is_recording", is_recording, raising=False)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        finished = record(Program(SOURCE), Limits(), lambda chunk: seen.append(is_recording(sys._getframe())))
    assert finished.ending == "ok", finished.failure
    assert theirs == [False, False]  # also in a hook that backward called, with the recorder below it on the stack
    assert seen and all(seen)
