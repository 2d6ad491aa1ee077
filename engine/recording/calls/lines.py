"""Line by line, while NumPy (or others) can write to memory that a node saved: no torch call tells of such a write.

The trace function is on only as long as that is so, compares only that memory, and never replaces one that is
there already (a debugger's, a coverage tool's): then the writes are still found, their line is not.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from engine.recording.graph.watch import Write
from engine.recording.session import Session
from engine.recording.site import Place

MAX_LINES = 200_000  # compared; a long loop goes on at full speed after that


class Lines:
    """The trace function and the line that ran last."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._line: int | None = None
        self._frames: list[FrameType] = []
        self._n_lines = 0

    @property
    def is_on(self) -> bool:
        return bool(self._frames)

    def follow(self, place: Place | None) -> None:
        """After a torch call at ``place``: go line by line from here, if there is something to see."""
        if place is None:
            return
        self._line = place.line
        if self.is_on or not self._session.watch.has_shared or sys.gettrace() is not None or self._n_lines > MAX_LINES:
            return
        self._frames = [frame for frame in place.frames if frame.f_trace is None]
        for frame in self._frames:
            frame.f_trace = self._in_frame
        sys.settrace(self._entering)

    def stop(self) -> None:
        """Take the trace function off."""
        if not self.is_on:
            return
        if sys.gettrace() == self._entering:
            sys.settrace(None)
        for frame in self._frames:
            if frame.f_trace == self._in_frame:
                frame.f_trace = None
        self._frames.clear()

    def _entering(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._in_frame if frame.f_code.co_filename == self._session.filename else None

    def _in_frame(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not self.is_on:
            return None
        self._compare()
        caller = frame.f_back
        if event == "line":
            self._line = frame.f_lineno
        elif event == "return" and caller is not None and caller.f_code.co_filename == self._session.filename:
            self._line = caller.f_lineno
        return self._in_frame

    def _compare(self) -> None:
        self._n_lines += 1
        with self._session.looking(self._line):
            watch = self._session.watch
            watch.look(watch.shared, Write("memory", self._line))
            if not watch.has_shared or self._n_lines > MAX_LINES:
                self.stop()
