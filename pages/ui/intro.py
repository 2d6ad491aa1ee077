"""A lesson's title and first sentences above the player, the rest behind a button."""

from __future__ import annotations

import streamlit as st

from engine.language import Translate
from engine.lesson import Lesson
from pages.ui import lessons, state
from pages.ui.markdown import prose


def show(lesson: Lesson, _: Translate) -> None:
    """One row: what this lesson is about; the programs beside it, if there are several."""
    with st.container(horizontal=True, key="intro"):
        if state.is_changed() or not lesson.text:
            st.markdown(f"**{prose(state.title(_))}**")
        else:
            st.markdown(f"**{_(lesson.title)}** — {_(lesson.text[0])}")
        _whole_text(lesson, _)
        _variants(lesson, _)
        _own(lesson, _)


def _own(lesson: Lesson, _: Translate) -> None:
    if state.is_changed() and lesson is not lessons.OWN:
        st.button(
            _("Restore"), icon=":material/restart_alt:", help=_("Put the lesson's own program back"),
            on_click=state.restore, args=(lesson.slug,), type="tertiary",
        )  # fmt: skip


def _whole_text(lesson: Lesson, _: Translate) -> None:
    if len(lesson.text) < 2 and not lesson.question:
        return
    with st.popover(_("Read on"), type="tertiary"):
        for paragraph in lesson.text:
            st.markdown(_(paragraph))
        if lesson.question:
            st.markdown(f"*{_(lesson.question)}*")


def _variants(lesson: Lesson, _: Translate) -> None:
    programs = {each.slug: each for each in lessons.by_id()[lesson.id]}
    if len(programs) > 1:
        st.segmented_control(
            _("Program"),
            list(programs),
            format_func=lambda slug: _(programs[slug].variant) or _("the program"),
            **state.widget("variant", lesson.slug, state.choose_lesson),
        )
