"""The differentiable calls since the last backward run, kept so that they can be made again in float64.

Only for the check by central differences (:attr:`Limits.numeric_items`). What autograd follows becomes a slot
that is calculated again; everything else (data, masks, detached values, numbers) is a constant with the value it
had at the call. So the replay is the function that autograd differentiates, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from engine.contract.ids import TensorId
from engine.contract.trace import NoNumericGradient
from engine.recording import private
from engine.recording.graph.identity import Tensors

MAX_CALLS = 5_000
IN_DOUBLE = {
    torch.float16: torch.float64,
    torch.bfloat16: torch.float64,
    torch.float32: torch.float64,
    torch.complex32: torch.complex128,
    torch.complex64: torch.complex128,
}
TO_SINGLE = {torch.Tensor.float, torch.Tensor.half, torch.Tensor.bfloat16}  # would round the replay


@dataclass(frozen=True)
class Slot:
    """Stands for the tensor with this id among a call's arguments; None: out of sight, so that nothing is replayed."""

    tensor: TensorId | None


@dataclass(frozen=True)
class Entry:
    """One call: its function, its arguments with slots for tensors, the ids of what it returned."""

    function: Callable[..., Any]
    arguments: tuple[Any, Any]  # args, kwargs
    outputs: tuple[TensorId | None, ...]


Values = dict[TensorId, torch.Tensor]


class Tape:
    """Calls in order. Its methods must be called :func:`private.unseen`."""

    def __init__(self, tensors: Tensors) -> None:
        self._tensors = tensors
        self.clear()

    def clear(self) -> None:
        """Begin anew, after a backward run."""
        self._entries: list[Entry] = []
        self._first: Values = {}  # content of leaves, and of tensors written to, at their first use
        self._made: set[TensorId] = set()
        self.trouble: NoNumericGradient | None = None
        self._before: dict[int, torch.Tensor] = {}
        self._generator = torch.empty(0)

    def before(self, inputs: list[torch.Tensor]) -> None:
        """A call is about to be made: keep what it finds."""
        self._generator = torch.get_rng_state()
        self._before = {id(t): _in_double(t) for t in inputs if not self._is_slot(t)}

    def after(
        self, function: Callable[..., Any], args: tuple, kwargs: dict, result: Any, changed: list[torch.Tensor]
    ) -> None:
        """The call was made with gradients enabled; ``changed``: inputs written to in place."""
        before, self._before = self._before, {}
        outputs = list(_tensors(result))
        if not any(private.grad_fn_of(t) is not None for t in (*outputs, *changed)):
            return
        if len(self._entries) >= MAX_CALLS:
            self.trouble = self.trouble or "too_long"
            return
        if not torch.equal(self._generator, torch.get_rng_state()):
            self.trouble = self.trouble or "random"
        for tensor in changed:
            self._begin(tensor, before)
        arguments = _mapped((args, kwargs), torch.Tensor, lambda t: self._argument(t, before))
        numbers = tuple(self._number(t) for t in outputs)
        self._made.update(n for n in numbers if n is not None)
        self._entries.append(Entry(function, arguments, numbers))

    def first(self, tensor: torch.Tensor) -> torch.Tensor | None:
        """The content that ``tensor`` entered the tape with, in float64; None when it did not."""
        number = self._number(tensor)
        return None if number is None else self._first.get(number)

    def at(self, tensor: torch.Tensor, content: torch.Tensor) -> Values:
        """What :meth:`replay` needs to begin with ``content`` in ``tensor``."""
        number = self._number(tensor)
        return {} if number is None else {number: content}

    def value(self, tensor: torch.Tensor, replayed: Values) -> torch.Tensor | None:
        """The content of ``tensor`` in a replay."""
        number = self._number(tensor)
        return None if number is None else replayed.get(number)

    def replay(self, instead: Values) -> Values:
        """Every call made again, in float64; ``instead``: other contents of some of the tensors it began with."""
        now = {number: instead.get(number, value).clone() for number, value in self._first.items()}

        def content(slot: Slot) -> torch.Tensor:
            assert slot.tensor is not None
            return now[slot.tensor]

        for entry in self._entries:
            args, kwargs = _mapped(entry.arguments, Slot, content)
            function = torch.Tensor.double if entry.function in TO_SINGLE else entry.function
            made = list(_tensors(function(*args, **kwargs)))
            now.update((n, value) for n, value in zip(entry.outputs, made, strict=True) if n is not None)
        return now

    def _number(self, tensor: torch.Tensor) -> TensorId | None:
        return self._tensors.get(tensor)

    def _is_slot(self, tensor: torch.Tensor) -> bool:
        number = self._number(tensor)
        return number in self._made or number in self._first

    def _begin(self, tensor: torch.Tensor, before: dict[int, torch.Tensor]) -> None:
        number = self._number(tensor)
        if number is not None and not self._is_slot(tensor) and id(tensor) in before:
            self._first[number] = before[id(tensor)]

    def _argument(self, tensor: torch.Tensor, before: dict[int, torch.Tensor]) -> Any:
        number = self._number(tensor)
        if tensor.requires_grad or number in self._made:
            if private.is_leaf(tensor):
                self._begin(tensor, before)
            if not self._is_slot(tensor):
                self.trouble = self.trouble or "out_of_sight"
            return Slot(number)
        return Slot(number) if self._is_slot(tensor) else before.get(id(tensor), tensor)


def _in_double(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().clone().to(IN_DOUBLE.get(tensor.dtype, tensor.dtype))


def _tensors(thing: Any) -> Iterator[torch.Tensor]:
    if isinstance(thing, torch.Tensor):
        yield thing
    elif isinstance(thing, (tuple, list)):
        for part in thing:
            yield from _tensors(part)


def _mapped(thing: Any, kind: type, put: Callable[[Any], Any]) -> Any:
    """``thing`` with everything of ``kind`` in it replaced, and single precision asked for as double."""
    if isinstance(thing, kind):
        return put(thing)
    if type(thing) in (tuple, list):
        return type(thing)(_mapped(part, kind, put) for part in thing)
    if type(thing) is dict:
        return {key: _mapped(part, kind, put) for key, part in thing.items()}
    return IN_DOUBLE.get(thing, thing) if isinstance(thing, torch.dtype) else thing
