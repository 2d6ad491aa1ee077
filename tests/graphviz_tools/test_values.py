"""Values as text and as grids: None, zero, NaN and not-yet must never look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.trace import Complex, Stats, Value
from engine.reading.predicates import weight
from engine.text.language import N_
from engine.text.numbers import number_text
from graphviz_tools.value_table import ValueTable, grid, short_text
from tests.graphviz_tools.traces import scalar, value


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (4.0, "4"),
        (1 / 3, "0.3333"),
        (-0.0, "0"),
        (1.5e-7, "1.5e-7"),
        (123456.0, "1.235e5"),
        (123456, "123456"),
        (True, "True"),
        ("nan", "NaN"),
        ("-inf", "-∞"),
        (Complex(1.0, -2.5), "1-2.5j"),
        (Complex(0.0, "inf"), "0+∞j"),
    ],
)
def test_numbers_have_at_most_four_digits(number, text: str) -> None:
    assert number_text(number) == text


@given(st.floats())
def test_no_float_is_too_long_for_a_cell(number: float) -> None:
    assert len(number_text(number)) <= len("-1.234e-308")


def test_none_zero_nan_and_not_yet_differ() -> None:
    table = ValueTable(N_)
    none, zero, nan, pending = (
        table.ref(None),
        table.ref(scalar(0)),
        table.ref(Value((), "float32", ("nan",))),
        table.pending(),
    )
    rows = table.rows()
    assert (rows[none].kind, rows[none].text) == ("none", "None")
    assert (rows[pending].kind, rows[pending].text) == ("pending", "·")
    assert [rows[zero].rows[0][0].kind, rows[nan].rows[0][0].kind] == ["zero", "nan"]
    assert rows[nan].text == "NaN"


def test_equal_values_share_one_row() -> None:
    table = ValueTable(N_)
    assert table.ref(value(1, 2)) == table.ref(value(1, 2))
    assert len(table.rows()) == 1


def test_a_matrix_is_a_grid_with_heat_by_size_and_sign() -> None:
    cells = grid(value(1, -2, 0, 4, shape=(2, 2)))
    assert [[c.text for c in row] for row in cells] == [["1", "-2"], ["0", "4"]]
    assert [[c.heat for c in row] for row in cells] == [[0.25, -0.5], [0.0, 1.0]]


def test_a_large_matrix_shows_its_corners_around_a_gap() -> None:
    kept = ((0, 1, 2, 97, 98, 99), (0, 1, 2, 7, 8, 9))
    cut = Value((100, 10), "float32", tuple(range(36)), kept, False, Stats(0, 35, 17.5, 100, n_nan=2))
    cells = grid(cut)
    assert len(cells) == len(cells[0]) == 7
    assert {c.kind for c in cells[3]} == {"gap"}
    assert cells[0][3].kind == "gap"
    assert [c.text for c in cells[-1]] == ["30", "31", "32", "…", "33", "34", "35"]


def test_a_whole_vector_longer_than_six_is_cut_for_the_eye() -> None:
    (row,) = grid(value(*range(20)))
    assert [c.text for c in row] == ["0", "1", "2", "…", "17", "18", "19"]


def test_a_cut_value_carries_its_statistics() -> None:
    table = ValueTable(N_)
    shown = Value(
        (1000,), "float32", (0.0,) * 6, ((0, 1, 2, 997, 998, 999),), False, Stats(-1, 2, 0.5, 3, n_zeros=7, n_nan=1)
    )
    row = table.ref(shown)
    assert table.rows()[row].stats == (
        ("min", "-1"),
        ("max", "2"),
        ("mean", "0.5"),
        ("norm", "3"),
        ("zeros", "7"),
        ("NaN", "1"),
    )


def test_what_cannot_be_read_says_why() -> None:
    table = ValueTable(N_)
    ref = table.ref(Value((3,), "float32", is_whole=False, unavailable="meta tensor"))
    row = table.rows()[ref]
    assert (row.kind, row.text, row.full) == ("unavailable", "(3,) float32", "meta tensor")


def test_an_empty_tensor_has_no_grid() -> None:
    table = ValueTable(N_)
    ref = table.ref(Value((0, 3), "float32"))
    assert table.rows()[ref].rows == ()
    assert table.rows()[ref].text == "[]"


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (None, "None"),
        (value(4, 5), "[4, 5]"),
        (value(1 / 3, 1 / 3, 1 / 3), "[0.33, 0.33, 0.33]"),
        (value(*[0.0] * 30), "all 0"),
        (value(*[1.0] * 100), "norm 10"),
        (Value((30,), "float32", ("nan",) * 30), "NaN"),
    ],
)
def test_a_gradient_fits_on_an_arrow(shown, text: str) -> None:
    assert short_text(shown, N_) == text


def test_weight_grows_with_the_logarithm_of_the_norm() -> None:
    assert [weight(scalar(x)) for x in (0, 1e-7, 1e-6, 1, 1e3, 1e9)] == [0, 0, 0, 0.667, 1, 1]
