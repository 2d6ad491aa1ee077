"""One program with a marked line, and the texts that take its place: the same program in variants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

MARK = "# the variant's lines"


@dataclass(frozen=True)
class Variant:
    """What stands in place of the marked line. ``name`` is a message id where it needs translating."""

    slug: str
    name: str
    text: str


@dataclass(frozen=True)
class Common:
    """A line that all variants have, as the template counts it."""

    line: int


@dataclass(frozen=True)
class Own:
    """A line of the variant itself, counted from 1."""

    line: int


Place = Union[Common, Own]


@dataclass(frozen=True)
class Filled:
    """A variant's program: its lines ``first`` to ``first + n_own - 1`` are the variant's own."""

    source: str
    first: int
    n_own: int
    n_replaced: int  # lines of the template that made room

    @property
    def own(self) -> range:
        """The variant's own lines."""
        return range(self.first, self.first + self.n_own)

    def place(self, line: int) -> Place:
        """Where a line of the program stands in the template.

        >>> filled = fill("a\\n# the variant's lines\\nb\\n", "x\\ny")
        >>> filled.place(1), filled.place(3), filled.place(4)
        (Common(line=1), Own(line=2), Common(line=3))
        """
        if line in self.own:
            return Own(line - self.first + 1)
        return Common(line if line < self.first else line - self.n_own + self.n_replaced)


def mark_line(template: str) -> int | None:
    """The first marked line, from 1; None when no line is marked."""
    lines = template.split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.strip() == MARK), None)


def fill(template: str, text: str) -> Filled:
    """The template with ``text`` in place of its marked line, indented as the mark was.

    Empty lines after the mark are room: as long as they suffice, the lines below keep their numbers. Without
    a mark the program is the template. An empty text leaves an empty line.
    """
    lines, marked = template.split("\n"), mark_line(template)
    if marked is None:
        return Filled(template, len(lines) + 1, 0, 0)
    mark = lines[marked - 1]
    indent = mark[: len(mark) - len(mark.lstrip())]
    own = [indent + line if line.strip() else "" for line in text.rstrip().split("\n")]
    n_replaced = min(len(own), 1 + _room(lines, marked))
    source = "\n".join([*lines[: marked - 1], *own, *lines[marked - 1 + n_replaced :]])
    return Filled(source, marked, len(own), n_replaced)


def with_room(template: str, n_lines: int) -> str:
    """The template with so many empty lines after its mark that texts of up to ``n_lines`` move nothing below."""
    lines, marked = template.split("\n"), mark_line(template)
    if marked is None:
        return template
    missing = max(0, n_lines - 1 - _room(lines, marked))
    return "\n".join([*lines[:marked], *[""] * missing, *lines[marked:]])


def _room(lines: list[str], marked: int) -> int:
    """Empty lines just after the mark."""
    below = lines[marked:-1]  # the text after the last line break is no line
    return next((n for n, line in enumerate(below) if line.strip()), len(below))
