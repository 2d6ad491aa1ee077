"""The cards of the clinic: the programs of part F, each beside the one that cures it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from engine.program.lesson import Lesson, lessons
from engine.text.language import N_

PART = "F"
Topic = Literal["in_place", "graph", "missing", "loop", "numbers"]

TOPICS: dict[Topic, str] = {
    "in_place": N_("In-place changes"),
    "graph": N_("No graph to go back through"),
    "missing": N_("Where is the gradient?"),
    "loop": N_("Training loops"),
    "numbers": N_("Numbers and types"),
}
_TOPIC_OF: dict[str, Topic] = {
    "F1": "in_place",
    "F2": "in_place",
    "F6": "in_place",
    "F11": "in_place",
    "F3": "graph",
    "F4": "graph",
    "F5": "graph",
    "F12": "graph",
    "F7": "missing",
    "F8": "missing",
    "F15": "missing",
    "F17": "missing",
    "F18": "missing",
    "F9": "loop",
    "F10": "loop",
    "F13": "loop",
    "F14": "numbers",
    "F16": "numbers",
    "F19": "numbers",
}


@dataclass(frozen=True)
class Card:
    """A program to predict. ``cure`` None: it needs none. ``detail`` tells cards of one title apart."""

    lesson: Lesson
    cure: Lesson | None
    topic: Topic
    detail: str  # a message id, "" when the title says enough

    @property
    def slug(self) -> str:
        return self.lesson.slug


@cache
def cards() -> tuple[Card, ...]:
    """Every card in teaching order: a program with a cure, or one of a lesson that has nothing to cure."""
    own = [lesson for lesson in lessons() if lesson.order[0] == PART]
    by_slug = {lesson.slug: lesson for lesson in own}
    ill = {lesson.id for lesson in own if lesson.cure}
    chosen = [lesson for lesson in own if lesson.cure or lesson.id not in ill]
    return tuple(
        Card(
            lesson,
            by_slug.get(lesson.cure),
            topic_of(lesson.id),
            lesson.variant if sum(each.id == lesson.id for each in chosen) > 1 else "",
        )
        for lesson in chosen
    )


def find(slug: str) -> Card | None:
    """The card a link names; None for any other text."""
    return next((card for card in cards() if card.slug == slug), None)


def topic_of(lesson_id: str) -> Topic:
    """The topic of a lesson; of one that nobody sorted yet, numbers and types."""
    return _TOPIC_OF.get(lesson_id, "numbers")
