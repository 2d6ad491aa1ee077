"""Regions of memory that saved tensors occupy: read, compared and written without holding them alive.

A region knows its storage by a weak reference, so a watched tensor dies when the program lets it go. It is
reached through a tensor of our own with a version counter of its own: nobody's counter moves.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import torch

from engine.recording import private


@dataclass(frozen=True)
class Region:
    """Where a strided tensor's elements lie. Dimensions of stride 0 (expanded) count once."""

    storage: int  # key of the storage
    reference: int  # weak reference, see Storages
    offset: int  # in elements
    shape: tuple[int, ...]
    strides: tuple[int, ...]  # in elements
    dtype: torch.dtype
    device: torch.device

    @property
    def n_bytes(self) -> int:
        n = self.dtype.itemsize
        for size in self.shape:
            n *= size
        return n

    def tensor(self) -> torch.Tensor | None:
        """A tensor on these bytes; None when the storage is gone or too small by now."""
        storage = private.storage_of_weak_ref(self.reference)
        return None if storage is None else _on(storage, self)


def region_of(tensor: torch.Tensor, storage: int, reference: int) -> Region:
    """The region of a strided tensor in its storage."""
    strides = tuple(tensor.stride())
    shape = tuple(1 if step == 0 else size for size, step in zip(tensor.shape, strides))
    return Region(storage, reference, int(tensor.storage_offset()), shape, strides, tensor.dtype, tensor.device)


def as_region(tensor: torch.Tensor, like: Region) -> torch.Tensor | None:
    """A tensor on the bytes of ``tensor``, laid out as a copy of ``like`` is; None when it has another form."""
    own = region_of(tensor, like.storage, like.reference)
    if own.shape != like.shape or own.dtype != like.dtype:
        return None
    return _on(tensor.untyped_storage(), own)


def same_bytes(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors of one shape and dtype have the same bytes: NaN equals the same NaN."""
    return torch.equal(_bytes(one), _bytes(other))


def checksum(tensor: torch.Tensor) -> int:
    """CRC-32 of the bytes: differs for almost every change."""
    return zlib.crc32(private.as_array(_bytes(tensor).cpu()).data)


def _bytes(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.contiguous().as_strided((tensor.numel(),), (1,)).view(torch.uint8)


def _on(storage: torch.UntypedStorage, region: Region) -> torch.Tensor | None:
    try:
        empty = torch.empty(0, dtype=region.dtype, device=region.device)
        return empty.set_(storage, region.offset, region.shape, region.strides)  # type: ignore[call-overload]
    except RuntimeError:
        return None  # resized since
