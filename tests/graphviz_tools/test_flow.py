"""The size of the gradient that went along each arrow."""

from __future__ import annotations

import pytest

from engine.contract.trace import Stats, Trace, Value
from engine.reading.index import index_of
from engine.text.language import N_
from graphviz_tools.graph.diagram import Flow
from graphviz_tools.graph.views.flow import flow, flow_of, worst
from graphviz_tools.render.dot import dot_of
from tests.graphviz_tools import traces
from tests.graphviz_tools.traces import value


def flows(trace: Trace) -> dict[str, str]:
    return {arrow.id: arrow.flow.text for arrow in flow(index_of(trace), N_, 0).arrows if arrow.flow is not None}


def test_each_arrow_of_c1_has_the_norm_that_went_along_it() -> None:
    assert flows(traces.c1()) == {"a-t3": "1", "a-3-0": "1.414", "a-2-0": "6.403", "a-2-1": "3.606"}


def test_two_edges_to_one_leaf_are_two_numbers() -> None:
    assert flows(traces.square()) == {"a-t1": "1", "a-1-0": "3", "a-1-1": "3"}


def test_edges_behind_a_failure_have_not_been_reached() -> None:
    assert flows(traces.mutated("detach")) == {
        "a-t3": "1",
        "a-3-0": "0.5774",
        "a-2-0": "·",
        "a-2-1": "·",
        "a-1-0": "·",
    }
    assert flows(traces.mutated("data")) | {"a-2-0": "0", "a-2-1": "0", "a-1-0": "0"} == flows(traces.mutated("data"))


def test_saved_tensors_are_left_out_and_cuts_stay() -> None:
    diagram = flow(index_of(traces.mutated("data")), N_, 0)
    assert {vertex.kind for vertex in diagram.vertices} <= {"root", "node", "leaf", "cut"}
    assert all(arrow.kind != "saved" for arrow in diagram.arrows)


@pytest.mark.parametrize(
    ("gradient", "expected"),
    [
        (None, Flow("none", "None")),
        (value(0, 0), Flow("zero", "0")),
        (value(3, 4), Flow("value", "5", 0.744)),
        (value(1e-9), Flow("value", "1e-9", 0.0)),
        (Value((2,), "float32", ("nan", 1.0), ((0, 1),)), Flow("nan", "NaN", 1.0)),
        (Value((2,), "float32", ("inf", 1.0), ((0, 1),)), Flow("nan", "∞", 1.0)),
        (Value((9,), "float32", (), (), False, unavailable="meta tensor"), Flow("unknown", "?")),
        (Value((99,), "float32", (1.0,), ((0,),), False, Stats(0, 1, 0.1, 1000.0)), Flow("value", "1000", 1.0)),
    ],
)
def test_what_flows_looks_different_from_what_does_not(gradient: Value | None, expected: Flow) -> None:
    assert flow_of(gradient) == expected


def test_an_arrow_of_several_edges_shows_the_worst() -> None:
    small, large, zero, none = flow_of(value(1e-3)), flow_of(value(5)), flow_of(value(0)), flow_of(None)
    assert worst([none, small, zero, large]) == large
    assert worst([none, zero]) == zero
    assert worst([large, flow_of(Value((), "float32", ("nan",)))]).text == "NaN"
    assert worst([]) == Flow("pending", "·")


def test_a_collapsed_graph_has_a_flow_on_every_arrow() -> None:
    assert set(flows(traces.chain(3000)).values()) == {"1"}


def test_thickness_and_style_are_in_the_dot_text_of_a_theme_only() -> None:
    diagram = flow(index_of(traces.mutated("data")), N_, 0)
    text = dot_of(diagram, "light")
    zero = next(line for line in text.splitlines() if 'id="a-1-0"' in line or "id=a-1-0" in line)
    assert "style=dashed" in zero and "penwidth=1.20" in zero
    strong = next(line for line in text.splitlines() if "a-t3" in line)
    assert "penwidth=5.20" in strong and "style=solid" in strong
    assert "penwidth" not in dot_of(diagram)
