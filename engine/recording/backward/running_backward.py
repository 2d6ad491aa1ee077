"""The backward call that runs, found on the Python stack from inside the engine."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from types import CodeType, FrameType

import torch

from engine.recording.site import MAX_FRAMES

METHOD = torch.Tensor.backward.__code__
FUNCTION = torch.autograd.backward.__code__
GRAD = torch.autograd.grad.__code__


@dataclass
class BackwardCall:
    """A call of the program, the outermost one when it runs inside another."""

    root: torch.Tensor
    frame: FrameType  # of the program, where the call stands
    is_nested: bool = False
    is_method: bool = False  # ``something.backward()`` and nothing in between


def find_backward_call(frame: FrameType, filename: str) -> BackwardCall | None:
    """The call above ``frame``; in whichever thread it was made, since CUDA's engine has a thread of its own."""
    found = _above(frame, filename)
    if found is not None:
        return found
    others = (_above(other, filename) for other in list(sys._current_frames().values()))
    return next((one for one in others if one is not None), None)


def _above(frame: FrameType | None, filename: str) -> BackwardCall | None:
    root: torch.Tensor | None = None
    place: FrameType | None = None
    below: CodeType | None = None
    n_runs, is_method = 0, False
    for _ in range(MAX_FRAMES):
        if frame is None:
            break
        code = frame.f_code
        if code is FUNCTION or code is GRAD:
            root, place = _first(frame.f_locals["tensors" if code is FUNCTION else "outputs"]), None
            n_runs += 1
        elif code.co_filename == filename:
            if place is None and root is not None:
                place, is_method = frame, below is METHOD
            if code.co_name == "<module>":
                break
        below, frame = code, frame.f_back
    if root is None or place is None:
        return None
    return BackwardCall(root, place, n_runs > 1, is_method)


def _first(roots: object) -> torch.Tensor | None:
    if isinstance(roots, torch.Tensor):
        return roots
    return next((one for one in roots if isinstance(one, torch.Tensor)), None)  # type: ignore[attr-defined]


def name_of_root(code: CodeType, place: int, source: str) -> str | None:
    """``NAME`` when the instruction at ``place`` is the call ``NAME.backward(...)``; None for anything else.

    Needs Python 3.11, where code knows the columns of its instructions.
    """
    if not hasattr(code, "co_positions"):
        return None
    positions = code.co_positions()  # type: ignore[attr-defined]
    line, end_line, column, end_column = list(positions)[place // 2]
    if line is None or end_line is None or column is None or end_column is None:
        return None
    lines = source.encode().split(b"\n")[line - 1 : end_line]
    if not lines:
        return None
    lines[-1] = lines[-1][:end_column]
    lines[0] = lines[0][column:]
    try:
        call = ast.parse(b"\n".join(lines).decode(), mode="eval").body
    except (SyntaxError, UnicodeDecodeError):
        return None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return call.func.value.id if call.func.attr == "backward" else None
    return None
