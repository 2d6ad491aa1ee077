"""What the referee says of a lesson is what its text says."""

from __future__ import annotations

import pytest

from engine.program.lesson import lessons
from engine.referee.findings import findings
from tests.lessons.running import found, traced

pytestmark = pytest.mark.xdist_group("trainings")  # each is run once for all tests
RIGHT = [
    "c5-detach",
    "c5-tracked",
    "d1-input",
    "d2-frozen",
    "d2-half-frozen",
    "d4-equal-weights",
    "d4-symmetry-broken",
    "d4-zero-grad",
    "d4-zeros",
    "d6-device",
    "d6-numpy",
    "d7-item",
    "d8-reshape",
    "d8-contiguous",
    "e5-before",
    "b1-tensors",
    "b2-one-of-two",
    "c6-residuals",
    "c6-outlier",
    "c6-cross-entropy",
    "c6-bce",
    "c6-bce-with-logits",
    "a1-numpy",
    "a2-tensors",
    "a3-autograd",
    "a4-function",
    "a5-layer",
    "a6-rmsprop",
    "a6-sgd",
    "a6-momentum",
    "a6-adam",
    "b3-two-layers",
    "b4-adam",
    "b5-module",
    "e6-regression",
    "e6-house-prices",
]
NOT_OF_GRADIENTS = ["d6-numpy-error", "d7-item-error", "d8-view-error"]  # the error itself says all
GRADIENTS_AS_WRITTEN = ["a1-lr-100", "a2-lr-100", "a6-lr-100", "b4-lr-100", "e6-broadcast"]  # but not as was meant
BROKEN = {  # the finding's line holds this text
    "a3-no-zero-grad": ("grad-accumulated", "loss.backward()"),
    "a3-detach": ("no-grad-fn", "y_pred.detach()"),
    "a3-data": ("silent-wrong-gradient", ".data.abs_()"),
    "a4-no-zero-grad": ("grad-accumulated", "loss.backward()"),
    "a4-lr-100": ("nan-gradient", "residual.pow(2).sum()"),
    "a4-detach": ("grad-none-unreached", ".apply(c + d * x).detach()"),
    "a4-data": ("silent-wrong-gradient", ".data.abs_()"),
    "a5-no-zero-grad": ("grad-accumulated", "loss.backward()"),
    "a5-lr-100": ("nan-gradient", "loss.backward()"),
    "a5-detach": ("no-grad-fn", "y_pred.detach()"),
    "a5-data": ("silent-wrong-gradient", ".data.abs_()"),
    "a6-no-zero-grad": ("grad-accumulated", "loss.backward()"),
    "a6-detach": ("no-grad-fn", "y_pred.detach()"),
    "a6-data": ("silent-wrong-gradient", ".data.abs_()"),
    "b3-no-zero-grad": ("grad-accumulated", "loss.backward()"),
    "b3-lr-100": ("nan-gradient", "loss.backward()"),
    "b3-detach": ("grad-none-unreached", "model[:2](x).detach()"),
    "b3-data": ("silent-wrong-gradient", ".data.clamp_("),
    "b4-no-zero-grad": ("grad-accumulated", "loss.backward()"),
    "b4-detach": ("grad-none-unreached", "model[:2](x).detach()"),
    "b4-data": ("silent-wrong-gradient", ".data.clamp_("),
    "b5-no-zero-grad": ("grad-accumulated", "loss.backward()"),
    "b5-lr-100": ("nan-gradient", "loss.backward()"),
    "b5-detach": ("grad-none-unreached", "hidden.detach()"),
    "b5-data": ("silent-wrong-gradient", ".data.clamp_("),
    "c6-by-hand": ("nan-gradient", "torch.log(1 - p)"),
    "e6-no-zero-grad": ("grad-accumulated", "loss.backward()"),
    "e6-lr-100": ("nan-gradient", "loss.backward()"),
    "e6-detach": ("grad-none-unreached", "(x @ w).detach()"),
    "e6-data": ("silent-wrong-gradient", ".data.abs_()"),
}


@pytest.mark.parametrize("slug", [*RIGHT, *NOT_OF_GRADIENTS, *GRADIENTS_AS_WRITTEN])
def test_nothing_is_found(slug):
    assert [(one.kind, one.line) for one in findings(traced(slug))] == []


@pytest.mark.parametrize("slug", BROKEN)
def test_a_broken_training_has_the_finding_of_its_mistake_on_its_line(slug):
    first, *_others = findings(traced(slug))
    kind, text = BROKEN[slug]
    assert first.kind == kind
    assert first.line is not None
    assert text in found(slug).source.splitlines()[first.line - 1]


def test_every_program_of_a_training_has_been_judged():
    judged = {*RIGHT, *GRADIENTS_AS_WRITTEN, *BROKEN, "a3-lr-100"}  # its gradients are None at the end: no finding yet
    assert {one.slug for one in lessons() if one.is_training} <= judged


def test_e5_the_silent_change_is_found_with_the_right_gradient():
    (one,) = findings(traced("e5-between"))
    assert (one.kind, one.line, one.name) == ("silent-wrong-gradient", 5, "x")
    (compared,) = one.gradients
    assert compared.name == "x"
    assert (compared.computed.items, compared.true.items) == ((20, 40, 60), (2, 4, 6))
