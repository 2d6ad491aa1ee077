"""Which tensors share a version counter or the same bytes."""

from __future__ import annotations

from collections.abc import Sequence

from engine.contract.trace import TensorRecord


def version_counters(tensors: Sequence[TensorRecord]) -> dict[int, tuple[int, ...]]:
    """For each tensor that shares its version counter with others: all of them, itself included.

    A view and ``detach()`` share the counter of the tensor they come from; ``.data`` starts one of its
    own, which is why PyTorch cannot see what is written through it.
    """
    counter = list(range(len(tensors)))
    for number, tensor in enumerate(tensors):
        source = tensor.base if tensor.base is not None else tensor.cut_from if tensor.cut == "detach" else None
        if tensor.cut == "data":
            source = None
        if source is not None and source < number:
            counter[number] = counter[source]
    groups: dict[int, list[int]] = {}
    for number, root in enumerate(counter):
        groups.setdefault(root, []).append(number)
    return {number: tuple(group) for group in groups.values() if len(group) > 1 for number in group}


def same_storage(tensors: Sequence[TensorRecord]) -> dict[int, tuple[int, ...]]:
    """The tensors that point into each storage, by storage id; storages of one tensor are left out."""
    groups: dict[int, list[int]] = {}
    for number, tensor in enumerate(tensors):
        if tensor.storage is not None:
            groups.setdefault(tensor.storage, []).append(number)
    return {storage: tuple(group) for storage, group in groups.items() if len(group) > 1}


def overlap(one: TensorRecord, other: TensorRecord) -> bool:
    """Whether two strided tensors may have a byte in common (by the span from first to last element)."""
    if one.storage is None or one.storage != other.storage:
        return False
    first, last = _span(one)
    start, end = _span(other)
    return first < end and start < last


def _span(tensor: TensorRecord) -> tuple[int, int]:
    """Half-open range of elements between the first and the last one; empty for an empty tensor."""
    if 0 in tensor.shape:
        return tensor.storage_offset, tensor.storage_offset
    reach = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.strides))
    return tensor.storage_offset, tensor.storage_offset + reach + 1
