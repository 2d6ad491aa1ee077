"""What a program prints can be read while it runs: the last of it, at a bounded cost."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

import pytest

from engine.contract.assemble import LAST, TraceBuilder
from engine.contract.events import Finished, Printed
from engine.contract.trace import Limits, Program
from pages.ui.desk.desk import ProgramDesk
from pages.ui.desk.results import KnownTraces
from tests.pages.runners import HandRunner

LESSON = Program("print('lesson')")


def test_the_last_of_the_output_is_told_also_beyond_what_the_recording_keeps() -> None:
    builder = TraceBuilder(Program("x"), Limits(output_chars=20))
    assert builder.printed == ""
    for text in ("α", "βγ", "", "δε"):
        builder.add(Printed("stdout", text))
        builder.add(Printed("stderr", "no"))
    assert builder.printed == "αβγδε"
    builder.add(Printed("stdout", "x" * LAST + "yz"))
    builder.add(Finished(ending="ok"))
    assert builder.printed == "x" * (LAST - 2) + "yz"
    assert builder.trace().stdout == "αβγδε" + "x" * 15


@pytest.mark.parametrize("program", [LESSON, Program("print('own')")])
def test_a_session_tells_what_its_run_has_printed_and_nothing_when_none_is_under_way(program: Program) -> None:
    runner = HandRunner()
    session = ProgramDesk(runner, KnownTraces(frozenset({LESSON})))
    session.show(program)
    run_id = session.run_id
    assert run_id == runner.submitted[-1][0]
    assert session.printed == ""
    runner.say(program.source, "line 1\nline 2\n")
    assert wait_for(lambda: session.printed == "line 1\nline 2\n")
    runner.end(program.source)
    assert session.settle(10)
    assert (session.run_id, session.printed) == ("", "")


def test_a_run_that_replaces_another_has_an_id_and_an_output_of_its_own() -> None:
    runner = HandRunner()
    session = ProgramDesk(runner, KnownTraces(frozenset()))
    session.show(Program("a"))
    first = session.run_id
    runner.say("a", "old")
    assert wait_for(lambda: session.printed == "old")
    session.run(Program("b"))
    assert session.run_id not in ("", first)
    assert session.printed == ""


def wait_for(claim: Callable[[], bool], patience_s: float = 10.0) -> bool:
    deadline = monotonic() + patience_s
    while not claim() and monotonic() < deadline:
        sleep(0.01)
    return claim()
