"""What is different between the autograd graphs of two runs: a program that fails beside its cure.

NOTE [Which node is which]
Nodes of two runs have no common name. Leaves are paired by the name of their variable, equal names in the order
of making. The other nodes are read in the order of making, like the lines of two texts: a run of nodes with the
same type and the same variable for their result is the same in both; between such runs, nodes of the same type
are paired in order. What stays without a partner exists in one graph only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from engine.contract.trace import NodeRanStep, NodeRecord, Trace, Value
from engine.reading.index import index_of
from graphviz_tools.graph.leaves import is_leaf_node

Aspect = Literal["edges", "shape", "attributes", "saved", "fate", "gradient"]
Fate = Literal["not run", "ran", "failed"]


@dataclass(frozen=True)
class Pair:
    """The same node in both graphs. ``differs`` empty: nothing about it changed."""

    before: int
    after: int
    differs: tuple[Aspect, ...] = ()


@dataclass(frozen=True)
class GraphDiff:
    """Two graphs compared. Nodes are ids of their own trace, in the order of making."""

    pairs: tuple[Pair, ...] = ()
    only_before: tuple[int, ...] = ()
    only_after: tuple[int, ...] = ()

    @property
    def changed(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.differs)

    @property
    def has_same_shape(self) -> bool:
        """The same nodes with the same edges; what they did may differ."""
        return not (self.only_before or self.only_after or any("edges" in pair.differs for pair in self.pairs))


def graph_diff(before: Trace, after: Trace) -> GraphDiff:
    """Compare the graphs of all runs. ``edges``: another node behind an edge, the partners taken for the same.
    ``fate``: failed, ran or was never asked. ``gradient``: of a leaf only, what ``.grad`` is at the end."""
    partners = dict(sorted({**_leaf_partners(before, after), **_inner_partners(before, after)}.items()))
    taken = set(partners.values())
    fates = (fates_of(before), fates_of(after))
    return GraphDiff(
        tuple(Pair(a, b, tuple(_differences(before, after, a, b, partners, fates))) for a, b in partners.items()),
        tuple(node for node in range(len(before.nodes)) if node not in partners),
        tuple(node for node in range(len(after.nodes)) if node not in taken),
    )


def fates_of(trace: Trace) -> tuple[Fate, ...]:
    """For each node what became of it: the node an exception came from has failed, even if it ran before."""
    fates: list[Fate] = ["not run"] * len(trace.nodes)
    for step in trace.steps:
        if isinstance(step, NodeRanStep):
            fates[step.node] = "ran"
    if trace.failure is not None and trace.failure.node is not None:
        fates[trace.failure.node] = "failed"
    return tuple(fates)


def final_grad(trace: Trace, node: int) -> Value | None:
    """``.grad`` at the end of the program, of the leaf this AccumulateGrad belongs to."""
    variable = trace.nodes[node].variable
    return next((leaf.grad for leaf in trace.leaves if variable is not None and leaf.tensor == variable), None)


def _leaf_partners(before: Trace, after: Trace) -> dict[int, int]:
    theirs: dict[object, list[int]] = defaultdict(list)
    for node in _leaves(after):
        theirs[_leaf_key(after, node)].append(node)
    found: dict[int, int] = {}
    for node in _leaves(before):
        same = theirs[_leaf_key(before, node)]
        if same:
            found[node] = same.pop(0)
    return found


def _leaves(trace: Trace) -> list[int]:
    return [node for node in range(len(trace.nodes)) if is_leaf_node(trace, node)]


def _leaf_key(trace: Trace, node: int) -> Hashable:
    record = trace.nodes[node]
    name = trace.tensors[record.variable].name if record.variable is not None else None
    return name or record.output_shapes


def _inner_partners(before: Trace, after: Trace) -> dict[int, int]:
    old, new = ([n for n in range(len(t.nodes)) if not is_leaf_node(t, n)] for t in (before, after))
    old_keys, new_keys = _result_keys(before, old), _result_keys(after, new)
    found: dict[int, int] = {}
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes():
        if tag == "equal":
            found |= dict(zip(old[i:i_end], new[j:j_end]))
        else:
            found |= dict(_by_type(before, after, old[i:i_end], new[j:j_end]))
    return found


def _result_keys(trace: Trace, nodes: Sequence[int]) -> list[Hashable]:
    """For each node its type and the variables that its results were bound to."""
    outputs = index_of(trace).outputs
    names = ((trace.tensors[state.tensor].name for state in outputs.get(node, ())) for node in nodes)
    return [(trace.nodes[node].name, *own) for node, own in zip(nodes, names)]


def _by_type(before: Trace, after: Trace, old: Sequence[int], new: Sequence[int]) -> Iterator[tuple[int, int]]:
    types = [before.nodes[node].name for node in old], [after.nodes[node].name for node in new]
    for i, j, size in SequenceMatcher(None, *types, autojunk=False).get_matching_blocks():
        yield from zip(old[i : i + size], new[j : j + size])


def _differences(
    before: Trace, after: Trace, a: int, b: int, partners: dict[int, int], fates: tuple[tuple[Fate, ...], ...]
) -> Iterator[Aspect]:
    old, new = before.nodes[a], after.nodes[b]
    behind = [None if e.node is None else (partners.get(e.node), e.input_nr) for e in old.next_functions]
    if behind != [None if e.node is None else (e.node, e.input_nr) for e in new.next_functions]:
        yield "edges"
    if old.output_shapes != new.output_shapes:
        yield "shape"
    if old.attributes != new.attributes:
        yield "attributes"
    if _kept(old) != _kept(new):
        yield "saved"
    if fates[0][a] != fates[1][b]:
        yield "fate"
    if is_leaf_node(before, a) and repr(final_grad(before, a)) != repr(final_grad(after, b)):  # repr: NaN equals NaN
        yield "gradient"


def _kept(node: NodeRecord) -> list[str]:
    return [saved.role for saved in node.saved]
