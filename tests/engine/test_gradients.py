"""Rows of gradients with their numbers, from traces written by hand and from real programs."""

from __future__ import annotations

import csv
import math
import subprocess
import sys

import msgspec
import pytest

from engine.contract.trace import (
    AccumulatedStep,
    Bins,
    Complex,
    Edge,
    GradRead,
    GradSetStep,
    Leaf,
    NodeRecord,
    Omission,
    Stats,
    Trace,
    TrueGradient,
    Value,
)
from engine.gradients.as_csv import COLUMNS, csv_name, gradients_csv, text_cell
from engine.gradients.content import Histogram, histogram, matrix
from engine.gradients.table import GradientRow, Size, Trend, gradient_rows, order_of_use, size_of, stats_of, trend
from tests.graphviz_tools.traces import c1, chain, layers, mutated, scalar, value
from tests.lessons.running import traced


def with_leaves(trace: Trace, *leaves: Leaf, **more: object) -> Trace:
    return msgspec.structs.replace(trace, leaves=leaves, **more)


def leaf(name: str, tensor: int, grad: Value | None, shape: tuple[int, ...] = (2,), **more: object) -> Leaf:
    return Leaf(name, tensor, shape, "float32", grad, **more)  # type: ignore[arg-type]


def only(trace: Trace) -> GradientRow:
    (row,) = gradient_rows(trace)
    return row


def test_each_leaf_of_c1_has_its_gradients_numbers():
    x, y = gradient_rows(with_leaves(c1(), leaf("x", 0, value(4, 5)), leaf("y", 1, value(2, 3))))
    assert (x.name, x.shape, x.state, x.is_leaf, x.n_accumulations, x.why_none) == ("x", (2,), "value", True, 1, None)
    assert x.size is not None
    assert (x.size.norm, x.size.min, x.size.max, x.size.mean) == (pytest.approx(math.sqrt(41)), 4, 5, 4.5)
    assert (x.size.n, x.size.n_zeros, x.size.share_of_zeros) == (2, 0, 0.0)
    assert not x.has_problem
    assert y.size is not None and y.size.norm == pytest.approx(math.sqrt(13))


def test_leaves_of_a_function_are_found_by_their_nodes():
    x, y = gradient_rows(c1())
    assert (x.name, x.gradient, y.name, y.gradient) == ("x", value(4, 5), "y", value(2, 3))


def test_rows_stand_in_the_order_of_use():
    names = [row.name for row in gradient_rows(layers(3))]
    assert names == ["net.0.weight", "net.1.weight", "net.2.weight"]
    turned = with_leaves(layers(2), leaf("net.1.weight", 3, None), leaf("net.0.weight", 0, None))
    assert [row.name for row in gradient_rows(turned)] == ["net.0.weight", "net.1.weight"]


def test_a_leaf_used_twice_stands_where_it_was_used_first():
    used = (NodeRecord("AccumulateGrad", variable=0), *(NodeRecord("MulBackward0", next_functions=(Edge(0),)),) * 3)
    assert order_of_use(msgspec.structs.replace(c1(), nodes=used, calls=()))[0] == 1


def test_a_leaf_no_node_used_comes_last():
    trace = with_leaves(c1(), leaf("alone", 3, None), leaf("x", 0, value(4, 5)), leaf("y", 1, value(2, 3)))
    assert [row.name for row in gradient_rows(trace)] == ["x", "y", "alone"]
    assert order_of_use(c1()) == {2: 2, 3: 3, 0: 2, 1: 2}


@pytest.mark.parametrize(
    ("grad", "state"),
    [
        (value(0, 0), "zero"),
        (value(0, 1), "value"),
        (Value((2,), "float32", (0.0, "nan"), ((0, 1),)), "not_finite"),
        (Value((2,), "float32", ("-inf", 1.0), ((0, 1),)), "not_finite"),
        (Value((0,), "float32"), "empty"),
        (Value((2,), "float32", is_whole=False, unavailable="meta tensor"), "unknown"),
        (Value((9, 9), "float32", (1.0,) * 36, ((0,), (0,)), False), "unknown"),
        (Value((9, 9), "float32", (1.0,) * 36, ((0,), (0,)), False, Stats(0, 1, 0.5, 3.0, 7)), "value"),
    ],
)
def test_states_are_told_apart(grad, state):
    row = gradient_rows(with_leaves(c1(), leaf("x", 0, grad)))[0]
    assert row.state == state
    assert row.has_problem == (state in ("zero", "not_finite"))


def test_none_after_a_backward_is_not_the_same_as_not_computed():
    assert only(with_leaves(c1(), leaf("q", 9, None), nodes=(), calls=(), steps=())).state == "none"
    row = only(with_leaves(c1(), leaf("q", 9, None), nodes=(), calls=(), steps=(), runs=()))
    assert (row.state, row.why_none, row.size, row.has_problem) == ("pending", "no_backward", None, True)


def test_a_failed_backward_leaves_the_true_gradient_alone():
    true = value(6, 1, 1)
    trace = with_leaves(
        mutated("detach"), leaf("a", 0, None, (3,)), true_gradients=(TrueGradient(0, 0, None, true, None),)
    )
    row = only(trace)
    assert (row.state, row.why_none, row.true) == ("pending", "backward_failed", true)
    assert row.true_size is not None and row.true_size.norm == pytest.approx(math.sqrt(38))


def test_the_true_gradient_of_a_silently_wrong_one_stands_beside_it():
    row = only(with_leaves(mutated("data"), leaf("a", 0, value(0, 0, 0), (3,), true_grad=value(6, 1, 1))))
    assert (row.gradient, row.true, row.state) == (value(0, 0, 0), value(6, 1, 1), "zero")


def test_a_run_that_gave_what_is_right_has_no_true_gradient_beside_it():
    equal = TrueGradient(0, 0, value(4, 5), value(4, 5), False)
    assert gradient_rows(with_leaves(c1(), leaf("x", 0, value(4, 5)), true_gradients=(equal,)))[0].true is None


def test_accumulations_are_counted_from_the_last_clearing():
    twice = (AccumulatedStep(0, 0, None, value(1, 1)), AccumulatedStep(0, 0, value(1, 1), value(2, 2)))
    for clearing, n in (
        ((), 2),
        ((GradSetStep(0, 3, value(2, 2), None),), 0),
        ((GradSetStep(0, 3, None, value(0, 0)),), 0),
        ((GradSetStep(0, 3, None, value(5, 5)),), 1),
    ):
        trace = with_leaves(c1(), leaf("x", 0, value(2, 2)), steps=(*twice, *clearing))
        assert gradient_rows(trace)[0].n_accumulations == n


def test_beyond_the_recording_budget_nothing_is_counted_and_old_gradients_say_so():
    trace = with_leaves(c1(), leaf("x", 0, value(4, 5)), omissions=(Omission("backward_runs", 3),))
    x, y = gradient_rows(trace)
    assert (x.n_accumulations, x.is_final) == (None, True)
    assert (y.name, y.n_accumulations, y.is_final, y.gradient) == ("y", None, False, value(2, 3))


def test_retained_tensors_and_those_asked_in_vain_have_rows():
    kept = AccumulatedStep(0, 2, None, value(1, 1))  # retain_grad() of z
    trace = with_leaves(c1(), leaf("x", 0, value(4, 5)), leaf("y", 1, value(2, 3)), steps=(*c1().steps, kept))
    assert [(row.name, row.is_leaf, row.state) for row in gradient_rows(trace)][-1] == ("z", False, "value")
    asked = with_leaves(c1(), *trace.leaves, grad_reads=(GradRead(2, 12, 6, is_none=True), GradRead(0, 12, 6)))
    z = gradient_rows(asked)[-1]
    assert (z.name, z.is_leaf, z.state, z.why_none) == ("z", False, "none", "not_leaf")


def test_a_chain_of_thousands_has_its_one_leaf():
    row = only(chain(3000))
    assert (row.name, row.size and row.size.norm) == ("x", 1.0)


def test_numbers_over_all_elements_are_those_of_the_statistics():
    part = Value((100,), "float32", (1.0,) * 6, ((0, 1, 2, 97, 98, 99),), False, Stats(-1, 4, 0.5, 7.0, 20, 0, 0))
    size = size_of(part)
    assert size is not None
    assert (size.n, size.norm, size.min, size.max, size.mean, size.share_of_zeros) == (100, 7.0, -1, 4, 0.5, 0.2)
    assert size_of(Value((100,), "float32", (1.0,) * 6, ((0, 1, 2, 97, 98, 99),), False)) is None


def test_statistics_name_what_is_not_finite():
    assert stats_of((1.0, "nan", 0.0)) == Stats(0.0, 1.0, "nan", "nan", 1, 1, 0)
    assert stats_of((1.0, "inf")) == Stats(1.0, "inf", "inf", "inf", 0, 0, 1)
    assert stats_of(("nan",)) == Stats(None, None, "nan", "nan", 0, 1, 0)
    assert stats_of(()) == Stats(None, None, None, 0.0)
    assert stats_of((Complex(3.0, 4.0), Complex(0.0, 0.0))) == Stats(None, None, None, 5.0, 1)
    assert stats_of((1e200, 1e200)).norm == pytest.approx(math.sqrt(2) * 1e200)  # no overflow on the way


# --- real programs --------------------------------------------------------------------------------


def test_lesson_d5_data_shows_zero_against_the_truth():
    row = only(traced("d5-data"))
    assert row.name == "a" and row.state == "zero" and row.has_problem
    assert row.true is not None and row.true.items == pytest.approx((6, 4 / 3, 4 / 3))
    assert [finding.kind for finding in row.findings] == ["silent-wrong-gradient"]


def test_lesson_e3_says_that_an_intermediate_is_no_leaf():
    rows = {row.name: row for row in gradient_rows(traced("e3-intermediate"))}
    assert {name: row.state for name, row in rows.items()} == {"x": "value", "y": "none", "z": "none"}
    assert rows["y"].why_none == "not_leaf"
    kept = {row.name: row.size.norm for row in gradient_rows(traced("e3-retain-grad")) if row.size}
    assert kept == pytest.approx({"x": 9.0, "y": 9.0, "z": 0.5})


def test_lesson_e2_counts_two_gradients_in_one():
    row = only(traced("e2-accumulate"))
    assert (row.n_accumulations, row.size and row.size.norm) == (2, pytest.approx(18.0))


# --- content --------------------------------------------------------------------------------------


def test_a_histogram_counts_every_finite_number_once():
    found = histogram(value(*range(10), 9))
    assert found is not None
    assert sum(found.counts) == 11 and len(found.edges) == len(found.counts) + 1
    assert (found.edges[0], found.edges[-1], found.counts[0], found.counts[-1], found.n_zeros) == (0, 9, 2, 3, 1)


def test_few_numbers_have_five_bins_and_many_grow_with_the_root_of_their_count():
    of = {n: histogram(value(*range(n))) for n in (2, 4, 6, 7, 100, 10_000)}
    assert {n: len(found.counts) for n, found in of.items() if found} == {2: 5, 4: 5, 6: 5, 7: 6, 100: 20, 10_000: 40}


def test_what_a_histogram_cannot_show_is_counted_beside_it():
    found = histogram(Value((5,), "float32", (1.0, "nan", "inf", "-inf", 0.0), ((0, 1, 2, 3, 4),)))
    assert found is not None
    assert (sum(found.counts), found.n_nan, found.n_inf, found.n_zeros) == (2, 1, 2, 1)


def test_equal_and_extreme_numbers_have_a_histogram():
    same = histogram(value(3, 3, 3))
    assert same is not None and (same.edges, same.counts) == ((1.5, 4.5), (3,))
    far = histogram(value(1e308, -1e308, 0))
    assert far is not None and sum(far.counts) == 3 and all(map(math.isfinite, far.edges))
    none = histogram(Value((1,), "float32", ("nan",), ((0,),)))
    assert none is not None and none.counts == ()


def test_a_part_of_a_gradient_gives_no_histogram():
    assert histogram(Value((100,), "float32", (1.0,) * 6, ((0, 1, 2, 97, 98, 99),), False)) is None
    assert histogram(Value((1,), "complex64", (Complex(1.0, 1.0),), ((0,),))) is None


def test_a_matrix_keeps_the_indices_of_what_was_recorded():
    part = matrix(Value((9, 10), "float32", (1.0, 2.0, 3.0, 4.0), ((0, 8), (0, 9)), False))
    assert part is not None
    assert (part.rows, part.columns, part.cells, part.is_part) == ((0, 8), (0, 9), ((1, 2), (3, 4)), True)
    cube = matrix(value(*range(12), shape=(2, 3, 2)))
    assert cube is not None and (cube.rows, cube.columns, cube.cells[1]) == (
        (0, 1),
        tuple(range(6)),
        (6, 7, 8, 9, 10, 11),
    )
    row = matrix(value(1, 2))
    assert row is not None and (row.rows, row.columns, row.cells) == ((0,), (0, 1), ((1, 2),))
    one = matrix(scalar(7))
    assert one is not None and one.cells == ((7,),)
    assert matrix(Value((0,), "float32")) is None


# --- CSV ------------------------------------------------------------------------------------------


def test_a_line_of_csv_has_every_number_in_full():
    rows = gradient_rows(with_leaves(c1(), leaf("x", 0, value(1 / 3, 0)), leaf("y", 1, None)))
    header, x, y = csv.reader(gradients_csv(rows, ["x", "y"]).splitlines())
    assert tuple(header) == COLUMNS
    told = dict(zip(header, x))
    assert float(told["norm"]) == 1 / 3 and told["state"] == "value" and told["share_of_zeros"] == "0.5"
    assert (told["shape"], told["accumulations"], told["why_none"]) == ("(2,)", "1", "")
    assert dict(zip(header, y)) | {"norm": "", "zeros": ""} == dict(zip(header, y))


def test_not_finite_numbers_are_words_in_csv():
    rows = gradient_rows(with_leaves(c1(), leaf("x", 0, Value((2,), "float32", ("nan", "inf"), ((0, 1),)))))
    assert ",nan,inf,inf,nan,2,0,0.0,1,1," in gradients_csv(rows[:1], ["x"])


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@SUM(A1)", "\tx", "\rx", "  =x"])
def test_a_name_is_never_a_formula(name):
    assert text_cell(name) == "'" + name
    line = gradients_csv(gradient_rows(c1())[:1], [name]).split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")


def test_other_names_stay_as_they_are():
    assert [text_cell(name) for name in ("net.0.weight", "损失", "", "a=b")] == ["net.0.weight", "损失", "", "a=b"]


def test_the_files_name_is_safe():
    assert csv_name("d5_data.py") == "gradients-d5_data.csv"
    assert csv_name("../../etc/passwd") == "gradients-passwd.csv"
    assert csv_name("..\\x\r\n<y>.py") == "gradients-x-y.csv"
    assert csv_name("损失.py") == "gradients.csv"


def test_importing_needs_no_torch():
    code = "import sys, engine.gradients.table, engine.gradients.as_csv, engine.gradients.content; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_leaf_without_a_name_has_a_row_too():
    trace = c1()
    tensors = (msgspec.structs.replace(trace.tensors[0], name=None), *trace.tensors[1:])
    assert [row.name for row in gradient_rows(msgspec.structs.replace(trace, tensors=tensors))] == [None, "y"]


def of_norms(*norms: float) -> list[GradientRow]:
    sizes = [Size(1, norm, norm, norm, norm) for norm in norms]
    return [GradientRow(f"l{i}", i, (1,), "float32", True, "value", size=size) for i, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("norms", "found"),
    [
        ([1e-9, 1e-6, 2e-4, 0.1, 1.0], Trend("vanishing", 2, 4, 3)),
        ([1e9, 1e6, 2e4, 10.0, 1.0], Trend("exploding", 2, 4, 3)),
        ([0.0, 0.0, 1.0, 1.0], Trend("vanishing", 1, 2, 2)),
        ([6.4, 3.6, 1.0, 0.9], None),
        ([1e-9, 1.0, 1.0, 1.0], None),  # one alone is no trend
        ([1.0, 1.0, 1e-9], None),
        ([], None),
    ],
)
def test_gradients_that_vanish_or_explode_are_named_from_the_layer_where_it_begins(norms, found):
    assert trend(of_norms(*norms)) == found


def test_counted_bins_are_the_histogram_of_a_part():
    stats = Stats(0.0, 1.0, 0.5, 9.0, n_zeros=3, n_nan=1)
    part = Value((300,), "float32", (0.0, 1.0), ((0, 299),), False, stats, bins=Bins((0.0, 0.5, 1.0), (200, 99)))
    assert histogram(part) == Histogram((0.0, 0.5, 1.0), (200, 99), n_zeros=3, n_nan=1)
