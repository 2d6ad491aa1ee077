"""What a session remembers of the clinic: which card is open, what was predicted, what happened."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec
import streamlit as st

from engine.contract.trace import Limits, Program
from engine.program.lesson import Lesson
from engine.referee.outcome import Outcome
from engine.running.turns import Asker
from pages.ui.clinic import cards
from pages.ui.clinic.cards import Card
from pages.ui.desk import services, state
from pages.ui.desk.lessons import program_of
from pages.ui.desk.session import KnownTraces, Session
from pages.ui.desk.task import Runs

Stage = Literal["predict", "error", "cure", "change"]
Mark = Literal["new", "right", "wrong"]
EVERYTHING = "all"
MARKS: tuple[Mark, ...] = ("new", "right", "wrong")


@dataclass(frozen=True)
class Attempt:
    """How far a card has come. ``happened`` None: not run yet, or the run was ended from outside."""

    predicted: Outcome | None = None
    happened: Outcome | None = None
    stage: Stage = "predict"

    @property
    def mark(self) -> Mark:
        """What the list shows of it."""
        if self.happened is None or self.predicted is None:
            return "new"
        return "right" if self.happened == self.predicted else "wrong"


@dataclass
class Clinic:
    """One session's clinic. The card and its cure have a desk each, so that both can be compared."""

    runner: Runs
    known: KnownTraces
    limits: Limits | None = None
    asker: Asker | None = None  # of both desks
    card: str = ""  # slug of the open card; "": the list
    linked: str = ""  # the card that the address bar names
    topic: str = EVERYTHING  # what the list shows: one topic, one mark, or everything
    mark: str = EVERYTHING
    attempts: dict[str, Attempt] = field(default_factory=dict)
    before_reset: dict[str, Attempt] = field(default_factory=dict)  # empty: nothing to undo
    _desks: dict[str, tuple[Program, Session]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

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

    def count(self, mark: Mark) -> int:
        return sum(attempt.mark == mark for attempt in self.attempts.values())

    def desk(self, name: str, lesson: Lesson) -> Session:
        """The desk ``name`` with the lesson's program on it: its known result, or a run begun now."""
        program = program_of(lesson)
        with self._lock:
            shown = self._desks.get(name)
            if shown is not None and shown[0] == program:
                return shown[1]
            desk = shown[1] if shown is not None else Session(self.runner, self.known, self.limits, self.asker)
            desk.show(program)
            self._desks[name] = (program, desk)
            return desk

    def leave(self) -> None:
        """The visitor has left."""
        with self._lock:
            for _program, desk in self._desks.values():
                desk.leave()

    def come_back(self) -> None:
        """The visitor is there again."""
        with self._lock:
            for _program, desk in self._desks.values():
                desk.come_back()


def _new_clinic() -> Clinic:
    return Clinic(services.runner(), services.known_traces(), services.limits(), state.asker())


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
