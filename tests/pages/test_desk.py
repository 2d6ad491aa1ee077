"""One visitor's desk: at most one run, and one result that only a newer one replaces."""

import gc
import threading
import weakref

import pytest

from engine.contract.trace import Program
from engine.program.lesson import lesson
from engine.running.turns import NOBODY, Asker
from pages.ui.desk.desk import ProgramDesk
from pages.ui.desk.results import KnownTraces, blank, with_result
from tests.pages.runners import HandRunner

LESSON = Program(source="lesson")
OWN = Program(source="own")
OTHER = Program(source="other")


@pytest.fixture
def runner():
    return HandRunner()


@pytest.fixture
def known():
    return KnownTraces(frozenset({LESSON}))


@pytest.fixture
def session(runner, known):
    return ProgramDesk(runner, known)


def test_a_lesson_shows_its_code_before_its_run_has_told_anything(session):
    session.show(LESSON)

    assert session.is_running
    assert session.result.is_blank
    assert session.result.trace.program == LESSON


def test_the_result_comes_when_the_run_ends(session, runner):
    session.show(LESSON)
    assert not session.settle(timeout_s=0)
    runner.end("lesson", "23.0\n")

    assert session.settle(timeout_s=10)
    assert not session.is_running
    assert session.result.trace.stdout == "23.0\n"


def test_the_last_result_stays_until_the_next_run_ends(session, runner):
    session.run(OWN)
    runner.end("own", "first")
    session.settle(timeout_s=10)
    session.run(OTHER)

    assert session.is_running
    assert session.result.trace.stdout == "first"
    assert session.program == OTHER


def test_a_late_result_of_an_older_run_never_replaces_a_newer_one(session, runner):
    session.run(OWN)
    session.run(OTHER)
    runner.end("other", "new")
    assert session.settle(timeout_s=10)
    runner.end("own", "old")

    assert session.settle(timeout_s=0.05)
    assert session.result.trace.stdout == "new"


def test_running_again_ends_the_run_under_way(session, runner):
    session.run(OWN)
    runner.end("own")  # known to the runner by now
    first = runner.submitted[0][0]
    session.run(OTHER)

    assert set(runner.cancelled) == {first}


def test_stopping_keeps_what_the_run_had_told(session, runner):
    session.run(OWN)
    runner.end("own", "so far", ending="cancelled")
    session.stop()

    assert session.settle(timeout_s=10)
    assert session.result.trace.ending == "cancelled"
    assert session.result.trace.stdout == "so far"


def test_stopping_when_nothing_runs_changes_nothing(session, runner):
    session.run(OWN)
    runner.end("own", "done")
    session.settle(timeout_s=10)
    session.stop()

    assert runner.cancelled == []
    assert session.result.trace.ending == "ok"


def test_every_run_has_a_key_of_its_own(session, runner):
    keys = set()
    for _ in range(2):
        session.run(OWN)
        runner.end("own")
        session.settle(timeout_s=10)
        keys.add(session.result.key)

    assert len(keys) == 2


def test_a_lesson_that_ran_once_is_there_at_once_for_the_next_visitor(session, runner, known):
    session.show(LESSON)
    runner.end("lesson", "23.0\n")
    session.settle(timeout_s=10)
    another = ProgramDesk(runner, known)
    another.show(LESSON)

    assert not another.is_running
    assert another.result.trace.stdout == "23.0\n"
    assert len(runner.submitted) == 1


def test_a_class_that_opens_a_lesson_together_runs_it_once(session, runner, known):
    others = [ProgramDesk(runner, known) for _ in range(3)]
    for one in (session, *others):
        one.show(LESSON)
    runner.end("lesson", "23.0\n")
    for one in (session, *others):
        assert one.settle(timeout_s=10)

    assert len(runner.submitted) == 1
    assert all(one.result is session.result for one in others)
    assert session.result.trace.stdout == "23.0\n"


def test_who_stops_a_run_that_others_wait_for_leaves_it_to_them(session, runner, known):
    other = ProgramDesk(runner, known)
    session.show(LESSON)
    other.show(LESSON)
    session.stop()
    assert session.settle(timeout_s=10)
    assert session.result.trace.ending == "cancelled"
    assert runner.cancelled == [] and known.get(LESSON) is None

    runner.end("lesson", "told")
    assert other.settle(timeout_s=10)
    assert (other.result.trace.stdout, other.result.trace.ending) == ("told", "ok")


def test_a_lesson_run_ends_when_the_last_visitor_who_waits_goes_on_to_something_else(session, runner, known):
    other = ProgramDesk(runner, known)
    session.show(LESSON)
    other.show(LESSON)
    session.run(OWN)
    runner.end("own")
    assert runner.cancelled == []
    other.run(OTHER)
    runner.end("other")
    assert set(runner.cancelled) == {runner.submitted[0][0]}

    session.show(LESSON)
    runner.end("lesson", "anew")
    assert session.settle(timeout_s=10)
    assert session.result.trace.stdout == "anew"


def test_a_lesson_that_is_run_anew_is_nobody_elses(session, runner, known):
    session.show(LESSON)
    ProgramDesk(runner, known).run(LESSON)
    runner.end("lesson")

    assert len(runner.submitted) == 2


def test_pressing_run_on_a_known_lesson_runs_it_again(session, runner):
    session.show(LESSON)
    runner.end("lesson", "first")
    session.settle(timeout_s=10)
    session.run(LESSON)
    runner.end("lesson", "second")
    session.settle(timeout_s=10)

    assert session.result.trace.stdout == "second"


def test_what_a_visitor_typed_is_kept_for_nobody_else(session, runner, known):
    session.run(OWN)
    runner.end("own")
    session.settle(timeout_s=10)

    assert known.get(OWN) is None


@pytest.mark.parametrize("ending", ["cancelled", "timeout", "memory", "crash", "vanished"])
def test_a_lesson_that_was_cut_short_is_not_kept_as_known(session, runner, known, ending):
    session.show(LESSON)
    runner.end("lesson", ending=ending)
    session.settle(timeout_s=10)

    assert known.get(LESSON) is None


def test_a_desk_with_nothing_on_it_says_what_to_do(session):
    with pytest.raises(LookupError, match="call show"):
        _ = session.result


def test_a_run_that_waits_for_pytorch_says_so(known):
    session = ProgramDesk(HandRunner(is_ready=False), known)
    session.show(LESSON)

    assert session.is_starting


def test_however_often_run_is_pressed_at_once_one_run_is_left(session, runner):
    presses = [threading.Thread(target=session.run, args=(Program(source=str(n)),)) for n in range(300)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()

    left = {run_id for run_id, _ in runner.submitted} - set(runner.cancelled)
    assert len(runner.submitted) == 300 and len(left) == 1
    assert session.program.source == next(p.source for run_id, p in runner.submitted if run_id in left)


def test_what_a_visitor_who_left_had_is_given_back_and_run_anew_when_they_return(session, runner):
    session.run(OWN)
    runner.end("own", "first")
    session.settle(timeout_s=10)
    told = weakref.ref(session.result)
    session.leave()
    gc.collect()
    assert told() is None
    assert (session.result.is_blank, session.program, session.is_running) == (True, OWN, False)

    session.leave()
    session.come_back()
    session.come_back()
    runner.end("own", "again")
    assert session.settle(timeout_s=10) and session.result.trace.stdout == "again"
    assert len(runner.submitted) == 2


def test_a_run_whose_visitor_leaves_ends(session, runner):
    session.run(OWN)
    session.leave()

    assert runner.cancelled == [runner.submitted[0][0]]
    session.run(OTHER)
    session.come_back()
    assert session.program == OTHER


def test_a_share_in_a_run_that_was_given_up_is_no_share(runner, known):
    first = ProgramDesk(runner, known)
    first.show(LESSON)
    first.leave()
    second = ProgramDesk(runner, known)
    second.show(LESSON)
    runner.end("lesson", "told")

    assert second.settle(timeout_s=10) and second.result.trace.stdout == "told"


def test_a_lesson_is_run_in_nobodys_name_and_an_own_program_in_its_visitors(known):
    askers = []

    class Notes(HandRunner):
        def submit(self, program, limits, run_id, asker=NOBODY):
            askers.append((program.source, asker.visitor))
            return super().submit(program, limits, run_id, asker)

    session = ProgramDesk(Notes(), known, asker=Asker("ada"))
    session.show(LESSON)
    session.run(OWN)

    assert askers == [("lesson", ""), ("own", "ada")]


def test_what_was_worked_out_of_a_result_goes_with_it():
    made = []

    @with_result
    def size(result, factor):
        made.append(factor)
        return len(result.trace.program.source) * factor

    one, other = blank(OWN), blank(OTHER)
    assert [size(one, 2), size(one, 2), size(other, 2), size(one, 3)] == [6, 6, 10, 9]
    assert made == [2, 2, 3]
    gone = weakref.ref(one)
    del one
    gc.collect()
    assert gone() is None


def test_a_changed_lesson_is_recorded_for_as_many_runs_as_the_lesson(known):
    c6 = lesson("c6-residuals")
    seen = []

    class Noting(HandRunner):
        def submit(self, program, limits, run_id, asker=NOBODY):
            seen.append(limits.full_runs)
            return super().submit(program, limits, run_id, asker)

    session = ProgramDesk(Noting(), known)
    session.run(Program("changed", filename="program.py"), like=Program(c6.source, filename=c6.path.name))
    session.leave()
    session.come_back()
    session.run(Program("other", filename="program.py"))
    assert seen == [8, 8, 3]
