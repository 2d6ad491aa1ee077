"""What is drawn for small traces."""

from __future__ import annotations

import pytest
from msgspec import structs
from msgspec.structs import replace

from engine.contract.trace import TensorRecord
from engine.reading.index import index_of
from engine.text.language import N_
from graphviz_tools.graph.diagram import Diagram
from graphviz_tools.picture import diagram_of
from tests.graphviz_tools import traces


def backward(trace) -> Diagram:
    return diagram_of(index_of(trace), N_)


def lines(diagram: Diagram) -> dict[str, tuple[str, ...]]:
    return {vertex.id: vertex.lines for vertex in diagram.vertices}


def ends(diagram: Diagram, kind: str = "gradient") -> dict[str, tuple[str, str]]:
    return {arrow.id: (arrow.source, arrow.target) for arrow in diagram.arrows if arrow.kind == kind}


def test_c1_has_root_nodes_leaves_and_what_is_saved() -> None:
    diagram = backward(traces.c1())
    assert lines(diagram) == {
        "v-t3": ("loss", "23"),
        "v-n2": ("z = multiply", "MulBackward0"),
        "v-n3": ("sum", "SumBackward0"),
        "v-t0": ("x", "(2,)"),
        "v-t1": ("y", "(2,)"),
        "v-s2-0": ("other = y", "version 0"),
        "v-s2-1": ("self = x", "version 0"),
    }
    assert ends(diagram) == {
        "a-t3": ("v-t3", "v-n3"),
        "a-2-0": ("v-n2", "v-t0"),
        "a-2-1": ("v-n2", "v-t1"),
        "a-3-0": ("v-n3", "v-n2"),
    }


def test_both_edges_of_a_square_are_drawn() -> None:
    diagram = backward(traces.square())
    assert ends(diagram)["a-1-0"] == ends(diagram)["a-1-1"] == ("v-n1", "v-t0")


def test_a_tensor_saved_in_two_roles_is_one_note() -> None:
    assert lines(backward(traces.square()))["v-s1-0"] == ("other, self = x", "version 0")


def test_accumulate_grad_is_no_box_of_its_own() -> None:
    diagram = backward(traces.c1())
    assert [vertex.nodes for vertex in diagram.vertices if vertex.kind == "leaf"] == [(0,), (1,)]
    assert not any("AccumulateGrad" in line for vertex in diagram.vertices for line in vertex.lines)


def test_scissors_stand_where_detach_cut_the_graph() -> None:
    diagram = backward(traces.mutated("detach"))
    assert lines(diagram)["v-x4"] == ("✂ b_", "detach(), line 5")
    assert ends(diagram, "cut") == {"x-4": ("v-x4", "v-n1")}


def test_data_is_cut_by_its_own_name() -> None:
    assert lines(backward(traces.mutated("data")))["v-x4"] == ("✂ b_", ".data, line 5")


def test_a_leaf_without_a_name_is_called_by_what_made_it_else_by_its_shape() -> None:
    trace = traces.c1()
    for call, text in ((0, "tensor(...)"), (None, "unnamed (2,)")):
        unnamed = TensorRecord((2,), "float32", "cpu", call=call)
        diagram = backward(traces.trace("", **{**tables(trace), "tensors": (unnamed, *trace.tensors[1:])}))
        assert lines(diagram)["v-t0"] == (text, "(2,)")


def test_a_result_that_no_backward_started_from_is_no_root() -> None:
    trace = traces.c1()
    kinds = [
        {vertex.id: vertex.kind for vertex in backward(structs.replace(trace, runs=runs, steps=())).vertices}
        for runs in (trace.runs, ())
    ]
    result = f"v-t{trace.runs[0].roots[0].tensor}"
    assert [by_id[result] for by_id in kinds] == ["root", "tensor"]


def tables(trace) -> dict:
    return {name: getattr(trace, name) for name in ("tensors", "nodes", "calls", "runs", "steps", "storages")}


@pytest.mark.parametrize("view", ["backward", "combined"])
def test_a_long_name_is_shortened_in_its_box_and_whole_in_its_title(view) -> None:
    trace, name = traces.c1(), "model.blocks.0.attention.in_projection.weight"
    tensors = (replace(trace.tensors[0], name=name), *trace.tensors[1:])
    diagram = diagram_of(index_of(traces.trace("", **{**tables(trace), "tensors": tensors})), N_, view)
    drawn = next(vertex for vertex in diagram.vertices if vertex.kind == "leaf" and vertex.tensor == 0)
    assert drawn.lines[0] == "model.bl…projection.weight"
    assert drawn.title == f"{name}, leaf, shape (2,)"


def test_a_leaf_with_many_uses_is_drawn_at_each_and_marked() -> None:
    diagram = backward(traces.recurrent(6))
    weights = [vertex for vertex in diagram.vertices if vertex.tensor == 0]
    assert [w.lines for w in weights[:2]] == [("≡ W", "(1,)"), ("≡ W", "same W")]
    assert len(weights) == 6
    assert weights[0].same_as == tuple(w.id for w in weights[1:])


def test_the_combined_view_has_the_calls_behind_their_nodes() -> None:
    diagram = diagram_of(index_of(traces.c1()), N_, "combined")
    assert lines(diagram)["v-c2"] == ("mul", "line 3")
    assert ends(diagram, "same") == {"m-2-2": ("v-c2", "v-n2"), "m-3-3": ("v-c3", "v-n3")}
    assert ends(diagram, "call")["c-2-0"] == ("v-t0", "v-c2")
    assert ends(diagram)["a-2-0"] == ("v-n2", "v-t0")


def test_a_program_too_large_for_the_combined_view_says_that_it_is_not() -> None:
    diagram = diagram_of(index_of(traces.recurrent(60)), N_, "combined")
    assert diagram.notices[0].startswith("With its calls this program is too large")
    assert not any(vertex.kind == "call" for vertex in diagram.vertices)


def test_a_named_result_of_no_grad_is_cut_off_its_source() -> None:
    trace = traces.c1()
    off = traces.call("pow", 5, (0, "2"), 4, None, traces.value(4, 9), grad_enabled=False)
    more = {**tables(trace), "tensors": (*trace.tensors, traces.made("y2", 4)), "calls": (*trace.calls, off)}
    diagram = backward(traces.trace("", **more))
    assert lines(diagram)["v-x4"] == ("✂ y2", "no_grad(), line 5")
    assert ends(diagram, "cut") == {"x-4": ("v-x4", "v-t0")}
