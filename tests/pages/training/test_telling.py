"""What an open page is told: what is new, in bounded updates, in its language."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.contract.events import Live, Printed
from engine.contract.live import Changed, LiveOptimizer, Refused, Series
from engine.contract.trace import Ending, Failure, Program
from pages.ui.training.candidates import Candidate
from pages.ui.training.curve import BROWSER_START
from pages.ui.training.summary import duration
from pages.ui.training.table import losses_csv
from pages.ui.training.updates import Teller, Wish
from tests.pages.training.hand import STARTED, candidate, eventually, leaf, losses, sample, tick

LOOP = "for t in range(200):\n    loss.backward()"


def begun(desk, hand, *events, source=LOOP, key="own"):
    """A run that has told these events and been heard."""
    (run,) = desk.start([candidate(source, key)])
    tell(hand, run, STARTED, *events)
    return run


def tell(hand, run, *events):
    seen = run.store.version
    hand.push(run.id, *events)
    eventually(lambda: run.store.version >= seen + len(events))


def told(teller: Teller) -> dict[str, Any]:
    update = teller.update()
    assert update is not None
    return json.loads(update)


def row(desk, **wish) -> dict[str, Any]:
    return told(Teller(desk, Wish(**wish)))["runs"][0]


def test_an_empty_desk_is_told_once(desk):
    teller = Teller(desk, Wish())
    assert told(teller) == {"order": [], "runs": [], "curves": [], "series": [], "outputs": []}
    assert teller.update() is None


def test_only_what_is_new_is_told(desk, hand):
    run = begun(desk, hand, losses(4.0, 2.0), Printed("stdout", "first\n"))
    teller = Teller(desk, Wish())
    first = told(teller)
    assert first["curves"] == [
        {"run": run.id, "chart": "loss", "of": "7", "xs": [1, 2], "ys": [4.0, 2.0], "n": 2, "whole": True}
    ]
    assert first["outputs"] == [{"run": run.id, "n": 1, "tail": "first"}]
    assert teller.update() is None
    tell(hand, run, losses(1.0, first=2))
    second = told(teller)
    assert [(c["xs"], c["ys"], c["whole"]) for c in second["curves"]] == [([3], [1.0], False)]
    assert second["outputs"] == [] and second["runs"][0]["loss"] == "1"


def test_a_run_that_was_removed_is_gone(desk, hand):
    run = begun(desk, hand, losses(1.0))
    teller = Teller(desk, Wish())
    assert told(teller)["order"] == [run.id]
    desk.remove(run.id)
    assert told(teller)["order"] == []
    assert teller.update() is None


def test_updates_stay_below_twenty_kilobytes_and_nothing_is_lost(desk, hand):
    runs = [
        begun(desk, hand, losses(*[1.0 / (i + 1) for i in range(5_000)]), key=f"k{n}", source=f"{LOOP} #{n}")
        for n in range(8)
    ]
    for run in runs:
        for number in range(20):
            events = [leaf(number, f"layer.{number}.weight", (30, 30))]
            events += [sample(step, number, 1.0 / 3, 0.1 + step, 0.2 + step) for step in range(100)]
            tell(hand, run, *events)
        tell(hand, run, Printed("stdout", "0123456789" * 2_000))
    teller, has, sizes = Teller(desk, Wish()), {}, []
    while (update := teller.update()) is not None:
        sizes.append(len(update))
        for part in json.loads(update)["curves"]:
            assert part["whole"] and (part["run"], part["chart"], part["of"]) not in has
            has[part["run"], part["chart"], part["of"]] = len(part["xs"])
    assert max(sizes) < 20_000 and len(sizes) > 3
    assert sum(chart == "loss" for _run, chart, _of in has) == 8
    assert sum(chart == "norm" for _run, chart, _of in has) == 8 * 20
    assert has[runs[0].id, "loss", "7"] <= BROWSER_START


def test_epochs_are_means_over_as_many_steps_as_the_text_says(desk, hand):
    source = "for e in range(3):\n    for i in range(2):\n        loss.backward()"
    run = begun(desk, hand, losses(4.0, 2.0, 1.0), source=source)
    teller = Teller(desk, Wish(by_epoch=True))
    first = told(teller)
    assert (first["curves"][0]["xs"], first["curves"][0]["ys"], first["runs"][0]["epoch"]) == ([1], [3.0], 2)
    tell(hand, run, losses(0.5, first=3))
    assert told(teller)["curves"][0]["ys"] == [0.75]


def test_steps_per_epoch_can_be_told_or_are_found_at_the_end(desk, hand):
    source = "for e in range(2):\n    for x in batches:\n        loss.backward()"
    run = begun(desk, hand, losses(4.0, 2.0, 1.0, 0.0), source=source)
    assert row(desk, by_epoch=True)["epoch"] == 0
    assert told(Teller(desk, Wish(by_epoch=True)))["curves"] == []
    assert told(Teller(desk, Wish(by_epoch=True, epoch_steps=4)))["curves"][0]["ys"] == [1.75]
    hand.finish(run.id)
    assert run.wait(10)
    assert told(Teller(desk, Wish(by_epoch=True)))["curves"][0]["ys"] == [3.0, 0.5]


def test_data_are_told_once_and_the_fit_whenever_it_moved(desk, hand):
    def series(name: str, *values: float) -> Live:
        return Live(series=(Series(0, 0.0, name, values, len(values)),))

    run = begun(desk, hand, series("x", 1.0, 2.0), series("y", 3.0, 4.0), series("y_pred", 0.0, 0.0), series("t", 1.0))
    teller = Teller(desk, Wish())
    assert [(s["role"], s["name"], s["values"]) for s in told(teller)["series"]] == [
        ("x", "x", [1.0, 2.0]),
        ("y", "y", [3.0, 4.0]),
        ("fit", "y_pred", [0.0, 0.0]),
    ]
    tell(hand, run, series("x", 1.0, 2.0), series("y_pred", 2.5, 3.5))
    assert [(s["role"], s["values"]) for s in told(teller)["series"]] == [("fit", [2.5, 3.5])]


def test_progress_speed_and_time_left(desk, hand):
    begun(desk, hand, losses(*[1.0] * 50), losses(*[1.0] * 50, first=50))
    one = row(desk)
    assert (one["step"], one["total"], one["share"]) == (100, 200, 0.5)
    assert (one["speed"], one["left"]) == ("100 steps/s · 10 ms each", "1 s left")


def test_a_length_that_is_not_known_is_said(desk, hand):
    begun(desk, hand, losses(1.0), source="while True:\n    loss.backward()")
    assert (row(desk)["share"], row(desk)["left"]) == (None, "length unknown")
    assert row(desk, language="zh")["left"] == "长度未知"


@pytest.mark.parametrize(("seconds", "text"), [(8, "8 s"), (59.4, "59 s"), (125, "2:05"), (3600, "1:00:00")])
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_parameters_and_learning_rate_stand_in_the_row(desk, hand):
    begun(
        desk,
        hand,
        leaf(0, "w", (2,)),
        leaf(1, "big", (50, 50)),
        sample(0, 0, 1.0, 2.0, 1.0),
        sample(0, 1, 1.0, 5.0),
        Live(optimizers=(LiveOptimizer(0, "SGD", (0.1,)),)),
        Live(changes=(Changed(4, 0, 0, 0.01, "command"),)),
    )
    one = row(desk)
    assert (one["values"], one["rates"], one["marks"]) == ("w[0] = 2, w[1] = 1", "0.01", [[5, "0.01"]])


# --- bad input, plainly ---------------------------------------------------------------------------


def notes(desk, **wish) -> str:
    return " | ".join(note["text"] for note in row(desk, **wish)["notes"])


def ended(desk, hand, ending: Ending, failure: Failure | None = None, *events, **more):
    from engine.contract.events import Finished

    run = begun(desk, hand, *events, **more)
    hand.push(run.id, Finished(ending=ending, failure=failure))
    assert run.wait(10)
    return run


def test_nan_says_at_which_step_and_offers_the_one_before(desk, hand):
    begun(desk, hand, losses(*[1.0] * 87, "nan"))
    one = row(desk)
    assert one["not_finite"] == [88, "NaN"] and one["loss"] == "NaN"
    assert one["notes"][0] == {"kind": "bad", "text": "The loss is NaN from step 88 on.", "before": 88}
    assert "从第 88 步起，损失是 NaN。" in notes(desk, language="zh")


def test_no_backward(desk, hand):
    ended(desk, hand, "ok", None, source="print(1)")
    assert "No backward ran, so there is no loss to draw." in notes(desk)


def test_gradients_by_hand(desk, hand):
    ended(
        desk,
        hand,
        "ok",
        None,
        Live(series=(Series(None, 0, "loss", (5.0,)), Series(None, 0, "t", (3.0,)))),
        source="print(1)",
    )
    assert "computes its gradients by hand" in notes(desk)


def test_several_losses_in_a_step(desk, hand):
    begun(desk, hand, losses(4.0, line=7), losses(9.0, first=1, line=12))
    assert "backward runs on lines 7, 12" in notes(desk)


def test_a_root_that_is_not_one_number(desk, hand):
    begun(desk, hand, losses(None, None))
    assert "The root of 2 backward runs is not one number" in notes(desk)
    assert row(desk)["loss"] == ""


def test_an_error_says_where(desk, hand):
    ended(desk, hand, "error", Failure("RuntimeError", "shapes differ", 12, "forward"), losses(1.0))
    assert row(desk)["state"] == "stopped with an error" and row(desk)["bad"]
    told, meaning = notes(desk).split(" | ")
    assert told == "line 12: RuntimeError: shapes differ" and meaning.startswith("RuntimeError was raised.")
    assert notes(desk, language="zh").split(" | ")[1].startswith("出现了 RuntimeError")


def test_a_death_by_signal(desk, hand):
    ended(
        desk, hand, "crash", Failure("Stopped", "the program's process was ended by signal 11", 9, "limit"), losses(1.0)
    )
    told, meaning = notes(desk).split(" | ")
    assert (row(desk)["state"], told) == ("crashed", "line 9: the program's process was ended by signal 11")
    assert meaning.startswith("Python itself crashed")


def test_a_run_of_three_milliseconds_has_all_its_points(desk, hand):
    ended(desk, hand, "ok", None, losses(3.0, 2.0, 1.0), source="for t in range(3):\n    loss.backward()")
    update = told(Teller(desk, Wish()))
    assert update["curves"][0]["xs"] == [1, 2, 3]
    assert (update["runs"][0]["share"], update["runs"][0]["state"]) == (1.0, "finished")


def test_a_refused_command_is_told(desk, hand):
    begun(desk, hand, Live(refused=(Refused("learning_rate", "no_optimizer"),)))
    assert "cannot be changed from outside" in notes(desk)
    assert row(desk)["notes"][-1]["refused"] == "learning_rate"


def test_recorded_steps_are_told(desk, hand):
    begun(desk, hand, tick(41, 0.4, run=3))
    assert row(desk)["recorded"] == [[42, 3]]


# --- the table ------------------------------------------------------------------------------------


def test_every_loss_is_a_line_of_the_csv(desk, hand):
    begun(desk, hand, losses(4.0, 0.1))
    run = Candidate("x", Program(source="b.backward()"), "=1+1")
    (other,) = desk.start([run])
    tell(hand, other, STARTED, losses(2.5, line=3))
    assert losses_csv(desk, "en").splitlines() == [
        "run,name,device,line,step,loss",
        "1,program own,cpu,7,1,4.0",
        "1,program own,cpu,7,2,0.1",
        "2,'=1+1,cpu,3,1,2.5",
    ]


def test_the_first_loss_that_is_no_number_is_in_the_csv_at_its_place(desk, hand):
    begun(desk, hand, losses(4.0, "inf", "nan", 3.0))
    begun(desk, hand, losses("nan", line=3), source="w.backward()", key="own")
    assert [line.split(",")[3:] for line in losses_csv(desk, "en").splitlines()[1:]] == [
        ["7", "1", "4.0"],
        ["7", "2", "inf"],
        ["7", "4", "3.0"],
        ["3", "1", "nan"],
    ]
