"""The grad_fn graph, walked from a node towards the leaves, as records.

NOTE [Walking]
1. Walk ``next_functions`` from the start node with a stack of our own (a chain of 100,000 nodes must
   not recurse), stopping at nodes that are known. Node objects live in the walk's list alone.
2. Give ids in the order of making: AccumulateGrad nodes first, then by sequence number, so that every
   edge leads to a node that has an id already, and the same program gives the same ids.
3. Read what each new node saved. After the backward that frees it, reading raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from engine.contract.ids import CallId, NodeId, RunId
from engine.contract.trace import Edge, Limits, NodeRecord, Omission, Saved, Value
from engine.recording import private
from engine.recording.graph.identity import NodeKey, Nodes, Storages, Tensors
from engine.recording.graph.watch import Use, Watch
from engine.recording.outbox import Outbox

MAX_ATTRIBUTE = 200  # characters of a saved attribute's repr
MAX_SAVED = 16  # tensors of one saved list

Preview = Callable[[torch.Tensor], "Value | None"]


@dataclass(frozen=True)
class Origin:
    """Where new nodes come from."""

    call: CallId | None = None
    line: int | None = None
    scope: tuple[str, ...] = ()
    frame: str = "<module>"
    run: RunId | None = None


@dataclass
class Walk:
    """New nodes of one walk and, for hooks, every node reached."""

    new: list[Any]
    reached: list[Any]


class Graph:
    """Records nodes once each."""

    def __init__(
        self, outbox: Outbox, tensors: Tensors, storages: Storages, preview: Preview, watch: Watch, limits: Limits
    ) -> None:
        self._outbox = outbox
        self._tensors = tensors
        self._storages = storages
        self._preview = preview
        self._watch = watch
        self._limits = limits
        self.nodes = Nodes()
        self.was_packed = False  # saved_tensors_hooks of the program were active while nodes were made

    def id_of(self, node: Any) -> NodeId | None:
        """The id of a known node, else None."""
        number = private.node_sequence_nr(node)
        if number is not None:
            return self.nodes.get((number, private.node_name(node)))
        variable = getattr(node, "variable", None)
        if variable is None:
            return self.nodes.get((id(node), private.node_name(node)))
        tensor = self._tensors.get(variable)
        return None if tensor is None else self.nodes.accumulate_of(tensor)

    def add(self, root: Any, origin: Origin) -> tuple[NodeId, ...]:
        """Record every unknown node from ``root`` on; the ids of the new ones in order of making."""
        return self._record(self._walk(root, stop_at_known=True).new, origin)

    def reach(self, roots: list[Any], origin: Origin) -> tuple[list[Any], tuple[NodeId, ...]]:
        """All nodes reachable from the roots, recorded: (node objects, the ids of the new ones)."""
        reached: dict[int, Any] = {}
        new: list[Any] = []
        for root in roots:
            walk = self._walk(root, stop_at_known=False, seen=reached)
            new.extend(walk.new)
        made = self._record(new, origin)
        return [node for node in reached.values() if self.id_of(node) is not None], made

    def _walk(self, root: Any, stop_at_known: bool, seen: dict[int, Any] | None = None) -> Walk:
        seen = {} if seen is None else seen
        new: list[Any] = []
        stack = [root]
        while stack:
            node = stack.pop()
            if node is None or id(node) in seen:
                continue
            known = self.id_of(node) is not None
            if known and stop_at_known:
                continue
            seen[id(node)] = node
            if not known:
                new.append(node)
            stack.extend(child for child, _ in reversed(node.next_functions))
        return Walk(new, list(seen.values()))

    def _record(self, new: list[Any], origin: Origin) -> tuple[NodeId, ...]:
        room = self._limits.nodes - self._outbox.n("nodes")
        if len(new) > room:
            self._outbox.leave_out(Omission(what="nodes", limit=self._limits.nodes, line=origin.line))
            new = sorted(new, key=_made_at)[: max(room, 0)]
        return tuple(self._record_one(node, origin) for node in sorted(new, key=_made_at))

    def _record_one(self, node: Any, origin: Origin) -> NodeId:
        variable = getattr(node, "variable", None) if private.node_sequence_nr(node) is None else None
        leaf = None
        if isinstance(variable, torch.Tensor):
            leaf = self._tensors.get(variable)
            if leaf is None:
                leaf = self._tensors.add(variable, line=None)
        self.was_packed |= private.saved_tensors_hooks_active()
        found = [] if private.saved_tensors_hooks_active() else list(_saved_of(node))
        tensors = [one for one in found if isinstance(one.content, torch.Tensor)]
        record = NodeRecord(
            name=private.node_name(node),
            sequence_nr=private.node_sequence_nr(node),
            next_functions=tuple(Edge(None if n is None else self.id_of(n), nr) for n, nr in node.next_functions),
            saved=tuple(self._saved(one.role, one.content) for one in tensors),
            attributes=tuple(
                (one.role, repr(private.plain(one.content))[:MAX_ATTRIBUTE])
                for one in found
                if one.content is not None and not isinstance(one.content, torch.Tensor)
            ),
            call=None if leaf is not None else origin.call,
            line=None if leaf is not None else origin.line,
            scope=origin.scope,
            frame=origin.frame,
            variable=leaf,
            output_shapes=private.output_shapes(node),
            is_custom=private.is_custom(node),
            run=origin.run,
        )
        number = self._outbox.node(record)
        for one in tensors:
            use = Use(number, one.role, one.attribute, one.position)
            self._watch.save(use, one.content, self._tensors.get_saved(one.content))
        if leaf is not None:
            self.nodes.put_accumulate(leaf, number)
        else:
            self.nodes.put(_key(node), number)
        return number

    def _saved(self, role: str, tensor: torch.Tensor) -> Saved:
        return Saved(
            role=role,
            version=private.version(tensor),
            tensor=self._tensors.get_saved(tensor),
            value=self._preview(tensor),
            storage=self._storages.id_of(tensor),
        )


def _key(node: Any) -> NodeKey:
    number = private.node_sequence_nr(node)
    return (id(node) if number is None else number, private.node_name(node))


def _made_at(node: Any) -> tuple[bool, int]:
    number = private.node_sequence_nr(node)
    return (False, 0) if number is None else (True, number)


@dataclass(frozen=True)
class _Kept:
    """One thing a node saved: where it keeps it, and what it is."""

    role: str
    attribute: str
    position: int | None
    content: Any


def _saved_of(node: Any) -> Iterator[_Kept]:
    """Everything the node saved that can be read now."""
    if private.is_custom(node):
        yield from _flat("saved", "saved_tensors", _read(node, "saved_tensors"))
        return
    for name in private.saved_names(type(node)):
        yield from _flat(name.removeprefix("_saved_"), name, _read(node, name))


def _read(node: Any, name: str) -> Any:
    try:
        return getattr(node, name)
    except (RuntimeError, ValueError, TypeError):
        return None  # freed, or changed in place since: torch refuses to show it


def _flat(role: str, attribute: str, content: Any) -> Iterator[_Kept]:
    if isinstance(content, (tuple, list)) and any(isinstance(c, torch.Tensor) for c in content):
        for i, part in enumerate(content[:MAX_SAVED]):
            yield _Kept(f"{role}_{i}", attribute, i, part)
    else:
        yield _Kept(role, attribute, None, content)
