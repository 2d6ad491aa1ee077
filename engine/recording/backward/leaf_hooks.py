"""Hooks on a leaf that leave nothing behind.

NOTE [Leaf hooks]
1. A hook on an AccumulateGrad node would leave something: PyTorch keeps its own half of it as long as the node
   lives, which in a training loop is for ever, and calls it in vain in every later step. So does a leaf's
   post-accumulate hook (torch 2.13 sets it, and never takes it off). Only a tensor's plain hooks go away whole.
2. So there is one hook, before the gradient is written. That it has been written is known when anything comes
   next in the run, or the run ends (:meth:`Written.settle`): in one thread nothing runs in between.
3. Where something may (a device's thread, hooks of the program), a post-accumulate hook says so at the moment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from engine.recording import private


class Written:
    """The leaf whose gradient is being written, as long as nothing says that it has been."""

    def __init__(self) -> None:
        self._leaf: torch.Tensor | None = None
        self._before: tuple[int, int | None] = (0, None)
        self._waiting: list[Callable[[tuple, tuple], None]] = []

    def begins(self, leaf: torch.Tensor, leaves: Callable[[tuple, tuple], None]) -> None:
        """``leaves((), ())`` is to be called once the gradient is there."""
        with private.unseen():
            self._leaf, self._before = leaf, _state(leaf)
        self._waiting.append(leaves)

    def settle(self, now: torch.Tensor | None = None, *, has_failed: bool = False) -> None:
        """Something comes next: the leaf ``now``, or a node.

        It may be that the writing itself has failed; or that it has not begun, and another run, around or inside
        of the one that writes, hears of the same leaf.
        """
        if self._leaf is None:
            return
        with private.unseen():
            is_written = _state(self._leaf) != self._before
        if now is self._leaf and not is_written:
            return
        waiting, self._leaf, self._waiting = self._waiting, None, []
        for leaves in waiting if is_written or not has_failed else ():
            leaves((), ())


class LeafHooks:
    """``arrives((gradient,))`` before the leaf's gradient is written, ``leaves((), ())`` after.

    ``written``: tells of the second; None: a hook of its own does.
    """

    def __init__(
        self,
        leaf: torch.Tensor,
        arrives: Callable[[tuple], None],
        leaves: Callable[[tuple, tuple], None],
        written: Written | None,
    ) -> None:
        self._leaf = leaf

        def before(gradient: torch.Tensor) -> None:
            arrives((gradient,))
            if written is not None:
                written.begins(leaf, leaves)

        def after(leaf: torch.Tensor) -> None:
            leaves((), ())

        self._handles: list[Any] = [leaf.register_hook(before)]
        if written is None:
            self._handles.append(leaf.register_post_accumulate_grad_hook(after))

    def remove(self) -> None:
        """Take them off."""
        for handle in self._handles:
            handle.remove()
        with private.unseen():
            private.drop_empty_hooks(self._leaf)


def happens_in_one_thread(leaf: torch.Tensor) -> bool:
    """Whether the engine does nothing between writing this leaf's gradient and what is recorded next."""
    return leaf.device.type == "cpu" and not private.has_device_threads() and not private.has_written_hooks(leaf)


def _state(leaf: torch.Tensor) -> tuple[int, int | None]:
    grad = leaf.grad
    return id(grad), None if grad is None else private.version(grad)
