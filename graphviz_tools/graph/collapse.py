"""A graph too large to read, put together into at most some hundred parts.

NOTE [Choosing]
Partitions of the nodes are tried, those that mean most to a reader first, and the first that fits is
taken: every node for itself; module scopes within each loop round, deepest first; whole rounds; chains
of one-in-one-out nodes; and, always small enough, equal stretches of the smallest of these. All but the
chains are intervals in the order of making, in which edges lead back only, so a partition of an acyclic
graph stays acyclic. Of graphs that look alike only the last is drawn like that, the earlier ones are one
part (:mod:`graphviz_tools.graph.twins`). All of it is linear; layout is not, so this always comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, takewhile
from typing import Literal

from engine.contract.trace import Trace
from graphviz_tools.graph.loop_rounds import Round, rounds
from graphviz_tools.graph.twins import earlier_twins

MAX_VERTICES = 300
MAX_TWINS = 60  # vertices up to which graphs that look alike are all drawn
N_STRETCHES = 12  # of a graph that nothing else makes small: few enough to read
N_PIECES = 8  # of one very long chain, so that its progress can be seen
MIN_PIECE = 20
MOST_DEPTHS = 32  # at which paths of modules are cut

PartKind = Literal["node", "chain", "scope", "round", "twins", "stretch"]


@dataclass(frozen=True)
class Part:
    """Nodes drawn as one vertex, in order of making. ``scope`` and ``rounds`` tell what they have in common."""

    kind: PartKind
    nodes: tuple[int, ...]
    scope: tuple[str, ...] = ()
    rounds: tuple[int, ...] = ()  # numbers of the first and last round, of a loop
    lines: tuple[int, int] | None = None
    n_graphs: int = 1  # of twins


Count = Callable[[Sequence[Part]], int]


def singles(nodes: Sequence[int]) -> tuple[Part, ...]:
    return tuple(Part("node", (node,)) for node in nodes)


def choose(trace: Trace, nodes: Sequence[int], count: Count, most: int = MAX_VERTICES) -> tuple[Part, ...]:
    """The finest partition of ``nodes`` (ids, ascending) that draws at most ``most`` vertices by ``count``."""
    every = singles(nodes)
    if count(every) <= min(most, MAX_TWINS):
        return every
    twins = tuple(_twins(trace, n, graphs) for n, graphs in earlier_twins(trace, nodes))
    inside = {node for part in twins for node in part.nodes}
    rest = [node for node in nodes if node not in inside]
    tried: list[tuple[Part, ...]] = []
    for partition in _partitions(trace, rest):
        if count((*twins, *partition)) <= most:
            return (*twins, *partition)
        tried.append((*twins, *partition))
    return stretches(trace, min(tried, key=len), N_STRETCHES)


def _twins(trace: Trace, n_graphs: int, nodes: tuple[int, ...]) -> Part:
    return Part("twins", nodes, lines=_lines(trace, nodes), n_graphs=n_graphs)


def _partitions(trace: Trace, nodes: Sequence[int]) -> Iterator[tuple[Part, ...]]:
    yield singles(nodes)
    found = rounds(trace)
    by_round = _round_of(found)
    for depth in _depths([trace.nodes[node].scope for node in nodes]):
        yield scopes(trace, nodes, depth, by_round)
    if found:
        yield scopes(trace, nodes, 0, by_round)
    yield chains(trace, nodes)


def _depths(paths: Sequence[tuple[str, ...]]) -> list[int]:
    """The depths at which paths of neighbours, cut there, begin to differ, deepest first: between them nothing does."""
    shared = {n_shared(*pair) for pair in pairwise(paths)}
    deepest = max(map(len, paths), default=0)
    return sorted({deepest, *shared} - {0}, reverse=True)[:MOST_DEPTHS]


def n_shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many names two paths begin with in common.

    >>> n_shared(("net", "0", "attn"), ("net", "0")), n_shared(("a",), ("b",))
    (2, 0)
    """
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other)))


def chains(trace: Trace, nodes: Sequence[int]) -> tuple[Part, ...]:
    """Maximal chains: each node but the last leads to the next alone, which is reached by it alone.

    Edges to leaves do not count: a bias belongs to its layer.
    """
    inside = set(nodes)
    children = {
        n: [e.node for e in trace.nodes[n].next_functions if e.node is not None and e.node in inside] for n in nodes
    }
    parents: dict[int, set[int]] = {}
    for node, below in children.items():
        for child in below:
            parents.setdefault(child, set()).add(node)

    def next_of(node: int) -> int | None:
        below = set(children[node])
        child = next(iter(below)) if len(below) == 1 else None
        return child if child is not None and parents[child] == {node} else None

    return tuple(_chain(trace, piece) for links in _linked(nodes, next_of) for piece in _pieces(links))


def _linked(nodes: Sequence[int], next_of: Callable[[int], int | None]) -> Iterator[list[int]]:
    following = {node: next_of(node) for node in nodes}
    has_before = {child for child in following.values() if child is not None}
    for node in nodes:
        if node in has_before:
            continue
        links, at = [node], following[node]
        while at is not None:
            links.append(at)
            at = following[at]
        yield links


def _pieces(links: list[int]) -> Iterator[list[int]]:
    size = max(MIN_PIECE, -(-len(links) // N_PIECES))
    for i in range(0, len(links), size):
        yield links[i : i + size]


def _chain(trace: Trace, links: list[int]) -> Part:
    if len(links) == 1:
        return Part("node", (links[0],))
    return Part("chain", tuple(sorted(links)), lines=_lines(trace, links))


def scopes(trace: Trace, nodes: Sequence[int], depth: int, by_round: dict[int, Round]) -> tuple[Part, ...]:
    """Neighbours in the order of making with the same module path, cut at ``depth``, in the same round."""

    def common(node: int) -> tuple[tuple[str, ...], Round | None, int | None]:
        record = trace.nodes[node]
        round_ = by_round.get(record.call) if record.call is not None else None
        scope = record.scope[:depth]
        return (scope, round_, None) if scope or round_ is not None else (scope, None, node)

    parts = [_scope(trace, tuple(group), key) for key, group in groupby(nodes, common)]
    n_times = Counter(part.scope for part in parts)  # of a scope that runs once, the round says nothing
    return tuple(replace(p, rounds=()) if p.kind == "scope" and n_times[p.scope] == 1 else p for p in parts)


def _scope(trace: Trace, nodes: tuple[int, ...], key: tuple[tuple[str, ...], Round | None, int | None]) -> Part:
    if len(nodes) == 1:
        return Part("node", nodes)
    scope, round_, _single = key
    numbers = (round_.number, round_.number) if round_ is not None else ()
    return Part("scope" if scope else "round", nodes, scope, numbers, _lines(trace, nodes))


def stretches(trace: Trace, parts: Sequence[Part], most: int) -> tuple[Part, ...]:
    """Neighbouring parts put together until at most ``most`` are left."""
    size = -(-len(parts) // max(most, 1))
    ordered = sorted(parts, key=lambda part: part.nodes[0])
    return tuple(_stretch(trace, ordered[i : i + size]) for i in range(0, len(ordered), size))


def _stretch(trace: Trace, parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    nodes = tuple(sorted(node for part in parts for node in part.nodes))
    numbers = [number for part in parts for number in part.rounds]
    span = (numbers[0], numbers[-1]) if all(part.rounds for part in parts) and numbers[0] <= numbers[-1] else ()
    return Part("stretch", nodes, rounds=span, lines=_lines(trace, nodes))


def _lines(trace: Trace, nodes: Sequence[int]) -> tuple[int, int] | None:
    lines = [line for node in nodes if (line := trace.nodes[node].line) is not None]
    return (min(lines), max(lines)) if lines else None


def _round_of(found: Sequence[Round]) -> dict[int, Round]:
    return {call: round_ for round_ in found for call in round_.calls}
