"""Exceptions as the program would have them: without the recorder's frames.

A torch call that raises passes through the mode's handler. Its frames, the second entry of a Python
function that dispatched to it, and everything above the program's module are cut out of the
traceback, so that what is printed is what plain Python prints.
"""

from __future__ import annotations

import sys
import traceback
from collections import deque
from types import FrameType, TracebackType
from typing import Any

from torch.overrides import handle_torch_function

from engine.recording.site import CALL_ON_CODE

MAX_ENTRIES, LAST_ENTRIES = 5_000, 50
OWN_FOLDER = __file__.rpartition("tracebacks")[0]


def clean(error: BaseException, filename: str | None = None) -> None:
    """Cut the recorder out of the tracebacks of ``error`` and of its causes and contexts.

    With ``filename``, frames above the first one of that file go as well.
    """
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.__traceback__ = _without_recorder(one.__traceback__, filename)
        waiting += [one.__cause__, one.__context__]


def program_line(error: BaseException, filename: str) -> int | None:
    """The line of the program where the error passed last, None when it never was there."""
    line, entry = None, error.__traceback__
    while entry is not None:
        if entry.tb_frame.f_code.co_filename == filename:
            line = entry.tb_lineno
        entry = entry.tb_next
    return line


def text(error: BaseException) -> str:
    """The traceback as Python prints it; deep recursions are shortened by Python itself."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def _without_recorder(head: TracebackType | None, filename: str | None) -> TracebackType | None:
    entries = _ends(head)
    kept: list[TracebackType] = []
    for entry in entries:
        if _is_recorder(entry):
            if kept and kept[-1].tb_frame.f_code is handle_torch_function.__code__:
                del kept[-2:]  # the dispatching function enters again below
        else:
            kept.append(entry)
    if filename is not None:
        first = next((i for i, e in enumerate(kept) if e.tb_frame.f_code.co_filename == filename), 0)
        kept = kept[first:]
    if not kept:
        return None
    for entry, following in zip(kept, [*kept[1:], None], strict=True):
        entry.tb_next = following
    return kept[0]


def _ends(head: TracebackType | None) -> list[TracebackType]:
    """The entries from ``head`` on. Of millions, where the recursion limit was raised, the first and the last."""
    entries: list[TracebackType] = []
    while head is not None and len(entries) < MAX_ENTRIES:
        entries.append(head)
        head = head.tb_next
    last: deque[TracebackType] = deque(maxlen=LAST_ENTRIES)
    while head is not None:
        last.append(head)
        head = head.tb_next
    return [*entries, *last]


def _is_recorder(entry: TracebackType) -> bool:
    code = entry.tb_frame.f_code
    is_call_on = code.co_code == CALL_ON_CODE.co_code and code.co_varnames == CALL_ON_CODE.co_varnames
    return is_call_on or code.co_filename.startswith(OWN_FOLDER)


class CleanWhenCaught:
    """Cuts the recorder out when an exception arrives in a frame of the program.

    Needed only by programs that look at tracebacks themselves; a trace function that listens to
    exceptions alone, in the program's own frames.
    """

    WORDS = ("traceback", "exc_info", "__traceback__", ".exception(", "inspect")

    def __init__(self, source: str, filename: str) -> None:
        self._filename = filename
        self._is_needed = "except" in source and any(word in source for word in self.WORDS)

    def __enter__(self) -> CleanWhenCaught:
        self._earlier = sys.gettrace()
        if self._is_needed and self._earlier is None:
            sys.settrace(self._on_call)
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_needed and sys.gettrace() == self._on_call:
            sys.settrace(None)

    def _on_call(self, frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != self._filename:
            return None
        frame.f_trace_lines = False
        return self._on_exception

    def _on_exception(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "exception" and isinstance(argument[1], BaseException):
            entry = argument[2]
            if entry is not None:
                _without_recorder(entry, None)
        return self._on_exception
