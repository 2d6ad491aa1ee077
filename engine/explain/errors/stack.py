"""The program's own frames on the way to its error, read off the traceback."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.contract.trace import Trace

MAX_FRAMES = 12  # the first and the last of a deep recursion
_FRAME = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\d+), in (?P<function>.+)$')
_HEAD = "Traceback (most recent call last):\n"


@dataclass(frozen=True)
class Frame:
    line: int
    function: str  # "<module>" for the program itself
    text: str  # of the line


def own_frames(trace: Trace) -> tuple[Frame, ...]:
    """From the module to where the last error was raised; () for a program that did not fail."""
    if trace.failure is None:
        return ()
    source, program = trace.program.source.splitlines(), trace.program.filename
    found: list[Frame] = []
    for told in trace.failure.traceback.rpartition(_HEAD)[2].splitlines():
        if not told.startswith("  "):
            break  # the error's own words begin
        frame = _FRAME.match(told)
        if frame is not None and frame["file"].endswith(program):
            line = int(frame["line"])
            text = source[line - 1].strip() if 1 <= line <= len(source) else ""
            found.append(Frame(line, frame["function"], text))
    half = MAX_FRAMES // 2
    return tuple(found if len(found) <= MAX_FRAMES else (*found[:half], *found[-half:]))
