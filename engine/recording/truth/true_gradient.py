"""The gradient a run would give, had every saved tensor kept the bytes it was saved with.

NOTE [The true gradient]
Before the program's own backward runs, ``torch.autograd.grad`` runs over the same graph. Just before a node
with an overwritten saved tensor runs, the copy of the right bytes is put into its memory and the version
counter set back; just after, the present bytes and version are put back. So each node reads what it saved,
even when two nodes saved the same memory at different times, and the program notices nothing. Where that is
not certain (hooks, custom Functions, no copy, memory out of reach) there is a reason instead of a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch

from engine.contract.ids import NodeId
from engine.contract.trace import NoTrueGradient
from engine.recording import private
from engine.recording.graph.identity import Tensors
from engine.recording.graph.watch import Differing


@dataclass(frozen=True)
class Asked:
    """What a run was asked for."""

    roots: tuple[torch.Tensor, ...]
    gradients: tuple[torch.Tensor | None, ...]
    inputs: tuple[torch.Tensor, ...]


Truth = tuple[torch.Tensor | None, ...]  # one for each input


def true_gradients(
    asked: Asked, nodes: Iterable[tuple[NodeId, Any]], differing: list[Differing], tensors: Tensors
) -> Truth | NoTrueGradient:
    """The true gradient of each input, or why there is none. Call :func:`private.unseen`."""
    nodes = list(nodes)
    if any(private.is_custom(node) for _, node in nodes):
        return "custom_function"
    if any(one.snapshot.copy is None for one in differing):
        return "budget"
    swaps: dict[NodeId, list[_Swap]] = {}
    for one in differing:
        swap = _swap(one, tensors)
        if swap is None:
            return "unreachable"
        swaps.setdefault(one.use.node, []).append(swap)
    handles = [handle for number, node in nodes for handle in _hook(node, swaps.get(number, ()))]
    try:
        return _run(asked)
    except RuntimeError:
        return "failed"
    finally:
        for handle in handles:
            handle.remove()
        for group in swaps.values():
            for swap in group:
                swap.put_back()


def differs(computed: torch.Tensor, true: torch.Tensor) -> bool:
    """Whether two gradients differ by more than rounding."""
    if computed.shape != true.shape:
        return True
    one, other = _dense(computed), _dense(true)
    scale = other[other.isfinite()].abs().amax().item() if other.isfinite().any() else 0.0
    relative = 1e-9 if other.dtype in (torch.float64, torch.complex128) else 1e-5
    return not torch.allclose(one, other, rtol=10 * relative, atol=relative * scale, equal_nan=True)


class _Swap:
    """One saved tensor's memory: the right bytes in, the present ones back."""

    def __init__(self, memory: torch.Tensor, right: torch.Tensor, counter: torch.Tensor | None, version: int) -> None:
        self._memory = memory
        self._right = right
        self._counter = counter  # a tensor that shares the version counter; None: it need not be touched
        self._version = version
        self._present: tuple[torch.Tensor, int] | None = None

    def put_right(self) -> None:
        version = 0 if self._counter is None else private.version(self._counter)
        self._present = (self._memory.clone(), version)
        self._memory.copy_(self._right)
        if self._counter is not None:
            private.set_version(self._counter, self._version)

    def put_back(self) -> None:
        if self._present is None:
            return
        content, version = self._present
        self._present = None
        self._memory.copy_(content)
        if self._counter is not None:
            private.set_version(self._counter, version)


def _swap(one: Differing, tensors: Tensors) -> _Swap | None:
    snapshot, counter = one.snapshot, None
    if one.now is None or snapshot.copy is None:
        return None
    if one.version != snapshot.version:
        counter = None if snapshot.tensor is None else tensors.alive(snapshot.tensor)
        if counter is None or private.version(counter) != one.version:
            return None
    return _Swap(one.now, snapshot.copy, counter, snapshot.version)


def _hook(node: Any, swaps: Iterable[_Swap]) -> list[Any]:
    swaps = list(swaps)
    if not swaps:
        return []

    def before(grad_outputs: tuple) -> None:
        with private.unseen():
            for swap in swaps:
                swap.put_right()

    def after(grad_inputs: tuple, grad_outputs: tuple) -> None:
        with private.unseen():
            for swap in reversed(swaps):
                swap.put_back()

    return [node.register_prehook(before), node.register_hook(after)]


def _run(asked: Asked) -> Truth:
    found = torch.autograd.grad(asked.roots, asked.inputs, asked.gradients, retain_graph=True, allow_unused=True)
    return tuple(None if gradient is None else gradient.detach().clone() for gradient in found)


def _dense(tensor: torch.Tensor) -> torch.Tensor:
    dense = tensor.detach()
    return (dense.to_dense() if dense.layout is not torch.strided else dense).resolve_conj()
