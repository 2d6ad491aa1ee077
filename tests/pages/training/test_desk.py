"""A visitor's runs: started once, several at once, paused, stopped, and ended with the session."""

from __future__ import annotations

import pytest

from engine.contract.events import Chunk, Printed
from engine.contract.live import RecordNext, ScaleLearningRate, SetLearningRate
from engine.contract.trace import RunRecord
from engine.running.turns import Asker, Place
from pages.ui.desk.leaving import GRACE_S, LOOK_S
from pages.ui.training import commands
from pages.ui.training.commands import Before, LearningRate, Pause, RecordStep, Remove, Resume, Stop, act
from pages.ui.training.desk import MEMORY_S, MOST_RUNS, TrainingDesk, TrainingDesks
from tests.pages.training.hand import STARTED, candidate, eventually, losses, tick


def started(desk, hand, source="loss.backward()", key="own"):
    """A run whose process has begun."""
    (run,) = desk.start([candidate(source, key)])
    hand.push(run.id, STARTED)
    eventually(lambda: run.store.phase == "running")
    return run


# --- starting -------------------------------------------------------------------------------------


def test_start_pressed_twice_gives_one_run(desk, hand):
    assert len(desk.start([candidate()])) == 1
    assert desk.start([candidate()]) == []
    eventually(lambda: hand.submitted)
    assert len(desk.runs) == len(hand.submitted) == 1


def test_a_program_that_has_ended_can_be_started_again_beside_its_last_run(desk, hand):
    run = started(desk, hand)
    hand.finish(run.id)
    assert run.wait(10)
    (again,) = desk.start([candidate()])
    assert [each.number for each in desk.runs] == [1, 2]
    assert again.id != run.id


def test_several_programs_run_at_once(desk, hand):
    desk.start([candidate("a.backward()", "a"), candidate("b.backward()", "b")])
    eventually(lambda: len(hand.submitted) == 2)
    assert [run.candidate.key for run in desk.runs] == ["a", "b"]


def test_the_oldest_ended_run_makes_room(desk, hand):
    first = started(desk, hand)
    hand.finish(first.id)
    assert first.wait(10)
    desk.start([candidate(f"l{i}.backward()", str(i)) for i in range(MOST_RUNS)])
    assert len(desk.runs) == MOST_RUNS and first not in desk.runs
    assert desk.start([candidate("one_more.backward()")]) == []  # none has ended: nothing is thrown away


def test_the_runner_is_asked_for_losses_fit_and_long_runs(desk, hand):
    started(desk, hand)
    (limits,) = hand.limits
    assert limits.time_s >= 300
    assert limits.live.series == ("x", "y", "y_pred", "loss", "step", "t")


# --- pause, resume, stop --------------------------------------------------------------------------


def test_pause_and_resume(desk, hand):
    run = started(desk, hand)
    assert act(desk, Pause(run.id)) and run.store.phase == "paused"
    assert act(desk, Resume(run.id)) and run.store.phase == "running"
    assert hand.asked == [("pause", run.id), ("resume", run.id)]


def test_a_pause_before_the_process_is_there_stays(desk, hand):
    (run,) = desk.start([candidate()])
    run.pause()
    hand.push(run.id, STARTED)
    eventually(lambda: run.store.has_started)
    assert (hand.asked, run.store.phase) == ([("pause", run.id)], "paused")


def test_a_run_that_is_resumed_says_that_it_waits_until_it_has_a_place_again(desk, hand):
    run = started(desk, hand)
    run.pause()
    hand.places[run.id] = Place(1, "parked")
    run.resume()
    assert run.store.phase == "waiting"
    desk.look()
    assert run.store.phase == "waiting"
    del hand.places[run.id]
    desk.look()
    assert run.store.phase == "running"
    hand.places[run.id] = Place(1, "parked")
    desk.look()
    assert run.store.phase == "waiting"  # others have their turn


def test_the_runs_of_all_tabs_of_a_browser_are_one_visitors_and_none_replaces_another(hand):
    desks = [TrainingDesk(hand, Asker("ada", tab)) for tab in ("tab 1", "tab 2")]
    for desk in desks:
        started(desk, hand)
    assert [(asker.visitor, asker.desk) for asker in hand.askers] == [("ada", "training")] * 2
    for desk in desks:
        desk.close()


def test_stop_during_the_first_import_is_over_at_once(desk, hand):
    (run,) = desk.start([candidate()])
    run.stop()
    assert (run.has_ended, run.store.ending) == (True, "cancelled")


def test_what_a_stopped_run_told_stays(desk, hand):
    run = started(desk, hand)
    hand.push(run.id, losses(3.0, 2.0), Printed("stdout", "hello\n"))
    eventually(lambda: run.store.output.n_lines)
    assert act(desk, Stop(run.id)) and run.wait(10)
    assert (run.store.ending, run.store.last_loss, run.store.output.tail()) == ("cancelled", 2.0, "hello")
    assert not act(desk, Stop(run.id)) and not act(desk, Pause(run.id))


def test_removing_a_run_under_way_ends_it(desk, hand):
    run = started(desk, hand)
    assert act(desk, Remove(run.id)) and run.wait(10)
    assert desk.runs == () and hand.cancelled == [run.id]


def test_a_run_of_another_desk_is_not_found(desk, hand):
    another = TrainingDesk(hand)
    run = started(another, hand)
    assert not act(desk, Stop(run.id))
    assert not run.has_ended
    another.close()


# --- commands -------------------------------------------------------------------------------------


def test_commands_go_to_the_program(desk, hand):
    run = started(desk, hand)
    assert (
        act(desk, RecordStep(run.id))
        and act(desk, LearningRate(run.id, factor=0.1))
        and act(desk, LearningRate(run.id, 0.5))
    )
    assert hand.told == [RecordNext(), ScaleLearningRate(0.1), SetLearningRate(0.5)]


@pytest.mark.parametrize("wrong", [{"factor": -1.0}, {"factor": float("inf")}, {"value": float("nan")}, {}])
def test_a_learning_rate_that_is_none_is_refused(desk, hand, wrong):
    run = started(desk, hand)
    assert not act(desk, LearningRate(run.id, **wrong))
    assert hand.told == []


def test_a_run_that_has_not_begun_takes_no_commands(desk, hand):
    (run,) = desk.start([candidate()])
    assert not act(desk, RecordStep(run.id))
    assert hand.told == []


def test_the_step_before_nan_is_recorded_by_running_again(desk, hand):
    run = started(desk, hand)
    assert not act(desk, Before(run.id))  # its loss is finite
    hand.push(run.id, losses(*[1.0] * 9, "nan"))
    eventually(lambda: run.store.not_finite)
    assert act(desk, Before(run.id))
    eventually(lambda: len(hand.limits) == 2)
    assert hand.limits[1].live.record == (8, 9)  # steps 9 and 10, counted from 0
    assert desk.runs[1].candidate == run.candidate


def test_a_run_that_was_to_record_ends_once_it_has(desk, hand):
    run = started(desk, hand)
    hand.push(run.id, losses(*[1.0] * 9, "nan"))
    eventually(lambda: run.store.not_finite)
    act(desk, Before(run.id))
    again = desk.runs[1]
    hand.push(again.id, STARTED, recorded(8))
    eventually(lambda: again.store.recorded)
    assert not again.has_ended
    hand.push(again.id, recorded(9))
    assert again.wait(10)
    assert again.store.ending == "cancelled" and hand.cancelled == [again.id]


def recorded(backward: int):

    return tick(backward, 0.1, run=backward)


def test_the_trace_of_a_run_has_the_steps_recorded_in_full(desk, hand):
    run = started(desk, hand)
    hand.push(run.id, Chunk(runs=(RunRecord("backward", 7),)), losses(1.0), Printed("stdout", "."))
    eventually(lambda: run.store.output.tail())
    trace = run.trace()
    assert [each.line for each in trace.runs] == [7]
    assert trace.later_losses == ()  # they are in the store, in bounded length


def test_asked_words_are_read_strictly():
    import msgspec

    read = msgspec.json.decode(b'{"what":"learning_rate","run":"r","factor":10}', type=commands.Asked)
    assert read == LearningRate("r", factor=10.0)
    for wrong in (b"{}", b'{"what":"stop"}', b'{"what":"stop","run":"r","more":1}', b'{"what":"rm","run":"r"}'):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(wrong, type=commands.Asked)


# --- sessions -------------------------------------------------------------------------------------


class Visitors:
    """Who is connected, and what time it is."""

    def __init__(self) -> None:
        self.here: set[str] = set()
        self.now = 0.0
        self.desks = TrainingDesks(self.here.__contains__, lambda: self.now)

    def come(self, name: str, desk: TrainingDesk) -> TrainingDesk:
        self.here.add(name)
        self.desks.keep(desk, name)
        return desk

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.desks.sweep()


@pytest.fixture
def visitors():
    the_visitors = Visitors()
    yield the_visitors
    the_visitors.desks.close()


def test_a_desk_is_found_by_its_key_only_while_its_session_is_connected(visitors, desk):
    visitors.come("ada", desk)
    assert visitors.desks.find(desk.key) is desk
    assert visitors.desks.find("guessed") is None
    visitors.here.clear()
    assert visitors.desks.find(desk.key) is None


def test_keys_differ_and_cannot_be_guessed(hand):
    keys = {TrainingDesk(hand).key for _ in range(50)}
    assert len(keys) == 50 and min(map(len, keys)) >= 32


def test_runs_go_on_while_their_session_lives_and_end_with_it(visitors, desk, hand):
    visitors.come("ada", desk)
    run = started(desk, hand)
    visitors.later(3600)
    assert not run.has_ended
    visitors.here.clear()
    visitors.later(LOOK_S)
    visitors.later(GRACE_S - LOOK_S)
    assert not run.has_ended  # a reload takes a moment
    visitors.later(LOOK_S)
    assert run.wait(10) and hand.cancelled == [run.id]
    assert GRACE_S + LOOK_S < 2.5  # and some for the process: gone within three seconds


def test_a_session_that_comes_back_in_time_keeps_its_runs(visitors, desk, hand):
    visitors.come("ada", desk)
    run = started(desk, hand)
    visitors.here.clear()
    visitors.later(GRACE_S - LOOK_S)
    visitors.here.add("ada")
    visitors.later(LOOK_S)
    visitors.here.clear()
    visitors.later(LOOK_S)
    visitors.later(GRACE_S - LOOK_S)
    assert not run.has_ended


def test_a_page_loaded_anew_takes_its_desk_over_under_a_new_key(visitors, desk, hand):
    visitors.come("ada", desk)
    run = started(desk, hand)
    old = desk.key
    visitors.here.clear()
    visitors.here.add("ada again")
    visitors.later(1)
    assert visitors.desks.take_over(old, "ada again") is desk
    assert desk.key != old and visitors.desks.find(old) is None and visitors.desks.find(desk.key) is desk
    visitors.later(60)
    assert not run.has_ended
    assert visitors.desks.take_over(old, "eve") is None


def test_nobody_takes_the_desk_of_a_session_that_is_connected(visitors, desk):
    visitors.come("ada", desk)
    visitors.here.add("duplicated tab")
    assert visitors.desks.take_over(desk.key, "duplicated tab") is None
    assert visitors.desks.find(desk.key) is desk


def test_a_desk_left_behind_is_forgotten_after_a_while(visitors, desk):
    visitors.come("ada", desk)
    visitors.here.clear()
    visitors.later(1)
    visitors.later(MEMORY_S)
    assert visitors.desks.take_over(desk.key, "ada again") is None


def test_closing_the_server_ends_every_run(visitors, desk, hand):
    visitors.come("ada", desk)
    run = started(desk, hand)
    visitors.desks.close()
    assert run.wait(10)
    assert desk.start([candidate("more.backward()")]) == []
