"""``.grad`` as it would be: the true gradients of overwritten runs, accumulated beside the computed ones."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from engine.contract.ids import RunId, TensorId
from engine.contract.trace import Limits, NoTrueGradient, TrueGradient, Value
from engine.recording.graph.identity import Tensors
from engine.recording.graph.preview import preview
from engine.recording.outbox import Outbox
from engine.recording.truth.true_gradient import Truth, differs


@dataclass
class _Kept:
    """What ``.grad`` should be, and what it was when that was said: another ``.grad`` ends it."""

    true: torch.Tensor
    computed: torch.Tensor | None


@dataclass(frozen=True)
class Expected:
    """The true gradients of one run, and each input's ``.grad`` before it."""

    inputs: tuple[torch.Tensor, ...]
    truth: Truth | NoTrueGradient
    before: tuple[torch.Tensor | None, ...]


class Shadow:
    """True gradients of runs, and of ``.grad`` while it is the sum of such runs."""

    def __init__(self, outbox: Outbox, tensors: Tensors, limits: Limits) -> None:
        self._outbox = outbox
        self._tensors = tensors
        self._limits = limits
        self._kept: dict[TensorId, _Kept] = {}

    def expect(self, inputs: tuple[torch.Tensor, ...], truth: Truth | NoTrueGradient) -> Expected:
        """Before the run."""
        return Expected(inputs, truth, tuple(_clone(t.grad) for t in inputs))

    def compare(
        self,
        expected: Expected,
        run: RunId,
        returned: tuple[torch.Tensor | None, ...] | None,
        is_accumulated: bool,
        has_ended: bool,
    ) -> None:
        """After the run: a TrueGradient for each input, and the sum in ``.grad`` kept up to date.

        ``returned``: what torch.autograd.grad gave, None for backward or when it raised. ``has_ended``: it did not
        raise.
        """
        for i, (tensor, before) in enumerate(zip(expected.inputs, expected.before)):
            number = self._tensors.get(tensor)
            if number is None:
                continue
            if is_accumulated:
                computed = _contribution(before, tensor.grad, has_ended)
            else:
                computed = None if returned is None else returned[i]
            true = expected.truth[i] if isinstance(expected.truth, tuple) else None
            reason = None if isinstance(expected.truth, tuple) else expected.truth
            if true is None and reason is None:
                continue  # the graph does not lead there
            self._outbox.row(
                TrueGradient(
                    run=run,
                    tensor=number,
                    computed=self._value(computed),
                    true=self._value(true),
                    differs=None if computed is None or true is None else differs(computed, true),
                    unavailable=reason,
                )
            )
            if is_accumulated:
                self._accumulate(number, tensor, before, true if reason is None else None)

    def follow(self, tensor: torch.Tensor) -> torch.Tensor | None:
        """``.grad`` of a tensor whose true gradient is kept, copied before a run without mismatches."""
        number = self._tensors.get(tensor)
        return _clone(tensor.grad) if number in self._kept else None

    def add(self, tensor: torch.Tensor, before: torch.Tensor | None) -> None:
        """A run without mismatches accumulated into ``tensor``: its true contribution is the computed one."""
        number = self._tensors.get(tensor)
        if number is not None and before is not None:
            self._accumulate(number, tensor, before, _contribution(before, tensor.grad, has_ended=True))

    def true_grad(self, tensor: torch.Tensor, items: int) -> Value | None:
        """What ``.grad`` should be, where that is known and differs from what it is."""
        number = self._tensors.get(tensor)
        kept = None if number is None else self._kept.get(number)
        if kept is None or not _same(kept.computed, tensor.grad):
            return None
        if tensor.grad is not None and not differs(tensor.grad, kept.true):
            return None
        return preview(kept.true, self._limits, items, is_final=True)

    def _accumulate(
        self, number: TensorId, tensor: torch.Tensor, before: torch.Tensor | None, true: torch.Tensor | None
    ) -> None:
        kept = self._kept.pop(number, None)
        if true is None:
            return
        base = kept.true if kept is not None and _same(kept.computed, before) else before
        self._kept[number] = _Kept(true if base is None else base + true, _clone(tensor.grad))

    def _value(self, tensor: torch.Tensor | None) -> Value | None:
        return None if tensor is None else self._outbox.afford(preview(tensor, self._limits, self._limits.grad_items))


def _contribution(before: torch.Tensor | None, after: torch.Tensor | None, has_ended: bool) -> torch.Tensor | None:
    """What a run added to ``.grad``; None when it never came that far."""
    if after is None or (not has_ended and _same(before, after)):
        return None
    return after.detach() if before is None else after.detach() - before


def _clone(tensor: torch.Tensor | None) -> torch.Tensor | None:
    return None if tensor is None else tensor.detach().clone()


def _same(one: torch.Tensor | None, other: torch.Tensor | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.shape == other.shape and one.layout == other.layout and torch.equal(one, other)
