"""Lesson C6: losses and their gradients."""

from __future__ import annotations

import json
import math
import re

import pytest
import torch

from tests.lessons.running import grad, ran, recorded_grads, traced

RESIDUALS = (-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0)
LOGITS = (2.0, 15.0, 20.0, 200.0)


def smooth(residual: float, beta: float) -> tuple[float, float]:
    """SmoothL1 and its derivative."""
    if abs(residual) < beta:
        return residual**2 / 2 / beta, residual / beta
    return abs(residual) - beta / 2, math.copysign(1, residual)


FORMULAS = {  # loss and derivative
    "MSELoss": lambda r: (r * r, 2 * r),
    "L1Loss": lambda r: (abs(r), float((r > 0) - (r < 0))),
    "SmoothL1Loss": lambda r: smooth(r, 1),
    "HuberLoss": lambda r: (2 * smooth(r, 2)[0], 2 * smooth(r, 2)[1]),
}


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("name", FORMULAS)
def test_each_loss_has_its_formula_and_its_gradient(name, reduction):
    text = ran("c6-residuals").stdout
    match = re.search(rf"^{name} {reduction} loss: (\S+)\n    gradient: (.*)$", text, re.MULTILINE)
    assert match is not None
    n = 7 if reduction == "mean" else 1
    expected = [FORMULAS[name](r) for r in RESIDUALS]
    assert float(match[1]) == pytest.approx(sum(loss for loss, _slope in expected) / n, abs=1e-4)
    assert json.loads(match[2]) == pytest.approx([slope / n for _loss, slope in expected], abs=1e-4)


def test_an_outlier_moves_mse_far_more_than_l1():
    found = re.findall(r"outlier +(\S+): gradient by (\w+) +(\S+)", ran("c6-outlier").stdout)
    gradients = {(float(outlier), loss): float(gradient) for outlier, loss, gradient in found}
    for outlier in (6, 20, 100):
        others = [2 * (3 - y) for y in (1, 2, 2.5, 4)]
        assert gradients[outlier, "MSELoss"] == pytest.approx((sum(others) + 2 * (3 - outlier)) / 5, abs=1e-3)
        assert gradients[outlier, "L1Loss"] == pytest.approx(0.2)


def test_the_gradient_of_cross_entropy_is_softmax_minus_one_hot():
    names = ran("c6-cross-entropy").namespace
    difference = names["softmax"] - names["onehot"]
    assert torch.allclose(grad("c6-cross-entropy", "logits"), difference, atol=1e-6)
    assert difference.sum(dim=1).abs().max() < 1e-6
    assert (difference < 0).tolist() == [[True, False, False], [False, False, True]]


def test_bce_on_a_saturated_sigmoid_gives_a_zero_gradient_and_a_wrong_loss():
    z, loss = grad("c6-bce", "z").tolist(), ran("c6-bce").namespace["loss"].tolist()
    assert z[2:] == [0, 0]
    assert loss[2:] == [100, 100]
    assert loss[1] != pytest.approx(15, abs=0.1)  # wrong already: 14.84
    assert z[0] == pytest.approx(torch.sigmoid(torch.tensor(2.0)).item())


def test_bce_with_logits_has_the_right_gradient_for_the_same_logits():
    assert grad("c6-bce-with-logits", "z").tolist() == pytest.approx([1 / (1 + math.exp(-z)) for z in LOGITS])
    assert ran("c6-bce-with-logits").namespace["loss"].tolist() == pytest.approx(
        [math.log1p(math.exp(-z)) + z for z in LOGITS]
    )


def test_the_formula_by_hand_gives_infinity_and_nan():
    assert recorded_grads(traced("c6-by-hand"))["z"][2:] == ["nan", "nan"]
    assert ran("c6-by-hand").namespace["loss"].tolist()[2:] == [math.inf, math.inf]


def test_all_eight_losses_are_recorded_with_their_backward_and_nothing_is_left_out():
    trace = traced("c6-residuals")
    assert [run.is_full for run in trace.runs] == [True] * 8
    assert [round(run.roots[0].value.items[0], 4) for run in trace.runs] == [
        20.5,
        9.0,
        6.25,
        9.25,
        2.9286,
        1.2857,
        0.8929,
        1.3214,
    ]
    assert (trace.omissions, trace.later_losses) == ((), ())
