"""Two graphs compared: which nodes have no partner, and what became different about the others."""

from __future__ import annotations

import msgspec

from engine.contract.trace import Edge, Leaf, NodeRecord, Saved, Trace
from engine.text.language import N_
from graphviz_tools.compare.graph_diff import GraphDiff, Pair, fates_of, graph_diff
from graphviz_tools.compare.graph_pair import Difference, GraphPair, graph_pair
from graphviz_tools.render.layout import Layout, LayoutError
from tests.graphviz_tools import traces
from tests.graphviz_tools.traces import value


class NoLayout(Layout):
    """Lays out nothing: the DOT text is the picture."""

    def svg(self, dot: str) -> str:
        return dot


class Broken(Layout):
    def svg(self, dot: str) -> str:
        raise LayoutError("no.")


def pair(before: Trace, after: Trace) -> GraphPair:
    return graph_pair(before, after, NoLayout(), N_)


def with_node(trace: Trace, number: int, **changes) -> Trace:
    nodes = list(trace.nodes)
    nodes[number] = msgspec.structs.replace(nodes[number], **changes)
    return msgspec.structs.replace(trace, nodes=tuple(nodes))


def doubled(trace: Trace) -> Trace:
    """c1 with a node between product and sum: x * y * 2."""
    extra = NodeRecord("MulBackward0", 2, (Edge(2), Edge(None)), line=3, output_shapes=((2,),))
    nodes = (*trace.nodes[:3], extra, msgspec.structs.replace(trace.nodes[3], next_functions=(Edge(3),)))
    calls = list(trace.calls)
    last = calls[3]
    outputs = tuple(msgspec.structs.replace(state, node=4) for state in last.outputs)
    calls[3] = msgspec.structs.replace(last, outputs=outputs, nodes=(4,))
    return msgspec.structs.replace(trace, nodes=nodes, calls=tuple(calls), steps=trace.steps[:4], runs=())


def test_a_graph_beside_itself_has_no_difference():
    diff = graph_diff(traces.c1(), traces.c1())
    assert diff == GraphDiff(tuple(Pair(n, n) for n in range(4)))
    assert diff.changed == () and diff.has_same_shape


def test_a_node_that_was_put_between_two_others_exists_in_one_graph_only():
    before = msgspec.structs.replace(traces.c1(), steps=traces.c1().steps[:4], runs=())
    diff = graph_diff(before, doubled(traces.c1()))
    assert (diff.only_before, diff.only_after) == ((), (3,))
    assert {(p.before, p.after): p.differs for p in diff.pairs} == {
        (0, 0): (),
        (1, 1): (),
        (2, 2): (),
        (3, 4): ("edges",),
    }
    assert not diff.has_same_shape


def test_the_same_the_other_way_round_takes_the_node_away():
    before = msgspec.structs.replace(traces.c1(), steps=traces.c1().steps[:4], runs=())
    diff = graph_diff(doubled(traces.c1()), before)
    assert (diff.only_before, diff.only_after) == ((3,), ())


def test_the_node_that_failed_and_those_never_asked_have_another_fate():
    diff = graph_diff(traces.mutated("detach"), traces.mutated("data"))
    assert fates_of(traces.mutated("detach")) == ("not run", "not run", "failed", "ran")
    assert {pair.before: pair.differs for pair in diff.changed} == {0: ("fate",), 1: ("fate",), 2: ("fate",)}
    assert diff.has_same_shape


def test_another_gradient_at_the_end_is_told_of_the_leaf_alone():
    wrong = msgspec.structs.replace(traces.c1(), leaves=(Leaf("x", 0, (2,), "float32", grad=value(0, 0)),))
    right = msgspec.structs.replace(traces.c1(), leaves=(Leaf("x", 0, (2,), "float32", grad=value(4, 5)),))
    assert graph_diff(wrong, right).changed == (Pair(0, 0, ("gradient",)),)


def test_a_gradient_that_is_nan_in_both_is_no_difference():
    nan = msgspec.structs.replace(traces.c1(), leaves=(Leaf("x", 0, (2,), "float32", grad=value(float("nan"), 1)),))
    again = msgspec.structs.replace(traces.c1(), leaves=(Leaf("x", 0, (2,), "float32", grad=value(float("nan"), 1)),))
    assert graph_diff(nan, again).changed == ()


def test_shape_attributes_and_what_is_saved_are_compared():
    after = with_node(traces.c1(), 2, output_shapes=((3,),), attributes=(("alpha", "2"),), saved=(Saved("self", 0),))
    assert graph_diff(traces.c1(), after).changed == (Pair(2, 2, ("shape", "attributes", "saved")),)


def test_a_leaf_is_found_by_its_name_wherever_it_comes():
    turned = msgspec.structs.replace(
        traces.c1(),
        tensors=(traces.leaf("y", 0), traces.leaf("x", 1), *traces.c1().tensors[2:]),
    )
    diff = graph_diff(traces.c1(), turned)
    assert {(p.before, p.after) for p in diff.pairs} >= {(0, 1), (1, 0)}
    assert [p.differs for p in diff.pairs if p.before == 2] == [("edges",)]


def test_a_leaf_of_another_name_is_another_leaf():
    other = msgspec.structs.replace(traces.c1(), tensors=(traces.leaf("w", 0), *traces.c1().tensors[1:]))
    diff = graph_diff(traces.c1(), other)
    assert (diff.only_before, diff.only_after) == ((0,), (0,))


def test_an_empty_graph_beside_another_has_nothing_in_common():
    empty = traces.trace("x = 1\n")
    assert graph_diff(empty, traces.c1()) == GraphDiff((), (), (0, 1, 2, 3))
    assert graph_diff(empty, empty) == GraphDiff()


def test_a_loop_with_one_round_more_has_that_round_alone():
    diff = graph_diff(traces.recurrent(2), traces.recurrent(3))
    assert diff.only_before == ()
    assert len(diff.only_after) == 4


def test_the_picture_signs_the_vertices_and_the_list_says_why():
    drawn = pair(traces.mutated("detach"), traces.mutated("data"))
    signs = {name: sign for name, _kind, _title, sign in drawn.before.vertices if sign}
    assert signs == {"v-t0": "changed", "v-n1": "changed", "v-n2": "failed", "v-x4": "gone"}
    texts = [(one.sign, one.text) for one in drawn.differences]
    assert ("failed", "multiply, MulBackward0, line 3: raised an error → ran") in texts
    assert ("gone", "the graph is cut here: ✂ b_, detach(), line 5: only in the first graph") in texts
    assert drawn.has_same_shape


def test_a_root_is_told_from_a_tensor_that_backward_did_not_start_from():
    small = msgspec.structs.replace(traces.c1(), runs=(), steps=traces.c1().steps[:4])
    drawn = pair(small, traces.c1())
    assert Difference("gone", "loss, result, value 23: only in the first graph") in drawn.differences
    assert Difference("new", "loss, root, value 23: only in the second graph") in drawn.differences


def test_gradients_stand_beside_each_other():
    wrong = msgspec.structs.replace(traces.c1(), leaves=(Leaf("x", 0, (2,), "float32"),))
    right = msgspec.structs.replace(traces.c1(), leaves=(Leaf("x", 0, (2,), "float32", grad=value(4, 5)),))
    assert pair(wrong, right).differences == (Difference("changed", "x, leaf, shape (2,): gradient None → [4, 5]"),)


def test_the_same_difference_of_several_nodes_is_said_once():
    texts = [one.text for one in pair(traces.recurrent(2), traces.recurrent(3)).differences]
    assert "matrix product, MmBackward0, line 4: only in the second graph (× 2)" in texts
    assert len(texts) == len(set(texts))


def test_without_a_graph_or_a_layout_the_words_are_there():
    drawn = pair(traces.trace("x = 1\n"), traces.c1())
    assert drawn.before.svg is None and drawn.before.no_picture
    assert drawn.after.svg is not None
    broken = graph_pair(traces.c1(), traces.c1(), Broken(), N_)
    assert broken.before.svg is None and "could not be drawn" in broken.before.no_picture
