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

from engine.installation import RECORDER
from engine.recording.site import CALL_ON_CODE

MAX_ENTRIES, LAST_ENTRIES = 5_000, 50
MAX_TEXT = 100_000  # characters of one exception's words that are shown
MAX_NAME = 200
traceback_of = BaseException.__dict__["__traceback__"].__get__  # a class of the program may have its own
_set_traceback = BaseException.__dict__["__traceback__"].__set__
_cause_of, _context_of = (BaseException.__dict__[name].__get__ for name in ("__cause__", "__context__"))
_class_name = type.__dict__["__name__"].__get__


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
        _set_traceback(one, _without_recorder(traceback_of(one), filename))
        waiting += [_cause_of(one), _context_of(one)]


def program_line(error: BaseException, filename: str) -> int | None:
    """The line of the program where the error passed last, None when it never was there."""
    line, entry = None, traceback_of(error)
    while entry is not None:
        if entry.tb_frame.f_code.co_filename == filename:
            line = entry.tb_lineno
        entry = entry.tb_next
    return line


def outermost_line(error: BaseException) -> int | None:
    """The line below ours, in the program's module, without a look at any frame (which an audit hook may refuse)."""
    first = traceback_of(error)
    below = None if first is None else first.tb_next
    return None if below is None else below.tb_lineno


def line_below(fault: BaseException, filename: str) -> int | None:
    """The program's line under a fault of the recorder's last work: of the exception that was being handled."""
    seen: set[int] = set()
    below: BaseException | None = fault
    while below is not None and id(below) not in seen:
        seen.add(id(below))
        if (line := program_line(below, filename)) is not None:
            return line
        below = _context_of(below)
    return None


def name_of(kind: type) -> str:
    """The class's name, bounded, whatever its metaclass says."""
    return _class_name(kind)[:MAX_NAME]


def without_caller(error: BaseException) -> BaseException:
    """``error`` without the topmost entry of its traceback, which is ours."""
    first = traceback_of(error)
    _set_traceback(error, None if first is None else first.tb_next)
    return error


def text(error: BaseException) -> str:
    """The traceback as Python prints it; deep recursions are shortened by Python itself, endless words by us."""
    kind = type(error)
    if len(_class_name(kind)) > MAX_NAME:
        return _bare_text(error)
    try:
        told = traceback.TracebackException(kind, error, traceback_of(error))
        _shorten(told)
        return "".join(told.format())
    except Exception:  # noqa: BLE001 - the program's class has a __cause__ of its own, or the like
        return _bare_text(error)


def _bare_text(error: BaseException) -> str:
    lines = traceback.format_tb(traceback_of(error))
    return "".join(["Traceback (most recent call last):\n", *lines, f"{name_of(type(error))}\n"])


def _shorten(told: traceback.TracebackException) -> None:
    """Cut the words of the exception, and of its causes and contexts."""
    waiting: list[Any] = [told]
    while waiting:
        one = waiting.pop()
        if one is None:
            continue
        if isinstance(one._str, str) and len(one._str) > MAX_TEXT:
            one._str = f"{one._str[:MAX_TEXT]}..."
        notes = getattr(one, "__notes__", None)
        if isinstance(notes, (list, tuple)):
            one.__notes__ = [note[:MAX_TEXT] if isinstance(note, str) else note for note in notes]
        waiting += [one.__cause__, one.__context__, *(getattr(one, "exceptions", None) or ())]


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
    return is_call_on or code.co_filename.startswith(RECORDER)


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
