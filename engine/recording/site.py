"""Where in the program a torch call stands, and calling on as if from there.

NOTE [The call's place]
torch tells a warning's place by the innermost Python frame, and a ``stacklevel=2`` warning by its
caller. The recorder's handler would be that frame, so the program's warnings would name our file and
be shown again or not at all, since Python remembers them per file and line. So the handler calls
torch through a one-line function whose code claims the caller's file, line and globals.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FrameType, FunctionType
from typing import Any

from torch.overrides import handle_torch_function

MAX_FRAMES = 400  # of a stack searched for the program's line


def _call_on(func, args, kwargs):
    return func(*args, **kwargs)


CallOn = Callable[[Callable[..., Any], tuple, dict], Any]
CALL_ON_CODE = _call_on.__code__


@dataclass
class Place:
    """The program's frame nearest to a call, and the module calls between the two."""

    frame: FrameType
    line: int
    frames: tuple[FrameType, ...] = ()  # every frame of the program on the stack, outermost first
    modules: tuple[Any, ...] = ()  # the nn.Modules whose forward runs, outermost first
    applied: tuple[str, int] | None = None  # custom Function whose forward runs, and the line of its apply


def caller_of(handler_frame: FrameType) -> FrameType:
    """The frame that made the torch call which ``handler_frame`` handles."""
    frame = handler_frame.f_back
    if frame is not None and frame.f_code is handle_torch_function.__code__:
        dispatching = frame.f_back  # the Python function that found itself overridden
        if dispatching is not None and dispatching.f_back is not None:
            return dispatching.f_back
    return frame if frame is not None else handler_frame


class Sites:
    """Calls functions as if from a given frame; keeps one small function for each place."""

    def __init__(self) -> None:
        self._calls: dict[tuple[CodeType, int, int], CallOn] = {}

    def at(self, frame: FrameType) -> CallOn:
        """A function ``(func, args, kwargs)`` whose own frame looks like ``frame`` to warnings."""
        key = (frame.f_code, frame.f_lineno, id(frame.f_globals))
        call = self._calls.get(key)
        if call is None:
            code = CALL_ON_CODE.replace(
                co_filename=frame.f_code.co_filename,
                co_name=frame.f_code.co_name,
                co_firstlineno=frame.f_lineno - 1,  # the body stands one line below the def
            )
            call = self._calls[key] = FunctionType(code, frame.f_globals)
        return call


def find_place(frame: FrameType | None, filename: str) -> Place | None:
    """The innermost frame of the program's file at or above ``frame``; None when there is none."""
    modules: list[Any] = []
    frames: list[FrameType] = []
    place: Place | None = None
    applying: str | None = None
    for _ in range(MAX_FRAMES):
        if frame is None:
            break
        code = frame.f_code
        if code.co_filename == filename:
            place = place or Place(frame, frame.f_lineno)
            frames.append(frame)
            if applying and place.applied is None:
                place.applied = (applying, frame.f_lineno)
            if code.co_name == "<module>":
                break
        elif code.co_name == "_call_impl" and code.co_filename.endswith("module.py"):
            modules.append(frame.f_locals.get("self"))
        elif code.co_name == "apply" and code.co_filename.endswith("function.py"):
            applying = applying or getattr(frame.f_locals.get("cls"), "__name__", None)
        frame = frame.f_back
    if place is not None:
        place.modules, place.frames = tuple(reversed(modules)), tuple(reversed(frames))
    return place


def current_frame() -> FrameType:
    """The frame of the caller."""
    return sys._getframe(1)
