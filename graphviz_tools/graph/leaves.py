"""Where leaves are drawn: a weight used in many places would pull every arrow through the picture.

Dot takes minutes over such hubs. A leaf with many uses is drawn once at each of them, marked as the
same leaf; in a collapsed graph with hundreds of uses, once only, with the number of its uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.contract.trace import Trace
from graphviz_tools.graph.collapse import Part

MAX_SHARED = 3  # parts that may point to one drawing of a leaf
SMALL = 60  # vertices up to which a leaf of few uses is drawn once


@dataclass(frozen=True)
class LeafPlace:
    """One drawing of a leaf: the parts (positions) whose arrows end there."""

    node: int  # the AccumulateGrad
    users: tuple[int, ...]
    nth: int = 0
    n_places: int = 1
    n_unseen: int = 0  # users without an arrow, in a collapsed graph


def users(trace: Trace, parts: Sequence[Part]) -> dict[int, list[int]]:
    """AccumulateGrad node -> positions of the parts that lead to it, in the order of making."""
    found: dict[int, dict[int, None]] = {}
    order = sorted(range(len(parts)), key=lambda p: parts[p].nodes[0])
    for position in order:
        for node in parts[position].nodes:
            for edge in trace.nodes[node].next_functions:
                if edge.node is not None and is_leaf_node(trace, edge.node):
                    found.setdefault(edge.node, {}).setdefault(position)
    return {node: list(by) for node, by in sorted(found.items())}


def is_leaf_node(trace: Trace, node: int) -> bool:
    """Whether the node is an AccumulateGrad, which its leaf stands for."""
    return trace.nodes[node].variable is not None or trace.nodes[node].name == "AccumulateGrad"


def places(by_leaf: dict[int, list[int]], n_parts: int, *, is_collapsed: bool) -> tuple[LeafPlace, ...]:
    """Every drawing of every leaf. A collapsed graph of many parts shows each much used leaf once."""
    n_uses = sum(map(len, by_leaf.values()))
    is_small = n_parts + len(by_leaf) <= SMALL
    is_crowded = is_collapsed and n_parts + n_uses > SMALL
    found: list[LeafPlace] = []
    for node, positions in by_leaf.items():
        if len(positions) <= (MAX_SHARED if is_small or is_crowded else 1):
            found.append(LeafPlace(node, tuple(positions)))
        elif is_crowded:
            found.append(LeafPlace(node, (positions[0],), n_unseen=len(positions) - 1))
        else:
            n = len(positions)
            found.extend(LeafPlace(node, (position,), nth, n) for nth, position in enumerate(positions))
    return tuple(found)


def absorbed(by_leaf: dict[int, list[int]], parts: Sequence[Part]) -> dict[int, int]:
    """Leaf -> position of the group it is drawn inside of: in a large graph, the only part that uses it."""
    if len(parts) + len(by_leaf) <= SMALL:
        return {}
    alone = {node: positions[0] for node, positions in by_leaf.items() if len(positions) == 1}
    return {node: position for node, position in alone.items() if parts[position].kind != "node"}


def n_vertices(trace: Trace, parts: Sequence[Part], n_roots: int = 0) -> int:
    """How many vertices a partition draws, leaves split wherever that is wanted."""
    is_collapsed = any(part.kind != "node" for part in parts)
    n_parts, by_leaf = len(parts) + n_roots, users(trace, parts)
    inside = absorbed(by_leaf, parts)
    outside = {node: positions for node, positions in by_leaf.items() if node not in inside}
    return n_parts + len(places(outside, n_parts, is_collapsed=is_collapsed))
