"""Programs that can be trained: the lessons that say so, their broken siblings, and what the visitor has written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from engine.contract.trace import Program
from engine.program.lesson import Lesson, lessons
from engine.text.language import N_, Translate
from pages.ui.desk.lessons import program_of

FIT = ("x", "y", "y_pred")  # names drawn as data and fit of a program that does not say others
DESK, OWN = "desk", "own"  # keys of the programs that are no lessons
ON_THE_DESK = N_("The program in the Explorer")
OWN_PROGRAM = N_("A program of my own")


@dataclass(frozen=True)
class Candidate:
    """A program with what the page needs to know of it. ``key``: a lesson's slug, or one of the words above."""

    key: str
    program: Program
    title: str  # a message id
    lesson_id: str = ""
    variant: str = ""  # a message id; "" for the only or first program of a lesson
    series: tuple[str, ...] = FIT  # names of x, data and fit; () when there is nothing to draw
    breaks: tuple[str, ...] = ()
    is_broken: bool = False  # one mistake away from a program that trains

    def label(self, _: Translate) -> str:
        """What a legend calls it."""
        name = _(self.variant) if self.variant else _(self.title)
        return f"{self.lesson_id} · {name}" if self.lesson_id else name

    def on(self, device: str) -> Candidate:
        """The same, told which device to use."""
        return replace(self, program=msgspec.structs.replace(self.program, device=device or None))


def of_lesson(lesson: Lesson, is_broken: bool = False) -> Candidate:
    """A lesson's program."""
    return Candidate(
        lesson.slug,
        program_of(lesson),
        lesson.title,
        lesson.id,
        lesson.variant,
        lesson.series,
        lesson.breaks,
        is_broken,
    )


def trainings(known: Iterable[Lesson] | None = None) -> dict[str, Candidate]:
    """Lessons that train, by slug, in teaching order; the broken ones are not among them."""
    all_of_them = tuple(lessons() if known is None else known)
    broken = {slug for lesson in all_of_them for slug in lesson.breaks}
    trains = [one for one in all_of_them if one.is_training and one.slug not in broken]
    alone = {one.id for one in trains if sum(other.id == one.id for other in trains) == 1}
    return {one.slug: _named(of_lesson(one), one.id in alone) for one in trains}


def first() -> str:
    """Slug of the training that the page opens with: the first one that calls ``backward()``; "" for none."""
    known = trainings()
    return next((slug for slug, one in known.items() if ".backward(" in one.program.source), next(iter(known), ""))


def _named(candidate: Candidate, is_alone: bool) -> Candidate:
    """The only training of its lesson is called by the lesson's title."""
    return replace(candidate, variant="") if is_alone else candidate


def broken_of(chosen: Iterable[Candidate], known: Iterable[Lesson] | None = None) -> dict[str, Candidate]:
    """The programs of the chosen ones' lessons that are one mistake away from one that trains, by slug."""
    by_slug = {lesson.slug: lesson for lesson in (lessons() if known is None else known)}
    ids = {candidate.lesson_id for candidate in chosen}
    slugs = dict.fromkeys(slug for lesson in by_slug.values() if lesson.id in ids for slug in lesson.breaks)
    return {slug: of_lesson(by_slug[slug], is_broken=True) for slug in slugs if slug in by_slug}


def on_the_desk(program: Program) -> Candidate:
    """What the Explorer has on its desk: a lesson as such, anything else under the desk's name."""
    same = next((lesson for lesson in lessons() if program_of(lesson) == program), None)
    return replace(of_lesson(same), key=DESK) if same is not None else Candidate(DESK, program, ON_THE_DESK)


def own(source: str) -> Candidate:
    """A program typed on the page itself."""
    return Candidate(OWN, Program(source=source), OWN_PROGRAM)
