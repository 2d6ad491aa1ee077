"""A lesson's first sentence above the player, the whole text behind a button."""

from __future__ import annotations

import streamlit as st

from engine.program.lesson import Lesson
from engine.text.language import Translate
from pages.ui.desk import lessons, state
from pages.ui.frame import bar
from pages.ui.frame.markdown import prose


def show(lesson: Lesson, _: Translate) -> None:
    """What this lesson is about, on one line; the programs beside it, if there are several."""
    with st.container(horizontal=True, key="intro"):
        if state.is_changed() or not lesson.text:
            st.markdown(f"**{prose(state.title(_))}**")
        else:
            st.markdown(_(lesson.text[0]))
        _whole_text(lesson, _)
        _variants(lesson, _)
        _own(lesson, _)


def _own(lesson: Lesson, _: Translate) -> None:
    if state.is_changed() and lesson is not lessons.OWN:
        st.button(
            _("Restore"),
            icon=":material/restart_alt:",
            help=_("Put the lesson's own program back"),
            on_click=state.restore,
            args=(lesson.slug,),
            type="tertiary",
        )


def _whole_text(lesson: Lesson, _: Translate) -> None:
    if not lesson.text and not lesson.question:
        return
    with st.popover(_("Read on"), type="tertiary"):
        st.markdown(f"**{_(lesson.title)}**")
        for paragraph in lesson.text:
            st.markdown(_(paragraph))
        if lesson.question:
            st.markdown(f"*{_(lesson.question)}*")


def _variants(lesson: Lesson, _: Translate) -> None:
    programs = {each.slug: each for each in lessons.by_id()[lesson.id]}
    if len(programs) > 1:
        titles = {slug: _(each.variant) or _("the program") for slug, each in programs.items()}
        bar.choice(
            _("Program"),
            titles,
            **state.widget("variant", lesson.slug, state.choose_lesson),
        )
