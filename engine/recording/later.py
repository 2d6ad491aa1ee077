"""Losses after the recording budget is spent, at the cost of one hook call per backward run.

One leaf of the last recorded run gets a post-accumulate hook. It finds the root in the arguments of
the running ``backward()`` on the Python stack: no mode, no tracing, nothing per torch call.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from types import FrameType

import torch

from engine.recording import private
from engine.recording.preview import value_of
from engine.recording.site import MAX_FRAMES, current_frame
from engine.trace import NotFinite

BACKWARD_METHOD = torch.Tensor.backward.__code__
BACKWARD_FUNCTION = torch.autograd.backward.__code__

Told = Callable[["int | None", "float | NotFinite | None"], None]


class LaterLosses:
    """Sends (line, value of the root) of each later run that reaches the watched leaf."""

    def __init__(self, leaves: Iterable[weakref.ref[torch.Tensor]], told: Told, filename: str) -> None:
        self._told = told
        self._filename = filename
        leaf = next((t for ref in leaves if (t := ref()) is not None), None)
        self._handle = None if leaf is None else leaf.register_post_accumulate_grad_hook(self._accumulated)

    def remove(self) -> None:
        """Take the hook off."""
        if self._handle is not None:
            self._handle.remove()
            self._handle = None

    def _accumulated(self, leaf: torch.Tensor) -> None:
        root, line = _root_on_stack(current_frame(), self._filename)
        if root is None:
            return
        with private.unseen():
            value = value_of(root)
        self._told(line, value)


def _root_on_stack(frame: FrameType | None, filename: str) -> tuple[torch.Tensor | None, int | None]:
    root: torch.Tensor | None = None
    for _ in range(MAX_FRAMES):
        if frame is None:
            break
        if frame.f_code is BACKWARD_METHOD:
            root = frame.f_locals["self"]
        elif frame.f_code is BACKWARD_FUNCTION and root is None:
            tensors = frame.f_locals["tensors"]
            root = tensors if isinstance(tensors, torch.Tensor) else next(iter(tensors), None)
        elif frame.f_code.co_filename == filename:
            return root, frame.f_lineno
        frame = frame.f_back
    return root, None
