"""What the comparison is given: variants of a program side by side, moment by moment, in the reader's language.

A *row* is one moment of all variants. Each column says for each row which of its frames (memory) and which step
of its own picture to show, so that the JavaScript follows one number and knows nothing of how runs were lined up.
"""

from __future__ import annotations

from typing import Literal

from engine.variants.verdict import VerdictKind
from graphviz_tools.payload import Band, Cell, Data, Mark, Payload, ShownStep

Tone = Literal["same", "seen", "unseen", "gone", "open"]  # open: not known


class ShownTag(Data, frozen=True):
    """A tensor that points into a storage. ``kind`` saved: what a node keeps for backward, with a padlock."""

    kind: Literal["tensor", "array", "saved"]
    text: str  # "b_"
    note: str = ""  # "b.detach()"
    version: str = ""  # "version 1"
    moved: bool = False  # its counter, at this moment
    old: bool = False  # the name means another tensor by now
    tone: Tone = "same"


class ShownSaved(Data, frozen=True):
    """What was saved, beside what is there now."""

    title: str
    then: tuple[Cell, ...]
    now: tuple[Cell, ...]
    differs: tuple[int, ...]  # positions
    then_label: str
    now_label: str
    tone: Tone
    sentence: str


class ShownBox(Data, frozen=True):
    """A storage with its cells, in rows of ``columns``; ``text`` instead of the cells of a large one."""

    title: str
    columns: int
    cells: tuple[Cell, ...]
    changed: tuple[int, ...]  # cells written at this moment
    text: str
    written: bool
    tags: tuple[ShownTag, ...]
    saved: tuple[ShownSaved, ...]


class ShownVerdict(Data, frozen=True):
    kind: VerdictKind
    word: str
    text: str
    cure: str
    gradients: tuple[tuple[str, str, str], ...]  # (name, computed, true)
    lines: tuple[tuple[str, int], ...]  # (what happened there, line)


class ColumnAt(Data, frozen=True, array_like=True):
    """A column at one row."""

    frame: int
    step: int  # of ``picture``
    headline: str
    line: int  # of the program; 0: none
    moves: bool  # False: this variant stays where it was
    is_over: bool  # its last moment has been


class Column(Data, frozen=True):
    slug: str
    title: str
    text: str  # the variant's own lines
    first: int  # the number of their first line
    verdict: ShownVerdict | None  # None: it has not run
    frames: tuple[tuple[ShownBox, ...], ...]
    rows: tuple[ColumnAt, ...]
    picture: Payload
    note: str = ""


class Comparison(Data, frozen=True):
    version: int
    run_key: str
    language: str
    source: str  # the template
    mark: int | None  # the marked line; None: there is none
    steps: tuple[ShownStep, ...]  # one for each row
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    columns: tuple[Column, ...]
    strings: dict[str, str]
    start_step: int = 0
    notices: tuple[str, ...] = ()
