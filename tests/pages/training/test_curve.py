"""Curves of bounded length, and what a browser is told of them."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from engine.contract.thin_curve import lows_and_highs
from pages.ui.training.curve import BROWSER_MOST, BROWSER_START, UPDATE_MOST, Curve, SentCurve, epochs

numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(numbers, max_size=300), st.integers(2, 80))
def test_thinning_keeps_the_ends_and_every_extreme(ys, most):
    kept = lows_and_highs(ys, most)
    assert len(kept) <= most and kept == sorted(set(kept))
    if ys:
        assert (kept[0], kept[-1]) == (0, len(ys) - 1)
    if ys and most >= 4:
        shown = [ys[i] for i in kept]
        assert (min(shown), max(shown)) == (min(ys), max(ys))


def test_one_peak_among_a_million_points_is_not_lost():
    ys = [0.0] * 100_000
    ys[54_321] = 1.0
    assert 54_321 in lows_and_highs(ys, 100)


def test_a_curve_stays_bounded_and_keeps_its_first_last_and_highest_point():
    curve = Curve(capacity=100)
    for x in range(5_000):
        curve.add(x, 9.0 if x == 777 else math.sin(x))
    assert len(curve) <= 100
    assert (curve.xs[0], curve.xs[-1], curve.is_thinned) == (0, 4_999, True)
    assert max(curve.ys) == 9.0
    assert list(curve.xs) == sorted(set(curve.xs))


def test_a_short_curve_is_exact():
    curve = Curve()
    for x in range(10):
        curve.add(x, x / 2)
    assert curve.after(6)[0].tolist() == [7, 8, 9]
    assert curve.after(6)[1].tolist() == [3.5, 4.0, 4.5]
    assert not curve.is_thinned and curve.last == 4.5


def tell(told: SentCurve, curve: Curve):
    return told.news(*curve.after(told.last_x), curve.xs, curve.ys)


def test_a_browser_is_told_everything_first_and_then_only_what_is_new():
    curve, told = Curve(), SentCurve()
    for x in range(30):
        curve.add(x, 1.0)
    first = tell(told, curve)
    assert first.is_whole and len(first.xs) == 30
    curve.add(30, 2.0)
    second = tell(told, curve)
    assert (second.is_whole, list(second.xs), list(second.ys)) == (False, [30], [2.0])


def test_a_browser_never_has_more_points_than_it_draws_smoothly():
    curve, told, has = Curve(), SentCurve(), 0
    for update in range(200):
        for x in range(update * 500, (update + 1) * 500):
            curve.add(x, math.cos(x / 50))
        points = tell(told, curve)
        has = len(points.xs) if points.is_whole else has + len(points.xs)
        assert has == told.n <= BROWSER_MOST
        assert len(points.xs) <= (BROWSER_START if points.is_whole else UPDATE_MOST)
    assert told.last_x == 99_999


def test_an_epoch_is_shown_when_it_is_whole():
    xs, ys = [1, 2, 3, 4, 5], [1.0, 3.0, 5.0, 7.0, 100.0]
    assert list(epochs(xs, ys, 2)) == [(1, 2.0), (2, 6.0)]
    assert list(epochs([*xs, 6], [*ys, 0.0], 2)) == [(1, 2.0), (2, 6.0), (3, 50.0)]
    assert list(epochs([], [], 2)) == []
