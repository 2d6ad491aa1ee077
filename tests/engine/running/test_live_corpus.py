"""Live telling is as invisible as recording: every program of the corpus does the same with it and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.contract.trace import Limits, LiveLimits, Program, Trace
from engine.running import Runner, run

PROGRAMS = sorted((Path(__file__).resolve().parents[2] / "programs").glob("*.py"))
pytestmark = pytest.mark.slow  # two processes for each program
LIVE = Limits(time_s=60, live=LiveLimits(series=("x", "y", "loss", "i"), record=(3, 5)))


def what_it_did(trace: Trace) -> tuple[object, ...]:
    leaves = [(leaf.name, leaf.grad) for leaf in trace.leaves]
    return trace.stdout, trace.stderr, trace.ending, trace.exit_status, leaves


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_does_the_same_with_live_telling(path: Path, runner: Runner) -> None:
    program = Program(path.read_text(encoding="utf-8"), filename=str(path), seed=0)
    quiet, live = run(runner, program, Limits(time_s=60)), run(runner, program, LIVE)
    assert what_it_did(live) == what_it_did(quiet)
    assert {o.text for o in live.omissions if o.what == "fault"} == {
        o.text for o in quiet.omissions if o.what == "fault"
    }
