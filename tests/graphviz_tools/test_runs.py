"""Which backward run a step belongs to."""

from __future__ import annotations

from engine.contract.trace import CalledStep, Program, RunEndedStep, RunRecord, RunStartedStep, Step, Trace
from engine.text.language import translator
from graphviz_tools.story.runs import first_step, shown_runs, turns

CALL = CalledStep(call=0)


def traced(*steps: Step, partial: tuple[int, ...] = ()) -> Trace:
    n = 1 + max((step.run for step in steps if isinstance(step, RunStartedStep)), default=-1)
    runs = tuple(RunRecord("backward", line=10 + i, is_full=i not in partial) for i in range(n))
    return Trace(Program(""), "ok", steps=steps, runs=runs)


def start(run: int) -> Step:
    return RunStartedStep(run)


def end(run: int) -> Step:
    return RunEndedStep(run, completed=True)


def test_the_way_to_a_run_belongs_to_it_and_what_follows_the_last_one_to_that() -> None:
    trace = traced(CALL, start(0), end(0), CALL, start(1), end(1), CALL)
    assert turns(trace) == ((0, 0), (4, 1))


def test_a_run_inside_another_has_its_own_steps() -> None:
    trace = traced(CALL, start(0), CALL, start(1), CALL, end(1), CALL, end(0), CALL, start(2), end(2))
    assert turns(trace) == ((0, 0), (4, 1), (7, 0), (9, 2))


def test_runs_that_are_only_noted_have_no_steps_and_no_tab() -> None:
    trace = traced(start(0), end(0), CALL, start(1), end(1), partial=(1,))
    assert turns(trace) == ((0, 0),)
    assert [run.run for run in shown_runs(trace, translator("en"))] == [0]


def test_a_run_that_never_ends_and_a_program_without_one() -> None:
    assert turns(traced(CALL, start(0), CALL)) == ((0, 0),)
    assert turns(traced(CALL)) == () == shown_runs(traced(CALL), translator("en"))


def test_runs_are_counted_from_one_and_say_where_they_start_and_their_line() -> None:
    trace = traced(CALL, start(0), end(0), start(1), end(1))
    told = [(run.step, run.title, run.about) for run in shown_runs(trace, translator("en"))]
    assert told == [(2, "Backward 1", "line 10"), (4, "Backward 2", "line 11")]
    assert [first_step(trace, run) for run in (0, 1, 2)] == [2, 4, 5]
