"""Every formula is held against PyTorch: calculated from the recorded numbers it gives the recorded gradient."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given, reject, settings

from engine.explain.rules.array import from_value, is_close
from engine.explain.rules.expression import NotCalculable
from engine.explain.rules.formula import _applies, calculated
from engine.explain.rules.rule import Formula
from engine.explain.rules.table import RULES, rule_for
from tests.engine.explain.observe import Observed, observe
from tests.engine.explain.operations import CALCULABLE

numbers = st.floats(0.125, 4).map(lambda x: round(x, 3))
matrices = st.lists(numbers, min_size=4, max_size=4).map(lambda items: [items[:2], items[2:]])
slopes = st.lists(st.floats(-2, 2).map(lambda x: round(x, 3)), min_size=4, max_size=4)


@pytest.mark.parametrize("operation", CALCULABLE)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(matrices, matrices, slopes)
def test_the_formula_of_every_edge_gives_the_gradient_that_pytorch_gives(operation, a, b, slope):
    name, function = CALCULABLE[operation]
    observed = _observed(function, a, b, slope)
    assert observed.node.name == name
    formulas = [f for f in rule_for(name).formulas if _applies(f, observed.node)]
    assert formulas, f"{name} has no formula that applies to {operation}"
    for formula in formulas:
        _check(formula, observed)


def test_every_formula_that_can_be_calculated_is_in_the_corpus():
    symbolic_only = {"conv_transpose", "correlate", "sum_positions"}
    tested = {name for name, _ in CALCULABLE.values()}
    calculable = {
        name
        for name, rule in RULES.items()
        if rule.formulas and not any(word in rule.formulas[0].expression for word in symbolic_only)
    }
    unreachable = {
        "ReshapeAliasBackward0",
        "UnsafeViewBackward0",
        "FillBackward0",
        "FillBackward1",
        "VdotBackward0",
        "L1LossBackward0",
    }
    assert calculable - tested == unreachable  # each is another name of a tested one, or made on other devices


def test_a_wrong_formula_is_noticed():
    observed = _observed(CALCULABLE["mul"][1], [[1, 2], [3, 4]], [[5, 6], [7, 8]], [1, 1, 1, 1])
    with pytest.raises(AssertionError):
        _check(Formula(0, "self", "grad * self"), observed)


def _observed(function, a, b, slope) -> Observed:
    left, right = (torch.tensor(rows, dtype=torch.float64, requires_grad=True) for rows in (a, b))
    result = function(left, right)
    gradient = torch.tensor(slope[: result.numel()], dtype=result.dtype).reshape(result.shape)
    return observe(result, gradient)


def _check(formula: Formula, observed: Observed) -> None:
    recorded = observed.grad_inputs[formula.edge]
    assert recorded is not None
    true = from_value(recorded)
    assert true is not None and all(math.isfinite(item) for item in true.items)
    try:
        ours = calculated(formula, observed.node, observed.grad_outputs, recorded.shape)
    except NotCalculable:
        reject()  # 0 / 0, say: nothing would be shown; hypothesis fails when most examples end here
    assert is_close(ours, true, 1e-6), f"{formula.expression}: {ours} is not {true}"
