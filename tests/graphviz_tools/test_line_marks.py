"""Marks beside code lines: the referee's findings and the failure, and nothing told twice."""

from __future__ import annotations

import msgspec
import pytest

from engine.contract.trace import Failure, Trace
from engine.explain.errors.explanation import said
from engine.reading.index import index_of
from engine.referee.finding import Finding, Kind, Role
from graphviz_tools.payload import ValuesBlock
from graphviz_tools.picture import diagram_of
from graphviz_tools.story.context import Stage
from graphviz_tools.story.findings import finding_marks
from graphviz_tools.story.steps import shown_steps
from graphviz_tools.story.timeline import line_marks
from graphviz_tools.value_table import ValueTable
from tests.engine.explain.test_cures import HELPERS
from tests.engine.recording.runs import trace_of
from tests.graphviz_tools import traces


def stage(found: tuple[Finding, ...], failure: Failure | None) -> Stage:
    trace: Trace = msgspec.structs.replace(traces.c1(), failure=failure)
    index = index_of(trace)
    made = Stage(index, diagram_of(index, str), ValueTable(str), str)
    made.__dict__["findings"] = found  # in place of what the referee finds
    return made


def finding(kind: Kind, line: int, *others: int) -> Finding:
    return Finding(kind, line, said("meaning", "cure"), lines=tuple(("used", other) for other in others))


FAILURE = Failure("RuntimeError", "one of the variables", 5, "backward")


def told(*found: Finding, failure: Failure | None = FAILURE) -> list[tuple[int, str, str]]:
    return [(mark.line, mark.tone, mark.text) for mark in line_marks(stage(found, failure))]


def test_a_finding_about_the_failure_on_another_line_leaves_a_flag_at_the_failing_line() -> None:
    assert told(finding("inplace-error", 3, 5)) == [(3, "error", "meaning"), (5, "error", "")]


def test_a_finding_on_the_failing_line_is_the_only_mark_there() -> None:
    assert told(finding("non-scalar-root", 5)) == [(5, "error", "meaning")]


@pytest.mark.parametrize("other", [finding("nan-gradient", 3, 5), finding("second-backward", 3, 4)])
def test_a_failure_that_no_finding_is_about_is_told_itself(other: Finding) -> None:
    marks = told(other)
    assert marks[0] == (3, "error", "meaning")
    assert marks[1][:2] == (5, "error") and marks[1][2] != ""


def test_without_a_failure_only_the_findings_are_marked() -> None:
    assert told(finding("grad-accumulated", 2), failure=None) == [(2, "warning", "meaning")]


def test_a_finding_is_told_from_its_step_on_and_one_without_a_step_at_the_end() -> None:
    found = (Finding("nan-gradient", 3, said("m", "c"), step=2), Finding("graph-retained", 4, said("m", "c")))
    made = stage(found, None)
    assert [mark.since for mark in line_marks(made)] == [2, len(made.trace.steps)]
    assert [(mark.step, mark.since) for mark in finding_marks(made)] == [(2, 2)]


def test_the_lines_with_a_part_in_a_finding_are_told_as_a_person_would() -> None:
    lines: tuple[tuple[Role, int], ...] = (("cause", 7), ("saved", 4), ("used", 5), ("used", 9), ("backward", 9))
    (mark,) = line_marks(stage((Finding("nan-gradient", 7, said("m", "c"), lines=lines),), None))
    assert mark.parts == (("saved on line 4", 4), ("used on line 5, 9", 5), ("", 9), ("backward on line 9", 9))


def test_an_error_in_a_helper_marks_the_callers_and_tells_the_calls() -> None:
    index = index_of(trace_of(HELPERS))
    made = Stage(index, diagram_of(index, str), ValueTable(str), str)
    (mark,) = line_marks(made)
    assert (mark.line, mark.parts) == (3, (("called from line 5, 7", 5), ("", 7)))
    last = shown_steps(made, {})[-1].blocks[-1]
    assert isinstance(last, ValuesBlock)
    assert [(row.label, row.note) for row in last.rows] == [
        ("line 7", "loss = loss_of(w, torch.ones(4, 2))"),
        ("line 5, loss_of()", "return score(model @ data)"),
        ("line 3, score()", "return (s * torch.ones(5)).sum()"),
    ]
