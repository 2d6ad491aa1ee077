"""The lessons as the Explorer offers them: one entry for each id, its programs side by side."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path

from engine.contract.trace import Program
from engine.program.lesson import Lesson, lessons
from engine.program.source import source_of
from engine.text.language import N_

FILENAME = "program.py"  # of a program that is not a lesson's own
OPENING = "c1-product"  # the smallest graph: where the app opens


LONGEST_TITLE = 60

STARTER = """# My program
import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
# Calculate something with x, then call backward() on it.
"""
OWN = Lesson(
    id="own",
    slug="own",
    title=N_("My program"),
    text=(),
    question="",
    variant="",
    cure="",
    is_training=False,
    series=(),
    breaks=(),
    n_runs=0,
    source=STARTER,
    first_line=1,
    path=Path(FILENAME),
    order=("", 0, 1),
)


@cache
def by_id() -> dict[str, tuple[Lesson, ...]]:
    """Lesson id -> its programs, both in teaching order; before them the reader's own program."""
    ids = dict.fromkeys(lesson.id for lesson in lessons())
    return {OWN.id: (OWN,)} | {each: tuple(lesson for lesson in lessons() if lesson.id == each) for each in ids}


def find(name: str) -> Lesson:
    """The lesson with this slug, or the first with this id in any case; else the one that the app opens on.

    >>> find("C1").id, find("no such lesson").id
    ('C1', 'C1')
    """
    return known(name) or known(OPENING) or lessons()[0]


def known(name: str) -> Lesson | None:
    """The lesson with this slug, or the first with this id in any case."""
    by_name = {lesson.id.lower(): lesson for lesson in reversed(lessons())}
    by_name |= {lesson.slug: lesson for lesson in (OWN, *lessons())}
    return by_name.get(name.lower())


def like(name: str) -> tuple[Lesson, ...]:
    """Lessons whose name is nearly this one."""
    names = {word: lesson for lesson in lessons() for word in (lesson.slug, lesson.id.lower())}
    found = [*get_close_matches(name.lower(), names, 3), *(word for word in names if word.startswith(name.lower()[:2]))]
    return tuple(dict.fromkeys(names[word] for word in found))[:3]


def link_name(lesson: Lesson) -> str:
    """What a link calls the lesson: "" for the one that the app opens on, its id where that means it, else its slug."""
    if lesson.slug == OPENING:
        return ""
    is_first = by_id()[lesson.id][0] == lesson
    return lesson.id.lower() if is_first else lesson.slug


def program_of(lesson: Lesson) -> Program:
    """The lesson's program, as it is run."""
    return Program(source=lesson.source, filename=lesson.path.name)


def typed(lesson: Lesson, source: str) -> Program:
    """What a reader typed where ``lesson`` was: the lesson's program if it is that, else one of their own."""
    own = program_of(lesson)
    return own if source == own.source else Program(source=source, filename=FILENAME)


def title_of(source: str) -> str:
    """What a program of one's own calls itself: the first line of its docstring or of the comment on top; else "".

    >>> title_of("# My first net\\nimport torch"), title_of("x = 1")
    ('My first net', '')
    """
    told = source_of(source).docstring or ""
    first = source.lstrip().partition("\n")[0]
    title = told.partition("\n")[0] or (first.lstrip("#! ") if first.startswith("#") else "")
    return title.strip()[:LONGEST_TITLE]


@cache
def lesson_programs() -> frozenset[Program]:
    """The programs of all lessons."""
    return frozenset(program_of(lesson) for lesson in (OWN, *lessons()))
