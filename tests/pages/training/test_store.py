"""What a run told, in columns."""

from __future__ import annotations

import pytest

from engine.contract.events import Finished, Live, Printed
from engine.contract.live import Changed, LiveLeaf, LiveOptimizer, Refused, Series
from pages.ui.training.store import MOST_CURVES, OUTPUT_LINES, CurveName, Recorded, Store, element_name
from tests.pages.training.hand import STARTED, leaf, losses, sample, tick


def store(*events) -> Store:
    the_store = Store()
    for event in events:
        the_store.add(event)
    return the_store


def curve(the_store: Store, chart: str, of: str) -> list[tuple[int, float]]:
    found = the_store.curves[CurveName(chart, of)]  # type: ignore[arg-type]
    return list(zip(found.xs, found.ys))


def test_losses_make_a_curve_whose_steps_count_from_one():
    one = store(STARTED, losses(4.0, 2.0, 1.0))
    assert curve(one, "loss", "7") == [(1, 4.0), (2, 2.0), (3, 1.0)]
    assert (one.n_ticks, one.last_step, one.last_loss, one.phase, one.device) == (3, 3, 1.0, "running", "cpu")


def test_backward_runs_on_two_lines_make_two_curves():
    one = store(losses(4.0, line=7), losses(9.0, first=1, line=12), losses(3.0, first=2, line=7))
    assert one.loss_lines == ["7", "12"]
    assert curve(one, "loss", "7") == [(1, 4.0), (3, 3.0)]


@pytest.mark.parametrize("word", ["nan", "inf", "-inf"])
def test_the_first_loss_that_is_no_number_is_remembered(word):
    one = store(losses(1.0, 2.0, word, "nan", 5.0))
    assert (one.not_finite.step, one.not_finite.value) == (3, word)
    assert curve(one, "loss", "7") == [(1, 1.0), (2, 2.0), (5, 5.0)]


def test_roots_that_are_not_one_number_are_counted():
    one = store(losses(None, None, 1.0))
    assert (one.n_not_scalar, one.n_ticks, curve(one, "loss", "7")) == (2, 3, [(3, 1.0)])


def test_small_leaves_are_drawn_element_by_element_and_large_ones_by_their_range():
    one = store(
        leaf(0, "w", (2,)), leaf(1, "big", (100, 100)), sample(4, 0, 0.5, 1.0, 2.0), sample(4, 1, None, 3.0, 5.0)
    )
    assert curve(one, "norm", "w") == [(5, 0.5)]
    assert curve(one, "value", "w[1]") == [(5, 2.0)]
    assert curve(one, "value", "big max") == [(5, 5.0)]
    assert CurveName("norm", "big") not in one.curves  # its .grad is None: no point, not a zero
    assert one.elements == {0: (1.0, 2.0)}


@pytest.mark.parametrize(
    ("shape", "i", "name"), [((), 0, "w"), ((3,), 2, "w[2]"), ((2, 3), 4, "w[1, 1]"), ((2, 1, 2), 3, "w[1, 0, 1]")]
)
def test_an_element_is_called_as_python_would(shape, i, name):
    assert element_name(LiveLeaf(0, "w", shape, "cpu"), i) == name


def test_more_leaves_than_curves_are_said():
    events = [event for i in range(MOST_CURVES + 1) for event in (leaf(i, f"w{i}", ()), sample(0, i, 1.0, 2.0))]
    one = store(*events)
    assert one.is_short_of_curves
    assert sum(name.chart == "norm" for name in one.curves) == MOST_CURVES


def test_a_change_of_the_learning_rate_is_a_mark_and_the_rate_from_then_on():
    one = store(
        Live(optimizers=(LiveOptimizer(0, "SGD", (0.1, 0.2)),)),
        Live(changes=(Changed(11, 0, 0, 0.01, "command"), Changed(11, 0, 1, 0.02, "command"))),
    )
    assert [(mark.step, mark.value, mark.by_visitor) for mark in one.marks] == [(12, 0.01, True)]
    assert one.rates == {(0, 0): 0.01, (0, 1): 0.02}


def test_a_hundred_thousand_lines_are_counted_and_the_last_ones_kept():
    one = store(*(Printed("stdout", f"line {i}\nline {i + 1}\n") for i in range(0, 100_000, 2)))
    tail = one.output.tail().split("\n")
    assert one.output.n_lines == 100_000
    assert len(tail) == OUTPUT_LINES and tail[-1] == "line 99999"


def test_output_is_put_together_from_pieces():
    one = store(Printed("stdout", "a"), Printed("stdout", "b\nc"))
    assert (one.output.n_lines, one.output.tail()) == (1, "ab\nc")


def test_one_endless_line_does_not_grow_for_ever():
    one = store(*(Printed("stdout", "x" * 1000) for _ in range(200)))
    assert len(one.output.tail()) <= 20_000


def test_the_speed_is_that_of_the_last_seconds():
    times = [i / 10 for i in range(100)] + [10 + i / 100 for i in range(500)]
    one = store(*(tick(i, time_s) for i, time_s in enumerate(times)))
    assert one.rate.per_s == pytest.approx(100.0, rel=0.01)
    assert store(losses(1.0)).rate.per_s is None


def test_a_program_without_backward_has_the_curve_of_its_variables():
    def moment(t: float, loss: float | str) -> Live:
        return Live(series=(Series(None, t, "loss", (loss,)), Series(None, t, "t", (t,))))  # type: ignore[arg-type]

    one = store(moment(0, 5.0), moment(10, 4.0), moment(20, "nan"))
    assert curve(one, "loss", "loss") == [(1, 5.0), (11, 4.0)]
    assert one.not_finite.step == 21 and one.n_ticks == 0


def test_a_variable_beside_a_backward_is_no_second_loss():
    early = Live(series=(Series(None, 0.0, "loss", (9.0,)), Series(None, 0.0, "t", (0.0,))))
    one = store(early, losses(3.0), Live(series=(Series(0, 0.0, "loss", (3.0,)), Series(0, 0.0, "t", (0.0,)))))
    assert one.loss_lines == ["7"]


def test_data_and_fit_are_as_they_were_last():
    one = store(
        Live(series=(Series(0, 0.0, "y_pred", (1.0, "nan")),)),
        Live(series=(Series(5, 0.1, "y_pred", (2.0, 3.0), 1_000),)),
    )
    assert one.series["y_pred"] == ((2.0, 3.0), 1_000)


def test_a_step_recorded_in_full_is_known_by_its_number():
    one = store(tick(41, 0.4, run=3))
    assert one.recorded == [Recorded(42, 3)]


def test_a_refused_command_is_remembered():
    assert store(Live(refused=(Refused("record_next", "budget"),))).refused.why == "budget"


def test_what_has_ended_stays_ended():
    one = store(STARTED, Finished(ending="cancelled"))
    version = one.version
    one.enter("running")
    assert (one.phase, one.ending, one.version) == ("ended", "cancelled", version)
