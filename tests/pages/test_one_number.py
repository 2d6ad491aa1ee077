"""One value reads the same wherever it is shown: finding, inspector, table, terminal; the CSV has every digit."""

from __future__ import annotations

import csv
import io

import msgspec
import pytest

from engine.contract.trace import Complex, Leaf, Number, Trace, Value
from engine.explain.rules.array import Array
from engine.explain.rules.formula import array_text
from engine.gradients.as_csv import gradients_csv
from engine.gradients.table import gradient_rows
from engine.report import readable
from engine.text.numbers import full_text, value_text
from graphviz_tools.value_table import ValueTable
from pages.ui.gradients import words
from tests.graphviz_tools import traces

WRITTEN: tuple[tuple[Number, str, str], ...] = (  # recorded, shown, in full
    (1 / 3, "0.3333", "0.3333333333333333"),
    (4.0, "4", "4.0"),
    (-0.0, "0", "-0.0"),
    (1.23456e-30, "1.235e-30", "1.23456e-30"),
    (-6.54321e20, "-6.543e20", "-6.54321e+20"),
    (2**63 - 1, "9223372036854775807", "9223372036854775807"),
    ("nan", "NaN", "NaN"),
    ("inf", "∞", "∞"),
    ("-inf", "-∞", "-∞"),
    (True, "True", "True"),
    (Complex(1 / 3, -2.0), "0.3333-2j", "0.3333333333333333-2.0j"),
    (Complex(-0.0, "nan"), "0+NaNj", "-0.0+NaNj"),
)


def with_gradient(gradient: Value) -> Trace:
    trace = traces.c1()
    leaf = Leaf("x", 0, gradient.shape, gradient.dtype, gradient)
    return msgspec.structs.replace(trace, leaves=(leaf,))


@pytest.mark.parametrize(("number", "text", "full"), WRITTEN)
def test_a_number_is_written_in_one_way(number: Number, text: str, full: str) -> None:
    value = Value((2,), "float32", (number, 1.0), ((0, 1),))
    table = ValueTable(str)
    table.ref(value)
    shown = table.rows()[0]
    assert value_text(value) == f"[{text}, 1]"  # a finding
    assert (shown.text, shown.rows[0][0].text) == (f"[{text}, 1]", text)  # the inspector
    assert (shown.rows[0][0].full or text) == (text if full == f"{text}.0" else full)  # on hover
    assert words.value_text(value, str) == f"[{text}, 1]"  # the table of gradients
    assert f"x (2,): grad [{text}, 1]\n" in readable(with_gradient(value))  # the terminal
    assert full_text(number) == full


@pytest.mark.parametrize(("number", "text"), [(1 / 3, "0.3333"), (-0.0, "0"), (float("nan"), "NaN"), (1e20, "1e20")])
def test_a_formula_writes_them_as_a_finding_does(number: float, text: str) -> None:
    assert array_text(Array((2,), (number, True))) == f"[{text}, True]"


@pytest.mark.parametrize(("number", "text", "kept"), [(1e7 / 3, "3.333e6", "3333333.3333333335"), ("inf", "∞", "inf")])
def test_a_norm_is_written_in_one_way_and_kept_in_full(number: Number, text: str, kept: str) -> None:
    value = Value((9,), "float32", (number, *(0.0,) * 8), (tuple(range(9)),))
    (row,) = gradient_rows(with_gradient(value))[:1]
    (cells,) = csv.DictReader(io.StringIO(gradients_csv([row], ["x"])))
    assert value_text(value) == f"(9,), ‖·‖ = {text}"
    assert row.state == "not_finite" or words.norm_text(row) == text
    assert cells["norm"] == kept
