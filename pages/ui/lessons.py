"""The lessons as the Explorer offers them: one entry for each id, its programs side by side."""

from __future__ import annotations

from functools import cache

from engine.lesson import Lesson, lessons
from engine.trace import Program

OPENING = "c1-product"  # the smallest graph: where the app opens


@cache
def by_id() -> dict[str, tuple[Lesson, ...]]:
    """Lesson id -> its programs, both in teaching order."""
    ids = dict.fromkeys(lesson.id for lesson in lessons())
    return {each: tuple(lesson for lesson in lessons() if lesson.id == each) for each in ids}


def find(name: str) -> Lesson:
    """The lesson with this slug, or the first with this id in any case; else the one that the app opens on.

    >>> find("C1").id, find("no such lesson").id
    ('C1', 'C1')
    """
    by_name = {lesson.id.lower(): lesson for lesson in reversed(lessons())}
    by_name |= {lesson.slug: lesson for lesson in lessons()}
    return by_name.get(name.lower(), by_name[OPENING])


def link_name(lesson: Lesson) -> str:
    """What a link calls the lesson: "" for the one that the app opens on, its id where that means it, else its slug."""
    if lesson.slug == OPENING:
        return ""
    is_first = by_id()[lesson.id][0] == lesson
    return lesson.id.lower() if is_first else lesson.slug


def program_of(lesson: Lesson) -> Program:
    """The lesson's program, as it is run."""
    return Program(source=lesson.source, filename=lesson.path.name)


@cache
def lesson_programs() -> frozenset[Program]:
    """The programs of all lessons."""
    return frozenset(program_of(lesson) for lesson in lessons())
