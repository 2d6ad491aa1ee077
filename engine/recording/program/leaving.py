"""Taking the recorder off a program that still runs.

While torch calls the mode's handler, torch itself keeps the mode aside and puts it back afterwards, so
the handler cannot remove it. A one-shot trace function on the program's frame can: Python calls it at
the frame's next line, where the mode is on the stack again. It removes the mode and itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def at_next_line(frame: FrameType | None, filename: str, act: Callable[[], None]) -> None:
    """Call ``act`` once, when the program's innermost frame reaches its next line or returns."""
    earlier = sys.gettrace()
    while frame is not None and frame.f_code.co_filename != filename:
        frame = frame.f_back
    if frame is None:
        return
    earlier_local = frame.f_trace

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        if event in ("line", "return", "exception"):
            sys.settrace(earlier)
            frame.f_trace = earlier_local
            act()
        return earlier_local if event != "call" else local

    frame.f_trace = local
    sys.settrace(earlier or _ignore)


def _ignore(frame: FrameType, event: str, argument: Any) -> None:
    """A global trace function is needed for local ones to run; new frames are not traced."""
