"""Graphs of one program that look alike: what a loop without backward leaves, one a round.

They hang together by leaves at most, so any of them can be put into one vertex without making a cycle.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.contract.trace import Trace

MANY = 8  # of one look, before the earlier ones are put together


def earlier_twins(trace: Trace, nodes: Sequence[int]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """(How many, their nodes) of the graphs that are followed by one that looks the same, where there are many.

    ``nodes``: ids, ascending, without leaves. Linear in them.
    """
    alike: dict[tuple[object, ...], list[list[int]]] = {}
    for graph in _graphs(trace, nodes):
        look = tuple((trace.nodes[node].name, trace.nodes[node].line, trace.nodes[node].scope) for node in graph)
        alike.setdefault(look, []).append(graph)
    return tuple(
        (len(family) - 1, tuple(sorted(node for graph in family[:-1] for node in graph)))
        for family in alike.values()
        if len(family) > MANY
    )


def _graphs(trace: Trace, nodes: Sequence[int]) -> list[list[int]]:
    """The nodes that edges tie together, in order of making."""
    above = {node: node for node in nodes}

    def top(node: int) -> int:
        while above[node] != node:
            above[node] = node = above[above[node]]
        return node

    for node in nodes:
        for edge in trace.nodes[node].next_functions:
            if edge.node is not None and edge.node in above:
                above[top(node)] = top(edge.node)
    graphs: dict[int, list[int]] = {}
    for node in nodes:
        graphs.setdefault(top(node), []).append(node)
    return list(graphs.values())
