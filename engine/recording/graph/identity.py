"""Who is who: ids of tensors, storages and nodes that hold nothing of the program alive.

A tensor is known by its Python object through a weak reference, a storage by its C++ address pinned
by a weak reference (so the address cannot be used again), a node by its sequence number, which PyTorch
never gives twice in a thread, and an AccumulateGrad by its leaf. No node object is kept: that would
keep its graph and its saved tensors.
"""

from __future__ import annotations

import weakref
from typing import Any

import torch

from engine.contract.ids import CallId, NodeId, StorageId, TensorId
from engine.contract.trace import Cut, StorageRecord, TensorRecord
from engine.recording import private
from engine.recording.outbox import Outbox

NodeKey = tuple[int, str]


class Storages:
    """Ids of storages."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._ids: dict[int, tuple[StorageId, int]] = {}  # address -> (id, weak reference)

    def id_of(self, tensor: torch.Tensor) -> StorageId | None:
        """The id of the tensor's storage, given now if it is new; None when it has none."""
        key = private.storage_key(tensor)
        if key is None or key in self._ids:
            return None if key is None else self._ids[key][0]
        pinned = private.storage_weak_ref(tensor)
        if pinned is None:
            return None
        key, reference, size = pinned
        number = self._outbox.storage(StorageRecord(size_bytes=size, device=str(tensor.device)))
        self._ids[key] = (number, reference)
        return number

    def reference_of(self, key: int) -> int | None:
        """The weak reference that pins the storage with this key."""
        return self._ids[key][1] if key in self._ids else None

    def forget(self) -> None:
        """Give back every weak reference."""
        for _, reference in self._ids.values():
            private.free_storage_weak_ref(reference)
        self._ids.clear()


class Tensors:
    """Ids of tensors, and the records of those seen for the first time."""

    def __init__(self, outbox: Outbox, storages: Storages) -> None:
        self._outbox = outbox
        self._storages = storages
        self._ids: dict[int, tuple[weakref.ref[torch.Tensor], TensorId]] = {}
        self._alive: dict[TensorId, weakref.ref[torch.Tensor]] = {}  # by number
        self._grads: dict[int, tuple[weakref.ref[torch.Tensor], TensorId]] = {}  # id of a .grad -> (itself, its tensor)
        self._by_memory: dict[tuple[Any, ...], TensorId] = {}

    def get(self, tensor: torch.Tensor) -> TensorId | None:
        """The id of a known tensor, else None."""
        known = self._ids.get(id(tensor))
        return known[1] if known is not None and known[0]() is tensor else None

    def known(self, tensor: torch.Tensor) -> TensorId:
        """The id of a tensor that was met before. Raises KeyError where it was not."""
        number = self.get(tensor)
        if number is None:
            raise KeyError("a tensor without an id")
        return number

    def get_saved(self, tensor: torch.Tensor) -> TensorId | None:
        """The id of the tensor that a saved tensor is a second handle of, else None.

        Saved outputs come back as new objects: the newest known tensor with the same storage,
        offset, shape and strides is the one meant.
        """
        known = self.get(tensor)
        return known if known is not None else self._by_memory.get(self._memory(tensor))

    def add(
        self,
        tensor: torch.Tensor,
        *,
        call: CallId | None = None,
        line: int | None = None,
        name: str | None = None,
        cut_from: TensorId | None = None,
        cut: Cut | None = None,
    ) -> TensorId:
        """Record a tensor seen for the first time and return its id."""
        base = private.base_of(tensor)
        strided = is_strided(tensor)
        record = TensorRecord(
            shape=private.shape_of(tensor),
            dtype=str(tensor.dtype).removeprefix("torch."),
            device=str(tensor.device),
            name=name,
            kind=type(tensor).__name__,
            layout=str(tensor.layout).removeprefix("torch."),
            storage=self._storages.id_of(tensor),
            storage_offset=int(tensor.storage_offset()) if strided else 0,
            strides=tuple(tensor.stride()) if strided else (),
            base=None if base is None else self.get(base),
            call=call,
            line=line,
            cut_from=cut_from,
            cut=cut,
            grad_of=self._grad_of(tensor),
        )
        number = self._outbox.tensor(record)
        key, ids, alive = id(tensor), self._ids, self._alive
        ids[key] = (weakref.ref(tensor, lambda _: ids.pop(key, None)), number)
        alive[number] = weakref.ref(tensor, lambda _: alive.pop(number, None))
        if strided:
            self._by_memory[self._memory(tensor)] = number
        return number

    def alive(self, number: TensorId) -> torch.Tensor | None:
        """The tensor with this id, if the program still holds it."""
        reference = self._alive.get(number)
        return None if reference is None else reference()

    def all_alive(self) -> set[TensorId]:
        """The ids of all tensors that the program still holds."""
        return set(self._alive)

    def is_grad(self, gradient: torch.Tensor, number: TensorId) -> None:
        """The program read ``gradient`` as the ``.grad`` of the tensor with this id."""
        self._grads[id(gradient)] = (weakref.ref(gradient), number)

    def _grad_of(self, tensor: torch.Tensor) -> TensorId | None:
        known = self._grads.get(id(tensor))
        return known[1] if known is not None and known[0]() is tensor else None

    def _memory(self, tensor: torch.Tensor) -> tuple[Any, ...]:
        if not is_strided(tensor):
            return (None, id(tensor))
        return (private.storage_key(tensor), tensor.storage_offset(), tensor.shape, tensor.stride())


def is_strided(tensor: torch.Tensor) -> bool:
    """Whether the tensor has one block of memory with an offset and strides."""
    return tensor.layout is torch.strided and not tensor.is_nested and not private.is_wrapped_by_functorch(tensor)


class Nodes:
    """Ids of nodes."""

    def __init__(self) -> None:
        self._ids: dict[NodeKey, NodeId] = {}
        self._accumulate: dict[TensorId, NodeId] = {}  # tensor id -> node id

    def get(self, key: NodeKey) -> NodeId | None:
        return self._ids.get(key)

    def put(self, key: NodeKey, number: NodeId) -> None:
        self._ids[key] = number

    def accumulate_of(self, tensor: TensorId) -> NodeId | None:
        """The AccumulateGrad of a leaf, None while it was not met."""
        return self._accumulate.get(tensor)

    def put_accumulate(self, tensor: TensorId, number: NodeId) -> None:
        self._accumulate[tensor] = number
