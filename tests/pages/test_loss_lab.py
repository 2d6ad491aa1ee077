"""The loss laboratory without a browser: its programs, its desk, its figures and the page."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.contract.bounded import Bounded
from engine.running import Runner
from engine.text.language import translator
from pages.ui.desk import services
from pages.ui.gradients.figures import colours
from pages.ui.loss_lab import figures
from pages.ui.loss_lab.desk import LossDesk, Measured, Measurement, kept
from pages.ui.loss_lab.programs import Binary, Classes, Settings, Values
from tests.pages.runners import HandRunner

SCRIPT = """
import runpy
from pages.ui.desk import state
state.desk()
runpy.run_path("pages/loss_lab.py")
"""
_ = translator("en")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as one:
        yield one


def measured(runner: Runner, settings: Settings) -> Measurement:
    """What the real program prints."""
    desk = LossDesk(runner, Bounded(9))
    desk.measure(settings)
    assert desk.settle(60)
    assert desk.last is not None
    assert desk.last.trace.failure is None
    return desk.last


def printed(settings: Values, by: float = 1.0) -> str:
    """Output of a program that measured one loss."""
    n = len(settings.targets)
    one = {
        "loss": by,
        "gradients": [by] * n,
        "shares": [by / n] * n,
        "grid": [-1.0, 0.0, 1.0],
        "curve": [1.0, 0.0, math.inf],
        "slopes": [-1.0, math.nan, 1.0],
    }
    return json.dumps({"MSE": one}) + "\n"


# --- the programs, run by PyTorch -----------------------------------------------------------------


@pytest.mark.slow
def test_the_losses_of_numbers_follow_their_formulas_by_mean_and_by_sum(runner: Runner) -> None:
    for reduction, n in (("sum", 1), ("mean", 6)):
        settings = Values(reduction=reduction)
        losses = measured(runner, settings).losses
        r = settings.residuals
        assert losses["MSE"].loss == pytest.approx(sum(x * x for x in r) / n)
        assert losses["MSE"].gradients == pytest.approx([2 * x / n for x in r], rel=1e-5)
        assert losses["L1"].gradients == pytest.approx([math.copysign(1, x) / n for x in r])
        assert losses["SmoothL1"].gradients == pytest.approx([max(-1, min(1, x)) / n for x in r], rel=1e-5)
        assert losses["Huber"].gradients == pytest.approx([max(-2, min(2, x)) / n for x in r], rel=1e-5)


def test_the_points_lie_on_the_curves(runner: Runner) -> None:
    settings = Values(targets=(1.0, 1.5, 3.5, 3.0, 6.0, 2.0), chosen=2)  # residuals of the grid
    for one in measured(runner, settings).losses.values():
        for residual, share, gradient in zip(settings.residuals, one.shares, one.gradients, strict=True):
            place = min(range(len(one.grid)), key=lambda i: abs(one.grid[i] - residual))
            assert one.curve[place] == pytest.approx(share, abs=1e-5)
            assert one.slopes[place] == pytest.approx(gradient, abs=1e-5)


def test_a_saturated_sigmoid_shows_as_zero_nan_and_infinity(runner: Runner) -> None:
    losses = measured(runner, Binary()).losses
    assert [losses[name].gradients[3] for name in ("BCE", "BCEWithLogits")] == [0.0, 1.0]
    assert math.isnan(losses["by hand"].gradients[3])
    assert losses["by hand"].loss == math.inf
    assert losses["BCE"].shares[3] == 100


def test_cross_entropy_gives_softmax_minus_one_hot(runner: Runner) -> None:
    (one,) = measured(runner, Classes(reduction="sum")).losses.values()
    (third,) = measured(runner, Classes(reduction="mean")).losses.values()
    assert one.gradients == pytest.approx(one.difference, abs=1e-6)
    assert third.gradients == pytest.approx([g / 3 for g in one.gradients], abs=1e-6)
    logits = Classes().rows[0]
    total = sum(map(math.exp, logits))
    assert one.softmax == pytest.approx([math.exp(z) / total for z in logits], rel=1e-5)
    middle = one.grid.index(0.0)
    assert one.curve[middle] == pytest.approx(math.log(1 + sum(map(math.exp, logits[1:]))), rel=1e-5)


@pytest.mark.parametrize("settings", [Values(), Binary(), Classes()])
def test_a_move_changes_the_chosen_number_only_and_widens_the_grid(settings: Settings) -> None:
    moved = settings.move(settings.at(-40.0))
    assert moved.move(settings.moved) == settings
    assert moved.program() != settings.program()
    compile(moved.program().source, "moved", "exec")


# --- the desk -------------------------------------------------------------------------------------


def test_a_known_result_is_there_at_once_and_a_failed_one_is_not_kept() -> None:
    hand, results = HandRunner(), Bounded(9)
    first = LossDesk(hand, results)
    first.measure(Values())
    hand.end(Values().program().source, printed(Values()))
    assert first.settle(10)
    other = LossDesk(hand, results)
    other.measure(Values())
    assert not other.is_running
    assert other.last is first.last
    other.measure(Values().move(3))
    hand.end(Values().move(3).program().source, "", "memory")
    assert other.settle(10)
    assert other.last is not None
    assert (other.last.losses, other.last.trace.ending) == ({}, "memory")
    assert results.get(Values().move(3)) is None
    other.again()
    assert other.is_running


def test_the_last_result_stays_until_the_next_and_a_run_overtaken_is_ended() -> None:
    hand = HandRunner()
    desk = LossDesk(hand, Bounded(9))
    desk.measure(Values())
    hand.end(Values().program().source, printed(Values()))
    assert desk.settle(10)
    desk.measure(Values().move(1))
    assert not desk.settle(0)
    assert desk.last is not None
    assert desk.last.settings == Values()
    desk.measure(Values().move(2))
    hand.end(Values().move(2).program().source, printed(Values(), by=2))
    assert desk.settle(10)
    assert desk.last.losses["MSE"].loss == 2
    assert len(hand.cancelled) >= 1


def test_two_scripts_of_one_visitor_may_wait_for_the_same_run() -> None:
    hand = HandRunner()
    desk = LossDesk(hand, Bounded(9))
    desk.measure(Values())
    faults: list[BaseException] = []

    def wait() -> None:
        try:
            desk.settle(10)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=wait) for _one in range(4)]
    for thread in threads:
        thread.start()
    hand.end(Values().program().source, printed(Values()))
    for thread in threads:
        thread.join()
    assert faults == []
    assert desk.settle(0)


# --- figures and page -----------------------------------------------------------------------------


def test_zero_nan_and_infinity_are_drawn_as_signs() -> None:
    one = Measured(
        math.inf,
        (0.0, math.nan, 2.0),
        (0.0, math.inf, 1.0),
        (0.0, 1.0, 2.0),
        (0.0, math.inf, 1.0),
        (0.0, math.nan, 2.0),
    )
    bars = figures.gradient_bars({"MSE": one}, colours("light"), _)
    assert list(bars.data[0].text) == ["0", "NaN", ""]
    assert list(bars.data[0].y) == [0, 0, 2]
    curve = figures.curves({"MSE": one}, "curve", (0.0, 1.0, 2.0), 0, colours("dark"), ("x", "y"), _)
    assert list(curve.data[0].y) == [0, None, 1]
    assert [(trace.name, list(trace.x)) for trace in curve.data if trace.name and "∞" in trace.name] == [
        ("MSE: ∞", [1])
    ]


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> HandRunner:
    one = HandRunner(is_ready=False)
    monkeypatch.setattr(services, "runner", lambda: one)
    monkeypatch.setattr(st, "page_link", lambda *_arguments, **_options: None)  # it needs st.navigation
    kept.cache_clear()
    return one


def test_the_page_says_that_pytorch_starts_then_shows_the_numbers_then_a_failure(hand: HandRunner) -> None:
    test = AppTest.from_string(SCRIPT, default_timeout=30).run()
    assert "PyTorch is starting" in test.info[0].value
    hand.end(Values().program().source, printed(Values()))
    hand.is_ready = True
    test.run()
    assert not test.exception
    assert any("MSE 1" in markdown.value for markdown in test.markdown)
    assert test.slider(key="loss-moved").value == 14.0
    test.slider(key="loss-moved").set_value(2.0).run()
    hand.end(Values().move(2.0).program().source, "", "memory")
    test.run()
    assert "memory" in test.error[0].value
    assert test.button[0].label == "Run it again"
