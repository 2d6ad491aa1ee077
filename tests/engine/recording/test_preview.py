"""Statistics of recorded values: right at every scale and in every dtype."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.trace import Bins, Limits
from engine.recording.graph.preview import bins_of, norm_of, preview, stats_of


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.complex64, np.complex128])
@given(exponent=st.integers(-44, 37), n=st.integers(1, 3_000))
def test_the_norm_is_right_from_denormals_to_the_largest_numbers(dtype: type, exponent: int, n: int) -> None:
    info = np.finfo(dtype)
    size = min(max(10.0**exponent, float(info.smallest_subnormal)), float(info.max) / 2)
    array = np.full(n, size, dtype=dtype)
    expected = math.sqrt(n) * abs(complex(array[0]))
    assert norm_of(array) == pytest.approx(expected, rel=1e-5)


def test_the_norm_of_a_vanished_gradient_is_no_zero() -> None:
    stats = stats_of(np.full((40, 40), 1e-28, dtype=np.float32))
    assert stats.norm == pytest.approx(4e-27, rel=1e-5)
    assert stats.n_zeros == 0


def test_sums_that_overflow_are_still_numbers() -> None:
    stats = stats_of(np.full(1_000, 1e308))
    assert stats.norm == "inf"  # it is larger than any float64
    assert stats.mean == pytest.approx(1e308)
    single = stats_of(np.full(1_000, 3e38, dtype=np.float32))
    assert (single.norm, single.mean) == (pytest.approx(3e38 * math.sqrt(1_000)), pytest.approx(3e38))


def test_nan_and_infinity_are_told_and_do_not_hide_the_others() -> None:
    stats = stats_of(np.array([1.0, math.nan, -2.0, math.inf]))
    assert (stats.min, stats.max, stats.norm, stats.n_nan, stats.n_inf) == (-2.0, "inf", "nan", 1, 1)
    assert stats_of(np.array([-math.inf, 1.0])).norm == "inf"
    assert stats_of(np.array([0.0, 0.0])).norm == 0.0


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=200))
def test_the_norm_is_that_of_exact_arithmetic(numbers: list[float]) -> None:
    array = torch.tensor(numbers, dtype=torch.float32).numpy()
    assert norm_of(array) == pytest.approx(math.hypot(*array.tolist()), rel=1e-4, abs=0)


def total(bins: Bins | None) -> int:
    return sum(bins.counts) if bins is not None else 0


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=200))
def test_every_finite_element_is_in_one_bin_whatever_the_numbers(numbers: list[float]) -> None:
    finite = [x for x in numbers if math.isfinite(x)]
    bins = bins_of(np.array(numbers))
    assert total(bins) == len(finite)
    if bins is not None:
        assert len(bins.edges) == len(bins.counts) + 1 and list(bins.edges) == sorted(set(bins.edges))
        assert bins.edges[0] <= min(finite) and max(finite) <= bins.edges[-1]


def test_a_large_gradient_is_counted_as_a_whole_when_the_program_ends() -> None:
    torch.manual_seed(0)
    gradient = torch.randn(100, 1000)
    value = preview(gradient, Limits(), items=10_000, is_final=True)
    assert not value.is_whole and value.bins is not None
    counts, edges = np.histogram(gradient.numpy(), bins=40)
    assert value.bins.counts == tuple(counts.tolist()) and sum(value.bins.counts) == 100_000
    assert np.allclose(value.bins.edges, edges)
    assert preview(gradient, Limits(), items=10_000).bins is None  # of other values nothing is counted
    assert preview(gradient, Limits(), items=100_000, is_final=True).bins is None  # it is there as a whole
