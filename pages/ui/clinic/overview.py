"""All cards of the clinic, with what this session did with each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.text.language import Translate
from pages.ui.clinic import progress
from pages.ui.clinic.cards import TOPICS, Card, cards
from pages.ui.clinic.progress import EVERYTHING, MARKS, CardMark, Clinic
from pages.ui.desk import state

ICONS: dict[CardMark, str] = {
    "new": ":material/radio_button_unchecked:",
    "right": ":material/check_circle:",
    "wrong": ":material/cancel:",
}


def show(clinic: Clinic, _: Translate) -> None:
    """What the clinic is, how far the visitor is, and the cards that the filters leave."""
    with st.container(horizontal=True, key="clinic-head"):
        st.header(_("Error clinic"), anchor=False, width="content")
        st.markdown(_("Each card is a small program. Predict what it does, run it, and cure it."), width="content")
        _progress(clinic, _)
    chosen = _filtered(clinic, _)
    if not chosen:
        st.info(_("No card is like that."), icon=":material/filter_alt:")
    with st.container(horizontal=True, key="clinic-cards"):
        for card in chosen:
            _card(card, clinic, _)


def mark_text(mark: CardMark, _: Translate) -> str:
    """A card's state: a sign and words."""
    texts = {"new": _("not tried"), "right": _("predicted right"), "wrong": _("predicted wrong")}
    return f"{ICONS[mark]} {texts[mark]}"


def title(card: Card, _: Translate) -> str:
    """Its title, and what tells it from others of the same title."""
    return _(card.lesson.title) + (f" · {_(card.detail)}" if card.detail else "")


def _progress(clinic: Clinic, _: Translate) -> None:
    right, wrong, n = clinic.count("right"), clinic.count("wrong"), len(cards())
    text = _("{tried} of {n} tried, {right} predicted right").format(tried=right + wrong, n=n, right=right)
    with st.container(horizontal=True, key="clinic-progress"):
        st.progress((right + wrong) / n, text=text, width=260)
        if clinic.attempts:
            st.button(
                _("Start over"), icon=":material/restart_alt:", on_click=clinic.reset, type="tertiary", key="reset-all"
            )
        if clinic.before_reset:
            st.button(_("Undo"), icon=":material/undo:", on_click=clinic.undo, type="tertiary", key="undo-reset")


def _filtered(clinic: Clinic, _: Translate) -> Sequence[Card]:
    topics = {EVERYTHING: _("All kinds")} | {topic: _(text) for topic, text in TOPICS.items()}
    marks = {EVERYTHING: _("all")} | {mark: mark_text(mark, _) for mark in MARKS}
    with st.container(horizontal=True, key="clinic-filters"):
        _choice(clinic, "topic", _("Kind of error"), topics)
        _choice(clinic, "mark", _("State"), marks)
    return [
        card
        for card in cards()
        if clinic.topic in (EVERYTHING, card.topic) and clinic.mark in (EVERYTHING, clinic.attempt(card.slug).mark)
    ]


def _choice(clinic: Clinic, name: str, label: str, texts: dict[str, str]) -> None:
    widget = state.widget(f"clinic-{name}", getattr(clinic, name), lambda value: setattr(clinic, name, value))
    st.segmented_control(label, list(texts), format_func=texts.__getitem__, **widget)


def _card(card: Card, clinic: Clinic, _: Translate) -> None:
    mark = clinic.attempt(card.slug).mark
    with st.container(border=True, key=f"clinic-card-{mark}-{card.slug}"):
        st.caption(f"{card.lesson.id} · {_(TOPICS[card.topic])}")
        st.button(
            title(card, _), key=f"open-{card.slug}", on_click=progress.open_card, args=(card.slug,), type="tertiary"
        )
        st.caption(mark_text(mark, _))
