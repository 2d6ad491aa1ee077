"""Saved tensors as they were when their nodes were made, compared with what they are.

NOTE [Watching]
1. When a node is recorded, each tensor it saved is copied: the right numbers for its backward. Uses of the
   same unchanged bytes share one copy. Over the budget there is a checksum instead.
2. After a call that wrote to a watched storage (and after each line, while NumPy or others share one), the
   bytes are compared: this tells which line changed them.
3. Just before a backward run, everything its nodes saved is compared, bytes and version.
Nothing of the program is held: see :mod:`memory`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from engine.contract.ids import CallId, NodeId, RunId, TensorId
from engine.contract.trace import Limits, Mismatch, Omission, Overwrite, Writer
from engine.recording import private
from engine.recording.graph.identity import Storages, Tensors, is_strided
from engine.recording.graph.preview import preview
from engine.recording.graph.regions import Region, as_region, checksum, region_of, same_bytes
from engine.recording.outbox import Outbox

IS_AT_VERSION = re.compile(r"is at version (\d+); expected version (\d+) instead")


@dataclass(frozen=True)
class Use:
    """One saved tensor of one node."""

    node: NodeId
    role: str
    attribute: str  # where the node keeps it
    position: int | None = None  # in a list of saved tensors


@dataclass
class Snapshot:
    """The content of one region at one time, and who saved it."""

    region: Region
    version: int
    tensor: TensorId | None  # id of the program's own tensor, when it holds one
    copy: torch.Tensor | None
    sum: int
    uses: list[Use] = field(default_factory=list)
    last: int | None = None  # checksum of the changed bytes last seen; None: as saved
    last_version: int = 0

    def is_as_saved(self, now: torch.Tensor) -> bool:
        """Whether ``now`` has the bytes that were saved."""
        return checksum(now) == self.sum if self.copy is None else same_bytes(now, self.copy)


@dataclass(frozen=True)
class Differing:
    """A saved tensor that a run would read otherwise than it was saved."""

    use: Use
    snapshot: Snapshot
    now: torch.Tensor | None  # on the bytes that the node would read
    version: int


@dataclass(frozen=True)
class Write:
    """Who may have written: a call or a line."""

    by: Writer
    line: int | None
    call: CallId | None = None
    through: TensorId | None = None


class Watch:
    """All snapshots of a recording, by storage."""

    def __init__(self, outbox: Outbox, tensors: Tensors, storages: Storages, limits: Limits) -> None:
        self._outbox = outbox
        self._tensors = tensors
        self._storages = storages
        self._limits = limits
        self._by_storage: dict[int, list[Snapshot]] = {}
        self._by_node: dict[NodeId, list[tuple[Use, Snapshot]]] = {}
        self._n_bytes = 0
        self.shared: set[int] = set()  # keys of storages whose memory others may write: NumPy, DLPack

    def save(self, use: Use, tensor: torch.Tensor, tensor_id: TensorId | None) -> None:
        """Remember what a node saved, as it is now."""
        if not self._limits.watch or not _is_readable(tensor):
            return
        storage = private.storage_key(tensor)
        reference = None if storage is None else self._storages.reference_of(storage)
        if storage is None or reference is None:
            return
        region, version = region_of(tensor, storage, reference), private.version(tensor)
        now = as_region(tensor, region)
        if now is None:
            return
        if private.is_foreign_memory(tensor):
            self.shared.add(storage)
        snapshot = self._known(region, version, now) or self._take(region, version, now, tensor_id)
        snapshot.uses.append(use)
        self._by_node.setdefault(use.node, []).append((use, snapshot))

    def watches(self, storage: int | None) -> bool:
        """Whether a node saved something in this storage."""
        return storage in self._by_storage

    @property
    def has_shared(self) -> bool:
        """Whether memory that others may write holds something a node saved."""
        return not self.shared.isdisjoint(self._by_storage)

    def share(self, tensor: torch.Tensor) -> None:
        """Others than torch calls may write to the tensor's memory from now on."""
        if self._storages.id_of(tensor) is not None:
            self.shared.update(storages_of((tensor,)))

    def look(self, storages: Iterable[int], write: Write) -> None:
        """Compare what was saved in these storages after a write; each change becomes an Overwrite."""
        for storage in set(storages):
            for snapshot in list(self._by_storage.get(storage, ())):
                now = snapshot.region.tensor()
                if now is None:
                    self._drop(snapshot)
                    continue
                self._compare(snapshot, now, write)

    def replaced(self, tensor: torch.Tensor, write: Write) -> None:
        """``tensor.data = other``: a node that saved this leaf reads other memory from now on."""
        number = self._tensors.get(tensor)
        for group in list(self._by_storage.values()):
            for snapshot in group:
                now = as_region(tensor, snapshot.region) if snapshot.tensor == number else None
                if now is not None:
                    self._compare(snapshot, now, write)

    def differing(self, nodes: Iterable[tuple[NodeId, Any]], run: RunId) -> list[Differing]:
        """What the nodes of a run would read otherwise than saved, noted as mismatches of the run."""
        found: list[Differing] = []
        for number, node in nodes:
            for use, snapshot in self._by_node.get(number, ()):
                one = self._differing(node, use, snapshot)
                if one is not None:
                    found.append(one)
                    self._note(one, run)
        return found

    def freed(self, nodes: Iterable[NodeId]) -> None:
        """Backward freed what these nodes had saved."""
        for number in nodes:
            for use, snapshot in self._by_node.pop(number, ()):
                snapshot.uses.remove(use)
                if not snapshot.uses:
                    self._drop(snapshot)

    def forget(self) -> None:
        """Drop every snapshot: what happened to them since was not seen."""
        for snapshot in [s for group in self._by_storage.values() for s in group]:
            self._drop(snapshot)
        self._by_node.clear()

    def _known(self, region: Region, version: int, now: torch.Tensor) -> Snapshot | None:
        for snapshot in self._by_storage.get(region.storage, ()):
            if snapshot.region == region and snapshot.version == version and snapshot.is_as_saved(now):
                return snapshot
        return None

    def _take(self, region: Region, version: int, now: torch.Tensor, tensor: TensorId | None) -> Snapshot:
        copy, total = None, 0
        if self._has_room(region.n_bytes):
            copy = now.clone()
            self._n_bytes += region.n_bytes
        else:
            total = checksum(now)
            self._outbox.leave_out(Omission(what="watch", limit=self._limits.watch_bytes))
        snapshot = Snapshot(region, version, tensor, copy, total, last_version=version)
        self._by_storage.setdefault(region.storage, []).append(snapshot)
        return snapshot

    def _has_room(self, n_bytes: int) -> bool:
        if self._n_bytes + n_bytes > self._limits.watch_bytes:
            for snapshot in [s for group in self._by_storage.values() for s in group]:
                if snapshot.region.tensor() is None:
                    self._drop(snapshot)
        return self._n_bytes + n_bytes <= self._limits.watch_bytes

    def _drop(self, snapshot: Snapshot) -> None:
        group = self._by_storage.get(snapshot.region.storage, [])
        if not any(one is snapshot for one in group):
            return
        self._by_storage[snapshot.region.storage] = rest = [one for one in group if one is not snapshot]
        if not rest:
            del self._by_storage[snapshot.region.storage]
        if snapshot.copy is not None:
            self._n_bytes -= snapshot.region.n_bytes
            snapshot.copy = None
            snapshot.sum = -1

    def _compare(self, snapshot: Snapshot, now: torch.Tensor, write: Write) -> None:
        is_as_saved = snapshot.is_as_saved(now)
        last = None if is_as_saved else checksum(now)
        if last == snapshot.last:
            return
        holder = None if snapshot.tensor is None else self._tensors.alive(snapshot.tensor)
        version = snapshot.last_version if holder is None else private.version(holder)
        for use in snapshot.uses:
            self._outbox.row(
                Overwrite(
                    node=use.node,
                    role=use.role,
                    step=self._outbox.n("steps"),
                    line=write.line,
                    by=write.by,
                    call=write.call,
                    through=write.through,
                    version_before=snapshot.last_version,
                    version_after=version,
                    is_restored=is_as_saved,
                    value=self._outbox.afford(preview(now, self._limits)),
                )
            )
        snapshot.last, snapshot.last_version = last, version

    def _differing(self, node: Any, use: Use, snapshot: Snapshot) -> Differing | None:
        try:
            saved = private.read_saved(node, use.attribute, use.position)
        except RuntimeError as error:
            versions = IS_AT_VERSION.search(str(error))
            if versions is None:
                return None  # freed
            if use.position is not None and self._is_untouched(snapshot):
                return None  # the error is about another tensor of the list
            return Differing(use, snapshot, snapshot.region.tensor(), int(versions[1]))
        except (AttributeError, ValueError, TypeError):
            return None
        now = None if saved is None else as_region(saved, snapshot.region)
        if saved is None or (now is not None and snapshot.is_as_saved(now)):
            return None
        return Differing(use, snapshot, now, snapshot.version)

    def _is_untouched(self, snapshot: Snapshot) -> bool:
        holder, now = (
            None if snapshot.tensor is None else self._tensors.alive(snapshot.tensor),
            snapshot.region.tensor(),
        )
        is_as_saved = now is not None and snapshot.is_as_saved(now)
        return is_as_saved and holder is not None and private.version(holder) == snapshot.version

    def _note(self, one: Differing, run: RunId) -> None:
        same = None if one.now is None else one.snapshot.is_as_saved(one.now)
        value = None if one.now is None else self._outbox.afford(preview(one.now, self._limits))
        self._outbox.row(Mismatch(run, one.use.node, one.use.role, one.version, same, value))


def storages_of(tensors: Iterable[torch.Tensor]) -> Iterator[int]:
    """Keys of the storages of tensors that have one."""
    for tensor in tensors:
        key = private.storage_key(tensor)
        if key is not None:
            yield key


def _is_readable(tensor: torch.Tensor) -> bool:
    return is_strided(tensor) and not tensor.is_quantized and private.unreadable(tensor) is None
