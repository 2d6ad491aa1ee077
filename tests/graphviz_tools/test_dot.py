"""DOT text: deterministic, and safe whatever a program calls its things."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.text.language import N_
from graphviz_tools.graph.diagram import Arrow, Cluster, Diagram, Vertex
from graphviz_tools.picture import dot_text
from graphviz_tools.render.dot import dot_of, text_width
from graphviz_tools.render.layout import Layout
from tests.graphviz_tools import traces

GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"
ODD = [
    '"quoted"',
    "back\\slash\\n",
    "<script>alert(1)</script>",
    "<b>bold</b>",
    "中文变量",
    "🔥 emoji",
    "a|b{c}",
    "%d \\N \\G",
]


@pytest.fixture(scope="module")
def layout():
    child = Layout()
    yield child
    child.close()


@pytest.mark.parametrize(
    ("name", "trace"), [("c1", traces.c1()), ("square", traces.square()), ("detach", traces.mutated("detach"))]
)
@pytest.mark.parametrize("view", ["backward", "combined"])
def test_the_dot_text_of_a_lesson_is_the_golden_one(name: str, trace, view) -> None:
    expected = (GOLDEN / f"{name}-{view}.dot").read_text(encoding="utf-8")
    assert dot_text(trace, view=view, _=N_) == expected


def test_the_same_trace_gives_the_same_text() -> None:
    assert dot_text(traces.recurrent(90), _=N_) == dot_text(traces.recurrent(90), _=N_)


@pytest.mark.parametrize("text", ODD)
def test_odd_names_are_text_and_nothing_else(text: str, layout: Layout) -> None:
    vertex = Vertex("v-t0", "leaf", (text, "(2,)"), "title", has_badge=True)
    svg = ElementTree.fromstring(layout.svg(dot_of(Diagram((vertex,), ()))))
    assert [t.text for t in svg.iter(f"{SVG}text")] == [text, "(2,)", "·"]
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} <= {"svg", "g", "title", "text", "path", "polygon"}


def test_ids_and_kinds_come_out_as_svg_ids_and_classes(layout: Layout) -> None:
    svg = ElementTree.fromstring(layout.svg(dot_text(traces.c1(), _=N_, theme=None)))
    groups = {g.get("id"): (g.get("class") or "").split() for g in svg.iter(f"{SVG}g")}
    assert groups["v-t0"] == ["node", "vertex", "kind-leaf"]
    assert groups["a-3-0"] == ["edge", "arrow", "kind-gradient"]
    assert {"v-t3", "v-n2", "v-n3", "v-t1", "v-s2-0", "s-2-0", "a-t3", "a-2-0", "a-2-1"} <= set(groups)


def test_clusters_carry_module_paths_of_any_spelling(layout: Layout) -> None:
    vertex = Vertex("v-n1", "node", ("multiply",), "title")
    diagram = Diagram((vertex,), (), (Cluster("k-<m>", 'net."0"', ("v-n1",)),))
    svg = ElementTree.fromstring(layout.svg(dot_of(diagram)))
    assert 'net."0"' in [t.text for t in svg.iter(f"{SVG}text")]


def test_gradients_flow_down_where_the_picture_grows_up() -> None:
    pair = (Vertex("v-n1", "node", ("a",), ""), Vertex("v-n0", "leaf", ("b",), ""))
    text = dot_of(Diagram(pair, (Arrow("a-1-0", "v-n1", "v-n0"),), grows_up=True))
    assert '"v-n0" -> "v-n1"' in text
    assert "dir=back" in text


def test_room_is_kept_for_the_longest_badge() -> None:
    vertex = Vertex("v-t0", "leaf", ("x",), "", has_badge=True)
    narrow, broad = (dot_of(Diagram((vertex,), ()), room={"v-t0": n}) for n in (4, 20))
    assert narrow != broad


def test_chinese_text_is_given_its_width() -> None:
    assert text_width("变量") > text_width("ab")
