"""What the referee says of a lesson is what its text says."""

from __future__ import annotations

import pytest

from engine.referee.findings import findings
from tests.lessons.running import traced

RIGHT = [
    "c5-detach", "c5-tracked", "d1-input", "d2-frozen", "d2-half-frozen", "d4-equal-weights", "d4-symmetry-broken",
    "d4-zero-grad", "d4-zeros", "d6-device", "d6-numpy", "d7-item", "d8-reshape", "d8-contiguous", "e5-before",
]  # fmt: skip
NOT_OF_GRADIENTS = ["d6-numpy-error", "d7-item-error", "d8-view-error"]  # the error itself says all


@pytest.mark.parametrize("slug", [*RIGHT, *NOT_OF_GRADIENTS])
def test_nothing_is_found(slug):
    assert [(one.kind, one.line) for one in findings(traced(slug))] == []


def test_e5_the_silent_change_is_found_with_the_right_gradient():
    (one,) = findings(traced("e5-between"))
    assert (one.kind, one.line, one.name) == ("silent-wrong-gradient", 5, "x")
    (compared,) = one.gradients
    assert compared.name == "x"
    assert (compared.computed.items, compared.true.items) == ((20, 40, 60), (2, 4, 6))
