"""Several variants of a program as one comparison: lined up, drawn, judged."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from engine.contract.trace import Trace
from engine.program.template import Filled, Variant, mark_line
from engine.referee.finding import Compared
from engine.referee.findings import findings
from engine.referee.words import role_text
from engine.text.language import N_, Language, Translate
from engine.text.numbers import value_text
from engine.variants.beats import Beat, beats
from engine.variants.in_step import in_step
from engine.variants.memory import Memory, memories
from engine.variants.verdict import Verdict, VerdictKind, verdict
from graphviz_tools.compare.comparison import Column, ColumnAt, Comparison, ShownVerdict
from graphviz_tools.compare.memory_view import frames
from graphviz_tools.payload import Mark, Payload, ShownStep
from graphviz_tools.picture import run_key, show
from graphviz_tools.render.layout import LaysOut
from graphviz_tools.story.strings import player_strings
from graphviz_tools.story.timeline import bands

VERSION = 1
MOST_ROWS = 600  # moments; a longer run is shown up to there

WORDS: dict[VerdictKind, str] = {
    "error": N_("raises an error"),
    "wrong": N_("silently wrong"),
    "doubtful": N_("not as meant"),
    "right": N_("right gradient"),
    "none": N_("no backward"),
}
STRINGS: dict[str, str] = {
    "program": N_("The program all variants have in common"),
    "own": N_("The variant's own lines"),
    "own_here": N_("here each variant has its own lines: they stand in its column"),
    "picture": N_("Picture"),
    "memory": N_("Memory"),
    "graph": N_("Graph"),
    "computed": N_("computed"),
    "true": N_("true"),
    "waits": N_("waits for the others"),
    "over": N_("has ended"),
    "not_run": N_("has not run"),
    "nothing_yet": N_("Nothing is in memory yet."),
    "to_do": N_("What to do"),
    "key_cells": N_("a storage: the bytes, each with its number"),
    "key_tag": N_("a tensor that points to them, and its version counter"),
    "key_array": N_("a NumPy array: it has no counter"),
    "key_saved": N_("saved for backward: no copy, it points to the same bytes and notes the version"),
}


@dataclass(frozen=True)
class Ran:
    """A variant, its program, and what its run told."""

    variant: Variant
    filled: Filled
    trace: Trace
    is_blank: bool = False  # it has not run yet

    @cached_property
    def memories(self) -> tuple[Memory, ...]:
        return memories(self.trace, MOST_ROWS)

    @property
    def beats(self) -> tuple[Beat, ...]:
        return tuple(memory.beat for memory in self.memories)


def compare(
    template: str, ran: Sequence[Ran], *, _: Translate, language: Language, layout: LaysOut | None = None
) -> Comparison:
    """The comparison of what ran, in the order given. Never raises on odd traces."""
    rows = in_step([one.trace for one in ran], [one.filled.place for one in ran], MOST_ROWS)
    notices: list[str] = []
    n_rows = max([len(rows), *(len(beats(one.trace)) for one in ran)])
    if n_rows > MOST_ROWS:
        text = _("These programs take {n} steps; the first {most} are shown. The verdicts are about all of them.")
        notices.append(text.format(n=n_rows - 1, most=MOST_ROWS - 1))
        rows = rows[:MOST_ROWS]
    columns = tuple(_column(one, [row[i] for row in rows], language, _, layout) for i, one in enumerate(ran))
    if mark_line(template) is None:
        notices.append(_("No line of the program is `# the variant's lines`: so all variants are the same."))
    return Comparison(
        version=VERSION,
        run_key=_key(ran),
        language=language,
        source=template,
        mark=mark_line(template),
        steps=(steps := _steps(columns, len(rows))),
        bands=bands(steps),
        marks=tuple(_marks(columns)),
        columns=columns,
        strings={**player_strings(_), **{key: _(text) for key, text in STRINGS.items()}, "run": _("Run all")},
        start_step=_opens_at(columns),
        notices=tuple(notices),
    )


def _key(ran: Sequence[Ran]) -> str:
    return hashlib.sha256(" ".join(run_key(one.trace) for one in ran).encode()).hexdigest()[:16]


def _column(one: Ran, at: Sequence[int], language: Language, _: Translate, layout: LaysOut | None) -> Column:
    picture = show(one.trace, _=_, language=language, layout=layout)
    found = frames(one.trace, one.memories, _)
    note = _("{n} more storages are not shown.").format(n=found.n_hidden) if found.n_hidden else ""
    distinct = {frame: number for number, frame in enumerate(dict.fromkeys(found.frames))}
    last = len(one.beats) - 1
    return Column(
        slug=one.variant.slug,
        title=_(one.variant.name),
        text=one.variant.text,
        first=one.filled.first,
        verdict=None if one.is_blank else _verdict(verdict(one.trace, findings(one.trace), one.filled.own), _),
        frames=tuple(distinct),
        rows=tuple(
            _at(one, picture, distinct[found.frames[beat]], beat, k == 0 or at[k - 1] != beat, last, _)
            for k, beat in enumerate(at)
        ),
        picture=picture,
        note=note,
    )


def _at(one: Ran, picture: Payload, frame: int, number: int, moves: bool, last: int, _: Translate) -> ColumnAt:
    beat = one.beats[number]
    shown = picture.steps[beat.step]
    headline, line = shown.headline, shown.line or 0
    if beat.writes:
        line = beat.writes[0].line or line
        headline = _("line {line} writes to the memory, and PyTorch is not told").format(line=line)
    is_over = number == last and not moves and len(one.trace.steps) < MOST_ROWS
    return ColumnAt(frame, beat.step, headline, line, moves, is_over)


def _steps(columns: Sequence[Column], n_rows: int) -> tuple[ShownStep, ...]:
    """One step for each row. The end of one variant is not the end while another goes on."""
    found: list[ShownStep] = []
    for row in range(n_rows):
        step = _step(columns, row)
        if step.phase == "end" and row < n_rows - 1 and found:
            step = msgspec.structs.replace(step, phase=found[-1].phase)
        found.append(step)
    return tuple(found)


def _step(columns: Sequence[Column], row: int) -> ShownStep:
    """The row as one step, for the timeline and the program: told by the first column that moves."""
    moving = [column for column in columns if column.rows[row].moves] or list(columns)
    if not moving:
        return ShownStep("", "start")
    at = moving[0].rows[row]
    headlines = dict.fromkeys(column.rows[row].headline for column in moving)
    own = moving[0].picture.steps[at.step]
    return ShownStep(own.headline, own.phase, at.line or None, short=" · ".join(headlines))


def _marks(columns: Sequence[Column]) -> list[Mark]:
    """The marks of the pictures, at the rows where their steps are; one of a kind for each row."""
    found: dict[tuple[int, str], Mark] = {}
    for column in columns:
        rows = {at.step: row for row, at in enumerate(column.rows) if at.moves}
        for mark in column.picture.marks:
            if mark.step in rows:
                row, text = rows[mark.step], f"{column.title}: {mark.text}"
                old = found.get((row, mark.kind))
                found[row, mark.kind] = Mark(row, mark.kind, text if old is None else f"{old.text}\n{text}")
    return sorted(found.values(), key=lambda mark: mark.step)


def _opens_at(columns: Sequence[Column]) -> int:
    """The first moment at which something is written, in any variant; else the first of backward."""
    rows = [k for c in columns for k, at in enumerate(c.rows) if any(box.written for box in c.frames[at.frame])]
    if rows:
        return min(rows)
    phases = [step.phase for column in columns[:1] for step in (column.picture.steps[at.step] for at in column.rows)]
    return phases.index("backward") if "backward" in phases else max(0, len(phases) - 1)


def _verdict(found: Verdict, _: Translate) -> ShownVerdict:
    text, cure = found.why.text(_) if found.why is not None else ("", "")
    return ShownVerdict(
        kind=found.kind,
        word=_(WORDS[found.kind]),
        text=text,
        cure=cure,
        gradients=tuple(_compared(one, found.kind) for one in found.gradients),
        lines=tuple((role_text(role, _), line) for role, line in found.lines),
    )


def _compared(one: Compared, kind: VerdictKind) -> tuple[str, str, str]:
    computed = "–" if one.computed is None and kind == "error" else value_text(one.computed)
    return f"{one.name}.grad", computed, "?" if one.unavailable is not None else value_text(one.true)
