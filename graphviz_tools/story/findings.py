"""What the referee found, for the player: marks beside lines and on the timeline, and rows in the inspector."""

from __future__ import annotations

from collections.abc import Iterator

from engine.contract.trace import Failure
from engine.referee.finding import Finding, Role
from engine.referee.words import kind_text, part_text
from engine.text.numbers import value_text
from graphviz_tools.graph.labels import tensor_text
from graphviz_tools.payload import Block, LineMark, Mark, Row, TextBlock, ValuesBlock
from graphviz_tools.story.context import Stage

MAX_COMPARED = 8  # gradients listed beside a finding; the Gradients page has all


def finding_marks(stage: Stage) -> Iterator[Mark]:
    """One mark on the timeline for each finding that has its step."""
    for finding in stage.findings:
        if finding.step is not None:
            yield Mark(finding.step, "finding", kind_text(finding.kind, stage._), finding.step)


def finding_line_marks(stage: Stage) -> Iterator[LineMark]:
    """For each finding its sentence at the line that caused it, and a flag at every other line with a part in it."""
    for finding in stage.findings:
        meaning, cure = finding.explanation.text(stage._)
        tone = "error" if finding.kind in GRAVE else "warning"
        yield LineMark(
            line=finding.line or 0,
            tone=tone,
            text=meaning,
            title=kind_text(finding.kind, stage._),
            cure=cure,
            step=finding.step,
            compared=tuple(_compared(finding)),
            parts=tuple(_parts(stage, finding)),
            since=len(stage.trace.steps) if finding.step is None else finding.step,
        )


def _parts(stage: Stage, finding: Finding) -> Iterator[tuple[str, int]]:
    """Each line with a part in a finding; lines with the same part are told together, by the first of them."""
    by_role: dict[Role, list[int]] = {}
    for role, line in finding.lines:
        if role != "cause" or line != finding.line:  # the mark itself names that line
            by_role.setdefault(role, []).append(line)
    for role, lines in by_role.items():
        for line in lines:
            yield part_text(role, lines, stage._) if line == lines[0] else "", line


GRAVE = {
    "silent-wrong-gradient",
    "inplace-error",
    "second-backward",
    "no-grad-fn",
    "non-scalar-root",
    "leaf-inplace",
    "integer-requires-grad",
    "nan-gradient",
    "step-before-backward",
}


RAISING = {
    "inplace-error",
    "second-backward",
    "no-grad-fn",
    "non-scalar-root",
    "leaf-inplace",
    "integer-requires-grad",
}


def tells_failure(finding: Finding, failure: Failure) -> bool:
    """Whether a finding is about the very error that ended the program, so that it need not be told twice."""
    lines = {finding.line, *(line for _role, line in finding.lines)}
    return finding.kind in RAISING and failure.line in lines


def _compared(finding: Finding) -> Iterator[tuple[str, str, str]]:
    for one in finding.gradients[:MAX_COMPARED]:
        true = "?" if one.unavailable is not None else value_text(one.true)
        computed = "–" if one.computed is None else value_text(one.computed)
        yield f"{one.name}.grad", computed, true


def overwritten_blocks(stage: Stage, run: int, node: int) -> Iterator[Block]:
    """What a node reads in place of what it saved, when that differs."""
    _, record = stage._, stage.trace.nodes[node]
    rows: list[Row] = []
    for mismatch in stage.mismatches.get((run, node), ())[:MAX_COMPARED]:
        saved = next((s for s in record.saved if s.role == mismatch.role), None)
        if saved is None:
            continue
        name = saved.role
        if saved.tensor is not None:
            name = f"{saved.role} = {tensor_text(stage.trace, saved.tensor, _)}"
        rows.append(
            Row(name, stage.table.ref(saved.value), _("saved, version {n}").format(n=saved.version), struck=True)
        )
        rows.append(Row(name, stage.table.ref(mismatch.value), _("now, version {n}").format(n=mismatch.version)))
    if rows:
        yield TextBlock(
            _("What this node saved was overwritten before it ran: it reads other numbers."), "error", _("overwritten")
        )
        yield ValuesBlock(_("saved, and what is there now"), tuple(rows))


def true_row(stage: Stage, run: int, tensor: int) -> Row | None:
    """The right gradient that a run should have given, where the computed one differs."""
    found = stage.true_gradients.get((run, tensor))
    if found is None:
        return None
    return Row(stage._("right"), stage.table.ref(found.true), stage._("what this run should have given"))
