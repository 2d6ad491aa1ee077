"""What lies in memory at each moment: storages, the tensors that point into them, what backward has saved.

A saved tensor is no copy: it points into a storage like any other, with the version it noted. A later write is
therefore read by backward too. Small storages are followed element by element, through views with their own offset and
strides; of larger ones the last value recorded of the largest tensor is kept.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from engine.contract.ids import StorageId
from engine.contract.trace import CalledStep, CallRecord, Number, Overwrite, Saved, TensorRecord, Trace, Value
from engine.contract.values import n_elements
from engine.reading.replay import NodeChanged, NodeState, SavedFreed, TensorMade, VersionMoved, transitions
from engine.variants.beats import Beat, beats

MOST_TAGS = 32  # tensors of one storage that are told, and as many saved ones
MOST_DIMS = 64  # of a tensor whose elements are followed
MOST_CELLS = 64  # of a storage that is followed element by element

Cells = tuple["Number | None", ...]  # None: not known
SavedState = Literal["kept", "running", "failed", "freed"]


@dataclass(frozen=True)
class Tag:
    """A tensor that points into a storage, with its version counter; ``tensor`` None: a NumPy array, without one."""

    tensor: int | None
    version: int | None
    has_moved: bool = False  # the counter, at this moment
    renamed_by: int | None = None  # the tensor that has its name now


@dataclass(frozen=True)
class SavedTag:
    """A saved tensor: ``version`` and ``value`` as noted, ``now`` the counter as it is."""

    node: int
    roles: tuple[str, ...]
    tensor: int | None
    version: int
    now: int
    value: Value | None
    is_same: bool | None  # the bytes are as they were saved; None: not known
    state: SavedState = "kept"


@dataclass(frozen=True)
class Box:
    """A storage. ``cells`` in the order of memory; empty for a large one, whose ``value`` is a preview."""

    storage: int
    n_columns: int
    cells: Cells
    value: Value | None
    is_written: bool  # at this moment
    tags: tuple[Tag, ...]
    saved: tuple[SavedTag, ...]


@dataclass(frozen=True)
class Memory:
    """Everything at one beat, storages in the order of their making."""

    beat: Beat
    boxes: tuple[Box, ...]

    def box(self, tensor: int) -> Box | None:
        """The box that a tensor points into."""
        return next((box for box in self.boxes if any(tag.tensor == tensor for tag in box.tags)), None)


def memory(trace: Trace, step: int) -> Memory:
    """Memory after ``step`` steps, silent writes that followed included. Raises: IndexError outside the trace."""
    if not 0 <= step <= len(trace.steps):
        raise IndexError(f"step {step} of a trace with {len(trace.steps)} steps")
    return [one for one in memories(trace) if one.beat.step == step][-1]


def memories(trace: Trace, most: int | None = None) -> tuple[Memory, ...]:
    """Memory at every beat of the trace (see :func:`engine.variants.beats.beats`), the first ``most`` if given."""
    walk, changes = _Walk(trace), transitions(trace)
    found: list[Memory] = []
    for beat in beats(trace)[:most]:
        walk.begin()
        if beat.writes:
            walk.overwrite(beat.writes)
        else:
            walk.step(beat.step, next(changes))
        found.append(Memory(beat, walk.boxes()))
    return tuple(found)


class _Walk:
    """What is known of memory while the steps go by."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._storage = [tensor.storage for tensor in trace.tensors]  # `x.data = y` moves a tensor
        self._made: dict[int, dict[int, None]] = {}  # storage -> tensors that point into it, in order
        self._named: dict[str, list[int]] = {}  # name -> tensors that were made, ascending
        self._order: dict[int, int] = {}  # tensor -> the how manieth it is
        self._boxes: dict[int, Box] = {}
        self._fresh: set[int] = set()  # storages with something that happens at this moment
        self._versions: dict[int, int] = {}
        self._cells: dict[int, list[Number | None]] = {storage: [None] * n for storage, n in _sizes(trace).items()}
        self._values: dict[int, Value] = {}
        self._arrays: set[int] = set()
        self._nodes: dict[int, NodeState] = {}
        self._freed: set[int] = set()
        self._is_same: dict[tuple[int, str], bool] = {}
        self._kept = _kept_in(trace, _used_nodes(trace))
        self._by_call: dict[int, list[Overwrite]] = {}
        for row in trace.overwrites:
            if row.by != "memory":
                self._by_call.setdefault(row.step, []).append(row)
        self.begin()

    def begin(self) -> None:
        """A new moment: nothing has moved in it yet."""
        self._moved: set[int] = set()
        self._written: set[int] = set()
        self._stale, self._fresh = self._fresh, set()  # what moved at the last moment stands still in this one

    def step(self, step: int, changes: tuple[object, ...]) -> None:
        for change in changes:
            match change:
                case TensorMade(tensor=tensor):
                    self._make(tensor)
                case VersionMoved(tensor=tensor, version=version):
                    if self._versions.get(tensor, 0) != version:
                        self._versions[tensor] = version
                        self._moved.add(tensor)
                        self._touch(self._storage[tensor])
                case NodeChanged(node=node, state=state):
                    self._nodes[node] = state
                    self._touch_saved(node)
                case SavedFreed(node=node):
                    self._freed.add(node)
                    self._touch_saved(node)
                case _:
                    pass
        done = self._trace.steps[step - 1] if step else None
        if isinstance(done, CalledStep):
            self._call(self._trace.calls[done.call])
        self.overwrite(self._by_call.get(step, ()))

    def _make(self, tensor: int) -> None:
        name, storage = self._trace.tensors[tensor].name, self._storage[tensor]
        self._order[tensor] = len(self._order)
        if storage is not None:
            self._made.setdefault(storage, {})[tensor] = None
            self._touch(storage)
        if name is not None:
            for other in self._named.get(name, [])[-1:]:
                self._touch(self._storage[other])  # it has lost its name
            insort(self._named.setdefault(name, []), tensor)

    def _touch(self, storage: int | None) -> None:
        """The box of this storage is to be made anew."""
        if storage is not None:
            self._fresh.add(storage)

    def _touch_saved(self, node: int) -> None:
        for saved in self._trace.nodes[node].saved:
            self._touch(self._storage_of(saved))

    def overwrite(self, rows: Sequence[Overwrite]) -> None:
        """The content of saved tensors, as the recorder found it changed."""
        for row in rows:
            saved = next((s for s in self._trace.nodes[row.node].saved if s.role == row.role), None)
            self._is_same[row.node, row.role] = row.is_restored
            self._touch_saved(row.node)
            value = row.value or (saved.value if saved is not None and row.is_restored else None)
            if saved is not None and saved.tensor is not None and value is not None:
                self._write(saved.tensor, value)

    def _call(self, call: CallRecord) -> None:
        if call.function.endswith(".data.__set__"):
            target, source = ([a.tensor for a in call.inputs] + [None, None])[:2]
            if target is not None and source is not None:
                self._point(target, self._storage[source])
        for state in (*call.seen, *call.outputs):
            if state.value is not None:
                self._write(state.tensor, state.value)
        if call.cut == "numpy":
            self._arrays.update(a.tensor for a in call.inputs if a.tensor is not None)
            for argument in call.inputs:
                self._touch(None if argument.tensor is None else self._storage[argument.tensor])

    def _point(self, tensor: int, storage: StorageId | None) -> None:
        """``x.data = y``: the tensor points into another storage from now on."""
        before = self._storage[tensor]
        self._storage[tensor] = storage
        is_made = before is not None and self._made.get(before, {}).pop(tensor, 0) is None
        if is_made and storage is not None:
            self._made.setdefault(storage, {})[tensor] = None
        self._touch(before)
        self._touch(storage)

    def _write(self, tensor: int, value: Value) -> None:
        storage = self._storage[tensor]
        if storage is None:
            return
        self._touch(storage)
        record, cells = self._trace.tensors[tensor], self._cells.get(storage)
        if cells is None:
            largest = self._values.get(storage)
            if largest is None or n_elements(value.shape) >= n_elements(largest.shape):
                self._put(storage, largest not in (None, value))
                self._values[storage] = value
        elif len(record.shape) <= MOST_DIMS and value.is_whole and len(value.items) == n_elements(record.shape):
            before = list(cells)
            for place, item in zip(places(record), value.items):
                if 0 <= place < len(cells):
                    cells[place] = item
            self._put(storage, cells != before and any(cell is not None for cell in before))

    def _put(self, storage: int, has_changed: bool) -> None:
        if has_changed:
            self._written.add(storage)

    def boxes(self) -> tuple[Box, ...]:
        """Storages that have a tensor or something saved in them."""
        for storage in self._stale | self._fresh:
            self._boxes.pop(storage, None)
            if self._made.get(storage):
                tensors = sorted(self._made[storage], key=self._order.__getitem__)  # most often they are
                self._boxes[storage] = self._box(storage, tensors[:MOST_TAGS])
        return tuple(self._boxes[storage] for storage in sorted(self._boxes))

    def _box(self, storage: int, tensors: list[int]) -> Box:
        tags = [tag for tensor in tensors for tag in self._tags(tensor)]
        cells = tuple(self._cells.get(storage, ()))
        return Box(
            storage=storage,
            n_columns=_columns([self._trace.tensors[tensor] for tensor in tensors], len(cells)),
            cells=cells,
            value=self._values.get(storage),
            is_written=storage in self._written,
            tags=tuple(tags),
            saved=tuple(self._saved(storage)),
        )

    def _tags(self, tensor: int) -> list[Tag]:
        own = Tag(tensor, self._versions.get(tensor, 0), tensor in self._moved, self._renamed_by(tensor))
        return [own, Tag(None, None)] if tensor in self._arrays else [own]

    def _renamed_by(self, tensor: int) -> int | None:
        name = self._trace.tensors[tensor].name
        same = self._named.get(name, []) if name is not None else []
        following = bisect_right(same, tensor)
        return same[following] if following < len(same) else None

    def _saved(self, storage: int) -> list[SavedTag]:
        """What nodes of a backward run have saved here; the same thing saved twice is one tag."""
        found: dict[object, SavedTag] = {}
        for number, saved in self._kept.get(storage, ()):
            if number not in self._nodes or self._storage_of(saved) != storage:
                continue
            tag = self._saved_tag(number, saved)
            twin = found.get((number, saved.tensor, saved.version, saved.value))
            roles = (*twin.roles, saved.role) if twin is not None else (saved.role,)
            found[number, saved.tensor, saved.version, saved.value] = replace(tag, roles=roles)
            if len(found) == MOST_TAGS:
                break
        return list(found.values())

    def _saved_tag(self, number: int, saved: Saved) -> SavedTag:
        now = saved.version if saved.tensor is None else self._versions.get(saved.tensor, 0)
        return SavedTag(
            node=number,
            roles=(saved.role,),
            tensor=saved.tensor,
            version=saved.version,
            now=now,
            value=saved.value,
            is_same=self._compared(number, saved),
            state=_saved_state(self._nodes[number], number in self._freed),
        )

    def _compared(self, number: int, saved: Saved) -> bool | None:
        if (number, saved.role) in self._is_same:
            return self._is_same[number, saved.role]
        storage, value = self._storage_of(saved), saved.value
        cells = None if storage is None else self._cells.get(storage)
        if cells is None or value is None or saved.tensor is None or not value.is_whole:
            return True if self._trace.limits.watch else None
        own = places(self._trace.tensors[saved.tensor])
        present = [cells[place] for place in own if 0 <= place < len(cells)]
        return None if None in present else present == list(value.items)

    def _storage_of(self, saved: Saved) -> int | None:
        if saved.storage is not None:
            return saved.storage
        return None if saved.tensor is None else self._storage[saved.tensor]


def _saved_state(state: NodeState, is_freed: bool) -> SavedState:
    if is_freed:
        return "freed"
    return state if state in ("running", "failed") else "kept"


def _kept_in(trace: Trace, nodes: set[int]) -> dict[int, list[tuple[int, Saved]]]:
    """Storage -> what these nodes have saved in it, wherever ``x.data = y`` may have moved it."""
    moved = _moved(trace)
    found: dict[int, list[tuple[int, Saved]]] = {}
    for number in sorted(nodes):
        for saved in trace.nodes[number].saved:
            own = None if saved.tensor is None else trace.tensors[saved.tensor].storage
            places = (saved.storage,) if saved.storage is not None else (own, *moved.get(saved.tensor, ()))
            for storage in dict.fromkeys(places):
                if storage is not None:
                    found.setdefault(storage, []).append((number, saved))
    return found


def _moved(trace: Trace) -> dict[int | None, set[int | None]]:
    """Tensor -> storages that ``x.data = y`` may make it point into."""
    found: dict[int | None, set[int | None]] = {}
    for call in trace.calls:
        if call.function.endswith(".data.__set__"):
            target, source = ([a.tensor for a in call.inputs] + [None, None])[:2]
            if target is not None and source is not None:
                found.setdefault(target, set()).update({trace.tensors[source].storage, *found.get(source, ())})
    return found


def _used_nodes(trace: Trace) -> set[int]:
    """Nodes of the backward runs; when there was no run, all: nobody knows which would be used."""
    used: set[int] = {node for run in trace.runs for node in run.nodes}
    return used or set(range(len(trace.nodes)))


def _sizes(trace: Trace) -> dict[int, int]:
    """Storage -> how many elements of the first tensor's dtype it has, for those small enough."""
    sizes: dict[int, int] = {}
    for tensor in trace.tensors:
        if tensor.storage is not None and len(tensor.shape) <= MOST_DIMS:
            last = max(places(tensor, most=MOST_CELLS + 1), default=-1)
            sizes[tensor.storage] = max(sizes.get(tensor.storage, 0), last + 1)
    return {storage: n for storage, n in sizes.items() if n <= MOST_CELLS}


def places(tensor: TensorRecord, most: int | None = None) -> list[int]:
    """Where the elements lie in the storage, in row-major order; ``most``: only the last one of a larger tensor."""
    strides = tensor.strides if len(tensor.strides) == len(tensor.shape) else _contiguous(tensor.shape)
    if most is not None and n_elements(tensor.shape) > most:
        return [tensor.storage_offset + sum((n - 1) * step for n, step in zip(tensor.shape, strides))]
    indices = product(*(range(n) for n in tensor.shape)) if n_elements(tensor.shape) else ()
    return [tensor.storage_offset + sum(i * step for i, step in zip(index, strides)) for index in indices]


def _contiguous(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n_elements(shape[dimension + 1 :]) for dimension in range(len(shape)))


def _columns(tensors: list[TensorRecord], n_cells: int) -> int:
    """Cells in a row: the last dimension of the largest tensor, where it fits."""
    largest = max(tensors, key=lambda tensor: n_elements(tensor.shape))
    return largest.shape[-1] if largest.shape and 0 < largest.shape[-1] <= 8 else min(8, max(1, n_cells))
