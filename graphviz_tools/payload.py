"""What the player is given: plain data, all text already in the reader's language.

The JavaScript knows steps, vertices, tracks and values, nothing of autograd. Every step can be shown
without its neighbours: what varies in time is a *track*, a list of ``[first_step, content]`` pairs in
ascending order, looked up by binary search. Step 0 is "before the first line"; step ``k`` (1..n) is
``trace.steps[k - 1]``. ``encode()`` gives the JSON that ``mount(element, payload, callbacks)`` takes.
"""

from __future__ import annotations

from typing import Literal, Union

import msgspec

State = Literal["waiting", "ready", "running", "done", "failed", "freed"]
Kind = Literal["leaf", "node", "root", "saved", "tensor", "call", "group", "cut"]
Phase = Literal["start", "forward", "backward", "end"]
CellClass = Literal["", "zero", "nan", "inf", "gap"]  # gap: the dots of a cut matrix


class Data(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class Cell(Data, frozen=True, array_like=True):
    """One number: shown text (4 significant digits), class, heat -1..1 (sign and size), full text on hover."""

    text: str
    kind: CellClass = ""
    heat: float = 0.0
    full: str = ""


class ShownValue(Data, frozen=True):
    """A value in the ``values`` table. ``kind`` decides the look: the four must never look alike."""

    kind: Literal["tensor", "none", "pending", "unavailable"]
    text: str  # one line: "[4, 5]", "None", "·", "(64, 100) float32"
    full: str = ""  # hover text
    rows: tuple[tuple[Cell, ...], ...] = ()  # the grid; a vector is one row; a scalar one cell
    caption: str = ""  # "(64, 100) float32" when more than a small vector
    stats: tuple[tuple[str, str], ...] = ()  # (label, text), for cut values


ValueRef = int  # index into Payload.values


class TextBlock(Data, frozen=True, tag="text"):
    text: str
    tone: Literal["", "note", "warning", "error", "good"] = ""
    title: str = ""


class WhyBlock(Data, frozen=True, tag="why"):
    """Why a gradient is None, zero or not finite. Shown from step ``since`` up to but without ``until``."""

    title: str
    text: str
    cure: str = ""
    since: int = 0
    until: int | None = None  # None: to the end
    place: str | None = None  # the vertex where it was decided: outlined while this is shown, a click leads there
    place_text: str = ""


class RuleBlock(Data, frozen=True, tag="rule"):
    """The local rule: in words, as formula, and the formula with this step's numbers ("" when too large)."""

    words: str
    formulas: tuple[tuple[str, str], ...] = ()  # (symbolic, with numbers)


class Row(Data, frozen=True):
    label: str  # "arrives", "self = x", "→ x"
    value: ValueRef | None = None
    note: str = ""  # "version 0", "freed", "sum of 2"
    vertex: str | None = None  # a click selects it
    track: tuple[tuple[int, ValueRef], ...] = ()  # instead of value, in a vertex's card
    struck: bool = False  # freed: struck through
    sign: Literal["", "+", "="] = ""  # summands and total of a fan-in


class ValuesBlock(Data, frozen=True, tag="values"):
    title: str
    rows: tuple[Row, ...]


Block = Union[TextBlock, WhyBlock, RuleBlock, ValuesBlock]


class ShownStep(Data, frozen=True):
    headline: str  # "MulBackward0 runs"
    phase: Phase
    line: int | None = None
    focus: str | None = None  # vertex id
    lit: tuple[str, ...] = ()  # arrow ids where a gradient moves in this step
    blocks: tuple[Block, ...] = ()
    printed: int = 0  # characters of Payload.stdout visible at this step
    short: str = ""  # hover text on the timeline


class ShownVertex(Data, frozen=True):
    kind: Kind
    title: str  # aria-label and inspector title: "x, leaf, shape (2,)"
    built_at: int = 0  # step at which it comes into being
    line: int | None = None
    step: int | None = None  # where a double click / "go there" leads
    states: tuple[tuple[int, State], ...] = ()  # track
    badge: tuple[tuple[int, str], ...] = ()  # track of a short text drawn under the label: "grad [4, 5]"
    card: tuple[Block, ...] = ()  # inspector content when selected
    same_as: tuple[str, ...] = ()  # the other places where this shared leaf is drawn
    search: str = ""  # lower-case text that / looks through


class ShownArrow(Data, frozen=True):
    source: str
    target: str
    kind: Literal["gradient", "saved", "call", "same", "cut"] = "gradient"
    built_at: int = 0
    label: tuple[tuple[int, str], ...] = ()  # track: the gradient's short text
    weight: tuple[tuple[int, float], ...] = ()  # track: 0..1, log scale of the gradient's size


class Mark(Data, frozen=True):
    step: int
    kind: Literal["mutation", "accumulation", "failure", "finding", "cut"]
    text: str
    since: int = 0  # told from this step on, unless everything is to be told at once


class Own(Data, frozen=True):
    """Where a reader's own versions of this program are kept, and the program they are versions of."""

    key: str  # a lesson's slug
    source: str
    title: str = ""  # of the program on the desk
    filename: str = ""  # of the program on the desk
    restored: int = 0  # how often the program was put back outside of the player
    is_lesson: bool = True  # False: a program that was never a lesson's


class Band(Data, frozen=True):
    phase: Literal["forward", "backward"]
    first: int
    last: int  # inclusive


class LineMark(Data, frozen=True):
    line: int
    tone: Literal["error", "warning", "note"]
    text: str  # "": the line is flagged, and another mark tells why
    title: str = ""
    cure: str = ""
    step: int | None = None  # where a click leads; None: the line's nearest step
    compared: tuple[tuple[str, str, str], ...] = ()  # (name, as computed, as it should be)
    parts: tuple[tuple[str, int], ...] = ()  # lines with a part in it: ("saved on line 3", 3); "" was said before
    since: int = 0  # told from this step on, unless everything is to be told at once


class ShownRun(Data, frozen=True):
    """A backward run that can be gone to."""

    run: int
    step: int  # where it starts
    title: str  # "Backward 2"
    about: str = ""  # hover text: whose backward, on which line


class Payload(Data, frozen=True):
    """One recording as the player shows it: every step, vertex, arrow and word."""

    version: int
    run_key: str  # changes with every run: the player keeps its step while this stays the same
    source: str
    stdout: str
    steps: tuple[ShownStep, ...]  # steps[0] is "before the first line"
    values: tuple[ShownValue, ...]
    vertices: dict[str, ShownVertex]
    arrows: dict[str, ShownArrow]
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    line_marks: tuple[LineMark, ...]
    strings: dict[str, str]  # every word the player itself shows
    legend: tuple[tuple[str, str], ...]  # (kind or state, text)
    svg: str | None  # None: nothing to draw, ``no_picture`` says why
    no_picture: str = ""
    notices: tuple[str, ...] = ()  # what limits left out, what was collapsed
    start_step: int = 0
    start_vertex: str | None = None  # selected when it opens
    failure_step: int | None = None
    runs: tuple[ShownRun, ...] = ()
    turns: tuple[tuple[int, int], ...] = ()  # track: the run that a step belongs to
    drawn_run: int | None = None  # the picture is of this run's graph alone; None: of all that there is
    without_calls: bool = False  # asked for with the calls before it, drawn as the backward graph alone
    editable: bool = False
    at_once: bool = False  # findings are told before their step: the prediction has been made
    own: Own | None = None  # None: nothing is kept of what is typed
    language: str = "en"


def encode(payload: Payload) -> bytes:
    """JSON text of a payload, as the player's ``mount`` takes it."""
    return msgspec.json.encode(payload)
