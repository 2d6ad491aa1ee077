"""What a session remembers of the clinic: which card is open, what was predicted, what happened."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec
import streamlit as st

from engine.program.lesson import Lesson
from engine.referee.outcome import Outcome
from pages.ui.clinic import cards
from pages.ui.clinic.cards import Card
from pages.ui.desk import state
from pages.ui.desk.desk import NamedDesks, ProgramDesk
from pages.ui.desk.lessons import program_of

Stage = Literal["predict", "error", "cure", "change"]
CardMark = Literal["new", "right", "wrong"]
EVERYTHING = "all"
MARKS: tuple[CardMark, ...] = ("new", "right", "wrong")


@dataclass(frozen=True)
class Attempt:
    """How far a card has come. ``happened`` None: not run yet, or the run was ended from outside."""

    predicted: Outcome | None = None
    happened: Outcome | None = None
    stage: Stage = "predict"

    @property
    def mark(self) -> CardMark:
        """What the list shows of it."""
        if self.happened is None or self.predicted is None:
            return "new"
        return "right" if self.happened == self.predicted else "wrong"


@dataclass
class Clinic:
    """One session's clinic. The card and its cure have a desk each, so that both can be compared."""

    desks: NamedDesks
    card: str = ""  # slug of the open card; "": the list
    linked: str = ""  # the card that the address bar names
    topic: str = EVERYTHING  # what the list shows: one topic, one mark, or everything
    mark: str = EVERYTHING
    attempts: dict[str, Attempt] = field(default_factory=dict[str, Attempt])
    before_reset: dict[str, Attempt] = field(default_factory=dict[str, Attempt])  # empty: nothing to undo

    def attempt(self, slug: str) -> Attempt:
        return self.attempts.get(slug, Attempt())

    def note(self, slug: str, **changes: object) -> None:
        """Change what is known of a card."""
        self.attempts[slug] = replace(self.attempt(slug), **changes)  # type: ignore[arg-type]

    def told(self) -> str:
        """What the browser keeps of it: the attempts as JSON; "" for none."""
        tried = {slug: attempt for slug, attempt in self.attempts.items() if attempt != Attempt()}
        return msgspec.json.encode(tried).decode() if tried else ""

    def remember(self, text: str) -> None:
        """Take over what the browser has kept, of cards that were not tried in this session. It may be anything."""
        try:
            kept = msgspec.json.decode(text, type=dict[str, Attempt])
        except (msgspec.DecodeError, UnicodeError):
            return
        known = {slug: attempt for slug, attempt in kept.items() if cards.find(slug)}
        self.attempts = known | self.attempts

    def reset(self, slug: str = "") -> None:
        """Forget one card, or all of them; :meth:`undo` brings them back."""
        self.before_reset = dict(self.attempts)
        self.attempts = {other: kept for other, kept in self.attempts.items() if slug and other != slug}

    def undo(self) -> None:
        """Bring back what the last reset forgot. What was done since stays."""
        self.attempts, self.before_reset = self.before_reset | self.attempts, {}

    def count(self, mark: CardMark) -> int:
        return sum(attempt.mark == mark for attempt in self.attempts.values())

    def desk(self, name: str, lesson: Lesson) -> ProgramDesk:
        """The desk ``name`` with the lesson's program on it: its known result, or a run begun now."""
        self.desks[name].have(program_of(lesson))
        return self.desks[name]

    def leave(self) -> None:
        """The visitor has left."""
        self.desks.leave()

    def come_back(self) -> None:
        """The visitor is there again."""
        self.desks.come_back()


def _new_clinic() -> Clinic:
    return Clinic(state.named_desks())


def clinic() -> Clinic:
    """The session's clinic, at the card that the link names. Opening a card runs nothing."""
    kept = state.kept("clinic", _new_clinic)
    asked = st.query_params.get("card", "")
    if asked != kept.linked:
        kept.card = asked if cards.find(asked) else ""
    return kept


def keep_link(kept: Clinic) -> None:
    """Make the address bar a link to the open card."""
    state.keep_link(card=kept.card)
    kept.linked = kept.card


def open_card(slug: str) -> None:
    """Go to a card; "": to the list."""
    clinic().card = slug


def beside(card: Card, by: int) -> Card:
    """The card ``by`` places further on, round and round."""
    everything = cards.cards()
    return everything[(everything.index(card) + by) % len(everything)]
