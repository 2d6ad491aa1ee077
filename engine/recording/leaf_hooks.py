"""Hooks on a leaf that leave nothing behind.

A hook on an AccumulateGrad node would: PyTorch keeps its own half of it as long as the node lives, which in a
training loop is for ever, and calls it in vain in every later step. A tensor's hooks can be taken off whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from engine.recording import private


class LeafHooks:
    """``arrives((gradient,))`` before the leaf's gradient is written, ``leaves((), ())`` after."""

    def __init__(self, leaf: torch.Tensor, arrives: Callable[[tuple], None],
                 leaves: Callable[[tuple, tuple], None]) -> None:  # fmt: skip
        self._leaf = leaf

        def before(gradient: torch.Tensor) -> None:
            arrives((gradient,))

        def after(leaf: torch.Tensor) -> None:
            leaves((), ())

        self._handles: list[Any] = [leaf.register_hook(before), leaf.register_post_accumulate_grad_hook(after)]

    def remove(self) -> None:
        """Take both off."""
        for handle in self._handles:
            handle.remove()
        with private.unseen():
            private.drop_empty_hooks(self._leaf)
