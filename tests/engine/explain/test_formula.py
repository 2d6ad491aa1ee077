"""Formulas as a reader meets them: the text, the numbers, and when there are none."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.contract.trace import (
    CallRecord,
    Complex,
    Edge,
    InPlace,
    NodeRecord,
    Program,
    Saved,
    StorageRecord,
    TensorRecord,
    Trace,
    Value,
)
from engine.explain.rules.expression import filled, parse, simplified, symbolic
from engine.explain.rules.formula import numbers
from engine.explain.rules.table import rule_for


def vector(*items) -> Value:
    return Value((len(items),), "float32", items, (tuple(range(len(items))),))


def scalar(item) -> Value:
    return Value((), "float32", (item,))


ONES = vector(1.0, 1.0)
X, Y = vector(2.0, 3.0), vector(4.0, 5.0)
TRACE = Trace(
    Program(""),
    "ok",
    storages=(StorageRecord(8, "cpu"), StorageRecord(8, "cpu")),
    tensors=(
        TensorRecord((2,), "float32", "cpu", name="x", storage=0),
        TensorRecord((2,), "float32", "cpu", name="y", storage=1),
    ),
    nodes=(NodeRecord("AccumulateGrad", variable=0), NodeRecord("AccumulateGrad", variable=1)),
    calls=(CallRecord("mul", "torch.Tensor.mul", 3),),
)
MUL = NodeRecord(
    "MulBackward0",
    next_functions=(Edge(0), Edge(1)),
    saved=(Saved("self", 0, 0, X, 0), Saved("other", 0, 1, Y, 1)),
    call=0,
)


def test_a_product_shows_the_rule_and_the_numbers_that_were_recorded():
    assert numbers(rule_for("MulBackward0"), MUL, (ONES,), (Y, X), TRACE) == (
        ("self ← grad · other", "x ← [1, 1] · [4, 5] = [4, 5]"),
        ("other ← grad · self", "y ← [1, 1] · [2, 3] = [2, 3]"),
    )


def test_an_edge_that_needs_no_gradient_has_no_formula():
    node = replace(MUL, next_functions=(Edge(0), Edge(None)), saved=MUL.saved[1:])
    assert numbers(rule_for("MulBackward0"), node, (ONES,), (Y, None), TRACE) == (
        ("self ← grad · other", "x ← [1, 1] · [4, 5] = [4, 5]"),
    )


def test_a_formula_that_does_not_give_what_was_recorded_shows_no_numbers():
    assert numbers(rule_for("MulBackward0"), MUL, (ONES,), (vector(4.0, 5.1), X), TRACE)[0] == (
        "self ← grad · other",
        "",
    )


def test_a_saved_tensor_that_was_overwritten_shows_the_inequality():
    trace = replace(
        TRACE, calls=(*TRACE.calls, CallRecord("zero_", "torch.Tensor.zero_", 4, in_place=(InPlace(1, 0, 1),)))
    )
    equation = numbers(rule_for("MulBackward0"), MUL, (ONES,), (vector(0.0, 0.0), X), trace)[0][1]
    assert equation == "x ← [1, 1] · [4, 5] ≠ [0, 0]"


def test_a_mean_shows_n_and_a_sum_shows_the_expansion():
    mean = NodeRecord("MeanBackward0", next_functions=(Edge(0),))
    third = vector(1 / 3, 1 / 3, 1 / 3)
    assert numbers(rule_for("MeanBackward0"), mean, (scalar(1.0),), (third,), TRACE) == (
        ("expand(grad) / n", "expand(1) / 3 = [0.3333, 0.3333, 0.3333]"),
    )
    assert numbers(rule_for("SumBackward0"), mean, (scalar(1.0),), (ONES,), TRACE)[0][1] == "expand(1) = [1, 1]"


@pytest.mark.parametrize(
    ("exponent", "text"),
    [
        ("2", "[1, 1] · 2 · [2, 3] = [4, 6]"),
        ("3", "[1, 1] · 3 · [2, 3]² = [12, 27]"),
        ("1", "[1, 1] · [2, 3]^0 = [1, 1]"),
    ],
)
def test_a_power_shows_its_exponent(exponent, text):
    node = NodeRecord(
        "PowBackward0", next_functions=(Edge(0),), saved=(Saved("self", 0, 0, X),), attributes=(("exponent", exponent),)
    )
    given = vector(*(float(exponent) * x ** (float(exponent) - 1) for x in (2, 3)))
    assert numbers(rule_for("PowBackward0"), node, (ONES,), (given,), TRACE) == (
        ("grad · exponent · self^(exponent − 1)", text),
    )


def test_the_sum_over_a_broadcast_dimension_is_written():
    node = NodeRecord("AddBackward0", next_functions=(Edge(0), Edge(1)), attributes=(("alpha", "1"),))
    assert numbers(rule_for("AddBackward0"), node, (ONES,), (ONES, vector(2.0)), TRACE) == (
        ("self ← grad", "x ← [1, 1]"),
        ("other ← Σ(grad)", "y ← Σ([1, 1]) = [2]"),
    )


@pytest.mark.parametrize(
    "gradient",
    [
        None,
        vector(1.0, 1.0, 1.0, 1.0, 1.0),
        replace(ONES, items=(), is_whole=False),
        replace(ONES, items=(), unavailable="meta tensor"),
        vector(Complex(1.0, 0.0), Complex(1.0, 0.0)),
        vector("nan", 1.0),
    ],
)
def test_missing_large_complex_and_nan_numbers_leave_the_formula_without_numbers(gradient):
    assert numbers(rule_for("MulBackward0"), MUL, (gradient,), (Y, X), TRACE)[0] == ("self ← grad · other", "")


def test_a_gradient_that_is_nan_on_both_sides_is_shown():
    nan = vector("nan", 1.0)
    equation = numbers(rule_for("MulBackward0"), MUL, (nan,), (vector("nan", 5.0), None), TRACE)[0][1]
    assert equation == "x ← [NaN, 1] · [4, 5] = [NaN, 5]"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("grad * (1 - result ** 2)", "grad · (1 − result²)"),
        ("-(grad * alpha)", "−grad · alpha"),
        ("a - (b - c)", "a − (b − c)"),
        ("(a + b) * c / (d * e)", "(a + b) · c / (d · e)"),
        ("T(self) @ grad", "selfᵀ @ grad"),
        ("T(a @ b)", "(a @ b)ᵀ"),
        ("(a ** b) ** 2", "(a^b)²"),
        ("where(self > 0, grad, 0)", "where(self > 0, grad, 0)"),
    ],
)
def test_an_expression_is_shown_with_the_parentheses_it_needs(expression, text):
    assert symbolic(expression) == text


def test_a_negative_number_put_into_a_formula_gets_parentheses():
    assert filled(parse("a - b * grad"), {"b": "-2", "grad": "-1"}) == "a − (-2) · (-1)"


def test_factors_of_one_disappear_and_the_exponent_is_worked_out():
    assert filled(simplified(parse("grad * alpha * x ** (k - 1)"), {"alpha": 1, "k": 3}), {}) == "grad · x²"
