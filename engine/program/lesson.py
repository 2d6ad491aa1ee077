"""The lessons: plain programs in ``engine/lessons/``, a folder a part; read as text with ``ast``, never imported.

A lesson file is a program that runs alone with ``python``. Its docstring is the lesson's text::

    \"\"\"The title, one line

    Paragraphs in plain Markdown (`code`, **strong**), separated by blank lines; line breaks inside a
    paragraph do not count.

    Question: What the learner should predict before stepping.
    Lesson: F1.1
    Variant: the error
    Cure: f01-saved-overwritten-cured
    Training: yes
    Series: x, y, y_pred
    Break: a3-no-zero-grad, a3-lr-100
    Runs: 8
    \"\"\"

The last block holds the settings. ``Lesson`` is the id, then the place among programs of the same id; ``Variant``
names this program among them. ``Cure``, in a program that goes wrong, is the slug of the one of the same id that puts
it right, by a change of a few lines. ``Training`` marks a program that trains step by step. ``Series`` are three of
its module-level names: where the data lie, the data, and the current fit, arrays of as many elements. ``Break`` are
the slugs of programs of the same id that do the same training with one mistake in it, which also carry ``Training``
and are best looked at beside this one. ``Runs`` is how many backward runs are recorded in full, where that is to be
more than :class:`engine.contract.limits.Limits` has for every program. What runs, and what the line numbers of a
trace count, is the text after the docstring. Title, paragraphs, question and variant are message ids for a
translator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from engine.contract.limits import Limits
from engine.contract.trace import Program
from engine.program.source import Source

FOLDER = Path(__file__).parents[1] / "lessons"

_SETTINGS = ("Question", "Lesson", "Variant", "Cure", "Training", "Series", "Break", "Runs")
_ID = re.compile(r"(?P<id>(?P<part>[A-Z])(?P<number>\d+))(?:\.(?P<place>\d+))?")


class LessonError(ValueError):
    """A lesson file does not follow the form above; the message names file and fault."""


@dataclass(frozen=True)
class Lesson:
    """One program. Several share an ``id`` (the error and its cures); ``slug`` is unique."""

    id: str  # "C1"
    slug: str  # from the file name: "c1-product"
    title: str
    text: tuple[str, ...]  # paragraphs
    question: str  # "" when there is none
    variant: str  # "" for the only or first program
    cure: str  # slug of the program that puts this one right; "" when there is none
    is_training: bool
    series: tuple[str, ...]  # names of x, data and fit in the program; () when there is nothing to draw
    breaks: tuple[str, ...]  # slugs of the programs that break this training by one mistake; () in those themselves
    n_runs: int  # backward runs to record in full at least; 0: as many as of any program
    source: str  # what runs: what follows the docstring, from its first line that is not blank
    first_line: int  # of ``source`` within the file, 1-based
    path: Path
    order: tuple[str, int, int]  # (part, number, place)


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons in teaching order. Raises: :class:`LessonError`."""
    return tuple(sorted((read(path) for path in FOLDER.rglob("*.py")), key=lambda lesson: lesson.order))


def lesson(slug: str) -> Lesson | None:
    """The lesson with this slug."""
    return next((lesson for lesson in lessons() if lesson.slug == slug), None)


def read(path: Path) -> Lesson:
    """The lesson in one file. Raises: :class:`LessonError`."""
    text = path.read_text(encoding="utf-8")
    program = Source(text)
    docstring = program.docstring
    if docstring is None or len(program.tree.body) < 2:
        raise LessonError(f"{path.name}: a lesson is a docstring and a program")
    title, *blocks = _blocks(docstring)
    settings = _settings(blocks.pop()) if blocks else {}
    numbered = _ID.fullmatch(settings.get("Lesson", ""))
    if numbered is None:
        raise LessonError(f"{path.name}: the last block of the docstring needs a line like 'Lesson: D5.2'")
    lines = text.splitlines(keepends=True)
    first = next(i for i in range(program.tree.body[0].end_lineno or 0, len(lines)) if lines[i].strip())
    return Lesson(
        id=numbered["id"],
        slug=path.stem.replace("_", "-"),
        title=title,
        text=tuple(blocks),
        question=settings.get("Question", ""),
        variant=settings.get("Variant", ""),
        cure=settings.get("Cure", ""),
        is_training=settings.get("Training") == "yes",
        series=_names(settings.get("Series", "")),
        breaks=_names(settings.get("Break", "")),
        n_runs=_number(path, settings.get("Runs", "0")),
        source="".join(lines[first:]),
        first_line=first + 1,
        path=path,
        order=(numbered["part"], int(numbered["number"]), int(numbered["place"] or 1)),
    )


def limits_for(program: Program, limits: Limits) -> Limits:
    """``limits`` with room for what the lesson of this program, changed or not, asks to be recorded."""
    n_runs = max(
        (one.n_runs for one in lessons() if program.filename == one.path.name or program.source == one.source),
        default=0,
    )
    return replace(limits, full_runs=max(limits.full_runs, n_runs))


def messages(lesson: Lesson) -> Iterator[str]:
    """The texts of a lesson that are translated."""
    yield from (text for text in (lesson.title, *lesson.text, lesson.question, lesson.variant) if text)


def extract_messages(file: IO[bytes], *_: object, **__: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's extraction method for lesson files, see engine/text/locale/babel.cfg."""
    for message in messages(read(Path(file.name))):
        yield 1, "", message, []


def _blocks(docstring: str) -> list[str]:
    """Title, paragraphs and the settings (which keep their line breaks)."""
    blocks = re.split(r"\n\s*\n", docstring.strip())
    return [block if i == len(blocks) - 1 else " ".join(block.split()) for i, block in enumerate(blocks)]


def _settings(block: str) -> dict[str, str]:
    settings: dict[str, str] = {}
    key = ""
    for line in block.splitlines():
        name, colon, value = line.partition(": ")
        if colon and name in _SETTINGS:
            key, settings[name] = name, value.strip()
        elif key:
            settings[key] = f"{settings[key]} {line.strip()}"
    return settings


def _number(path: Path, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise LessonError(f"{path.name}: 'Runs' is a number, not {text!r}")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    """``"a, b"`` as ``("a", "b")``."""
    return tuple(name for part in text.split(",") if (name := part.strip()))
