"""The page of gradients without a browser, and its figures."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.contract.trace import FailedStep, Failure, Leaf, Trace, Value
from engine.explain.errors.explanation import said
from engine.gradients.content import histogram, matrix
from engine.gradients.table import GradientRow, Size
from engine.referee.why import Reason
from engine.text.language import N_
from graphviz_tools.picture import shared_layout
from pages.ui.desk import services
from pages.ui.desk.lessons import find, lesson_programs, program_of
from pages.ui.desk.results import KnownTraces, Result
from pages.ui.gradients import figures
from pages.ui.gradients.table import chosen, styled
from pages.ui.gradients.words import gradient_text, labels, notes
from tests.graphviz_tools.traces import c1, mutated, value
from tests.pages.runners import HandRunner

SCRIPT = """
import runpy
from pages.ui.desk import state
state.desk()
runpy.run_path("pages/gradients.py")
"""
NAN = Value((2,), "float32", (1.0, "nan"), ((0, 1),))


def every_state() -> tuple[Leaf, ...]:
    """Leaves whose gradients are a number, zero, NaN and None."""
    return (
        Leaf("net.x", 0, (2,), "float32", value(3, 4)),
        Leaf("net.y", 1, (2,), "float32", value(0, 0)),
        Leaf("bad", None, (2,), "float32", NAN),
        Leaf("alone", None, (2,), "float32"),
    )


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Iterator[HandRunner]:
    """A runner that the test drives. Three lessons are recorded already, with traces written by hand."""
    hand, known = HandRunner(), KnownTraces(lesson_programs())
    wrong = Leaf("a", 0, (3,), "float32", value(0, 0, 0), value(6, 1, 1))
    for slug, trace, leaves in (
        ("c1-product", c1(), every_state()),
        ("d5-data", mutated("data"), (wrong,)),
        ("c2-square", Trace(c1().program, "ok"), ()),
    ):
        program = program_of(find(slug))
        known.offer(Result(slug, msgspec.structs.replace(trace, program=program, leaves=leaves)))
    monkeypatch.setattr(services, "runner", lambda: hand)
    monkeypatch.setattr(services, "known_traces", lambda: known)
    monkeypatch.setattr(st, "page_link", lambda *_arguments, **_options: None)  # it needs st.navigation
    yield hand
    shared_layout().close()


def opened(lesson: str = "c1", **parameters: str) -> AppTest:
    test = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in {"lesson": lesson, **parameters}.items():
        test.query_params[name] = text
    return checked(test.run())


def checked(test: AppTest) -> AppTest:
    assert [error.value for error in test.exception] == []
    return test


def part(test: AppTest, name: str) -> AppTest:
    return checked(test.button_group(key="gradient-part").set_value(name).run())


def charts(test: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in test.get("plotly_chart")]


def texts(test: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (test.markdown, test.caption, test.info, test.warning) for one in kind)


# --- the page -------------------------------------------------------------------------------------


def test_the_table_has_every_gradient_with_its_numbers(runner):
    frame = opened().dataframe[0].value
    assert list(frame["Name"]) == ["net.x", "net.y", "bad", "alone"]
    assert list(frame["Gradient"]) == ["[3, 4]", "0 everywhere", "NaN: 1 of 2", "None"]
    assert list(frame["Norm"].fillna(-1)) == [5.0, 0.0, -1, -1]
    assert list(frame["Zeros"].fillna(-1)) == [0.0, 1.0, 0.0, -1]
    assert list(frame["Summed up"]) == [1, 1, 0, 0]
    assert "True gradient" not in frame


def test_the_true_gradient_is_a_column_where_there_is_one(runner):
    test = opened("d5-data")
    frame = test.dataframe[0].value
    assert (list(frame["Gradient"]), list(frame["True gradient"])) == (["0 everywhere"], ["[6, 1, 1]"])
    assert "The true gradient is `[6, 1, 1]`." in texts(test)
    assert "1 other than the true gradient" in texts(test)


def test_filter_and_toggle_leave_what_was_asked_for(runner):
    test = opened()
    checked(test.text_input(key="gradient-filter").set_value("NET").run())
    assert list(test.dataframe[0].value["Name"]) == ["net.x", "net.y"]
    checked(test.toggle(key="gradient-problems").set_value(True).run())
    assert list(test.dataframe[0].value["Name"]) == ["net.y"]
    assert "1 of 4 shown" in texts(test)
    checked(test.text_input(key="gradient-filter").set_value("nothing has this").run())
    assert len(test.dataframe) == 0
    assert "No gradient fits the filter." in texts(test)


def test_a_missing_gradient_is_explained(runner):
    assert "no path of the graph leads here" in texts(opened())
    assert "没有路径" in texts(opened(lang="zh"))


def test_one_gradient_is_drawn_element_by_element(runner):
    test = part(opened(), "one")
    bars, cells = charts(test)
    assert sum(bars["data"][0]["y"]) == 2
    assert cells["data"][0]["z"] == [[3.0, 4.0]]
    checked(test.selectbox(key="gradient-name").set_value("bad").run())
    bars, cells = charts(test)
    assert (cells["data"][0]["z"], cells["data"][1]["z"]) == ([[1.0, None]], [[None, 0.0]])
    assert "Not in the picture: 1 × NaN." in texts(test)
    checked(test.selectbox(key="gradient-name").set_value("alone").run())
    assert charts(test) == []
    assert "There is no gradient to draw: it is **None**." in texts(test)


def test_the_true_gradient_can_be_looked_at_too(runner):
    test = part(opened("d5-data"), "one")
    assert charts(test)[1]["data"][0]["z"] == [[0.0, 0.0, 0.0]]
    checked(test.button_group(key="gradient-which").set_value("true").run())
    assert charts(test)[1]["data"][0]["z"] == [[6.0, 1.0, 1.0]]


def test_the_graph_is_an_image_that_can_run_nothing(runner):
    test = part(opened(), "graph")
    picture = next(one.proto.body for one in test.get("html") if "gradient-flow" in one.proto.body)
    assert picture.count("<") == 3 and 'src="data:image/svg+xml;base64,' in picture


def test_a_program_without_leaves_is_told_what_to_do(runner):
    test = opened("c2")
    assert "Write `requires_grad=True`" in texts(test)
    assert len(test.dataframe) == 0 and len(test.button_group) == 1  # the language


def test_before_the_first_result_the_page_says_that_it_waits(runner):
    test = opened("c3-mean")
    assert "The gradients appear by themselves as soon as the program has run." in texts(test)
    assert len(test.dataframe) == 0


def test_a_program_that_failed_shows_what_it_had(runner):
    failed = msgspec.structs.replace(
        c1(),
        program=program_of(find("c4-vector-jacobian")),
        leaves=every_state()[:1],
        ending="error",
        failure=Failure("RuntimeError", "no", 7, "backward"),
        steps=(*c1().steps, FailedStep()),
    )
    services.known_traces().offer(Result("failed", failed))
    test = opened("c4-vector-jacobian")
    assert "stopped with `RuntimeError`, line 7" in texts(test)
    assert list(test.dataframe[0].value["Name"]) == ["net.x", "y"]


def test_without_a_backward_there_is_no_graph_to_show(runner):
    trace = msgspec.structs.replace(
        c1(),
        program=program_of(find("c4-vector-jacobian")),
        leaves=(Leaf("x", 0, (2,), "float32"),),
        runs=(),
        steps=c1().steps[:4],
    )
    services.known_traces().offer(Result("forward", trace))
    test = opened("c4-vector-jacobian")
    assert list(test.dataframe[0].value["Gradient"]) == ["· not computed", "· not computed"]
    assert "No backward ran" in texts(part(test, "graph"))


def test_the_other_pages_import_neither_figures_nor_tables():
    code = (
        "import sys, pages.ui.frame.bar, pages.ui.desk.navigation, pages.ui.app.life, pages.ui.components.player, pages.ui.frame.intro;"
        "sys.exit('pages.ui.gradients.figures' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# --- figures and words ----------------------------------------------------------------------------


def row(name: str, norm: Any = None, **more: Any) -> GradientRow:
    size = None if norm is None else Size(2, norm, 0.0, 1.0, 0.5)
    return GradientRow(name, None, (2,), "float32", True, more.pop("state", "value"), size=size, **more)


INK = figures.Colours(*(f"#{i}{i}{i}" for i in range(10)))


def test_no_gradient_is_dropped_from_the_bars():
    rows = [
        row("big", 1e8),
        row("small", 1e-8),
        row("zero", 0.0, state="zero"),
        row("nan", "nan", state="not_finite"),
        row("none", state="none"),
        row("later", state="pending"),
        row("lost", state="unknown"),
        row("empty", 0.0, state="empty"),
        row("over", "inf"),
    ]
    figure = figures.norm_bars([(r.name or "", r) for r in rows], INK, N_)
    drawn = {name: trace for trace in figure.data for name in trace.y}
    assert set(drawn) == {r.name for r in rows}
    assert {name for name, trace in drawn.items() if trace.type == "bar"} == {"big", "small"}
    marks = [drawn[name].marker.symbol for name in ("zero", "nan", "none", "later", "lost", "empty", "over")]
    assert len(set(marks)) == len(marks)
    assert figure.layout.xaxis.type == "log" and figure.layout.xaxis.range[0] == -9
    assert list(figure.layout.yaxis.categoryarray) == [r.name for r in reversed(rows)]


def test_norms_within_a_factor_of_a_thousand_are_bars_from_zero():
    figure = figures.norm_bars([("a", row("a", 6.4)), ("b", row("b", 3.6))], INK, N_)
    assert figure.layout.xaxis.type == "linear" and figure.layout.xaxis.range[0] == 0
    far = figures.norm_bars([("a", row("a", 6.4)), ("b", row("b", 0.0063))], INK, N_)
    assert far.layout.xaxis.type == "log" and "log scale" in far.layout.xaxis.title.text


def test_the_true_norm_is_marked_beside_the_bar():
    wrong = row("a", 0.0, state="zero", true=value(6, 1), true_size=Size(2, 6.5, 1.0, 6.0, 3.5))
    figure = figures.norm_bars([("a", wrong)], INK, N_)
    assert [(trace.name, list(trace.x)) for trace in figure.data][-1] == ("true gradient", [6.5])


def test_a_name_is_text_in_a_figure():
    figure = figures.norm_bars([("<a href='x'>n</a>", row("n", 1.0))], INK, N_)
    assert "<a" not in str(list(figure.data[0].y)) and "<a" not in str(figure.data[0].hovertext)


def test_bars_of_nothing_but_none_have_an_axis():
    figure = figures.norm_bars([("n", row("n", state="none"))], INK, N_)
    assert len(figure.data) == 1 and figure.layout.xaxis.range[0] < figure.layout.xaxis.range[1]


def test_a_heat_map_is_symmetric_around_zero_and_says_numbers_only_when_they_fit():
    found = matrix(value(*range(-2, 4), shape=(2, 3)))
    assert found is not None
    cells = figures.heat_map(found, INK, N_).data[0]
    assert (cells.zmin, cells.zmax, cells.texttemplate) == (-3, 3, "%{text}")
    large = matrix(value(*range(400), shape=(20, 20)))
    assert large is not None and figures.heat_map(large, INK, N_).data[0].texttemplate == ""


@pytest.mark.parametrize(
    ("most", "step"), [(1, 1), (6, 1), (7, 2), (12, 2), (30, 5), (99, 20), (250, 50), (10000, 2000)]
)
def test_counts_have_whole_ticks(most, step):
    found = histogram(value(*[1.0] * most))
    assert found is not None
    assert figures.histogram_figure(found, INK, N_).layout.yaxis.dtick == step


def test_equal_names_are_told_apart():
    rows = [row("weight", 1.0), row("bias", 1.0), row("weight", 2.0)]
    assert labels(rows, c1(), N_) == ("weight #1", "bias", "weight #2")


def test_states_are_different_words_and_colours():
    states = ("zero", "not_finite", "none", "pending", "unknown", "empty")
    rows = [row(state, None, state=state) for state in states]
    assert len({gradient_text(one, N_) for one in rows}) == len(states)
    for theme in ("light", "dark"):
        table = styled([(one.name or "", one) for one in rows], theme, N_)._compute()
        column = table.columns.get_loc("Gradient")
        looks = [str(table.ctx[i, column]) for i in range(3)]
        assert len(set(looks)) == 3


def test_rows_are_chosen_by_name_and_shape():
    rows = [("net.0.weight", row("w", 1.0)), ("b", row("b", 0.0, state="zero"))]
    assert [label for label, _row in chosen(rows, "WEIGHT", False)] == ["net.0.weight"]
    assert [label for label, _row in chosen(rows, "(2,", False)] == ["net.0.weight", "b"]
    assert [label for label, _row in chosen(rows, "", True)] == ["b"]


def test_several_gradients_in_one_are_a_note():
    assert notes(row("x", 1.0, n_accumulations=3), N_) == ("3 gradients are added up in it.",)
    assert notes(row("x", 1.0, n_accumulations=1), N_) == ()


def test_a_reason_is_a_column_where_there_is_one():
    ordinary, reason = row("x", 1.0), Reason("cleared", said("`y.grad` is None: line {line} took it away.", "", line=4))
    assert "Reason" not in styled([("x", ordinary)], "light", N_).data
    told = styled([("x", ordinary), ("y", replace(ordinary, reason=reason))], "light", N_).data["Reason"]
    assert list(told) == ["", "y.grad is None: line 4 took it away."]
