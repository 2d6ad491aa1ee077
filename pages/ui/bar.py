"""The bar: which page, which view, which language. Below it a row of what the page shows: lesson, variant, run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from engine.language import LANGUAGES, Translate
from engine.trace import Trace
from pages.ui import lessons, navigation, state
from pages.ui.address import VIEWS

OWN_NAMES = {"en": "EN", "zh": "中文"}  # a language is called by its own name, in every language
BRAND = '<p class="brand">Backstep</p>'
MOST_SIDE_BY_SIDE = 26  # letters of choices that stand side by side; longer ones fold into a list


def show(_: Translate, *parts: Callable[[Translate], None]) -> None:
    """The bar, always one row: the pages, the page's own parts, the language, which never moves."""
    with st.container(horizontal=True, key="bar"):
        st.html(BRAND, width="content")
        navigation.links(state.link(), _)
        for part in parts:
            part(_)
        language_switch(_)


def row() -> Any:
    """A second row, for what differs from lesson to lesson: ``with bar.row(): ...``."""
    return st.container(horizontal=True, key="row")


def lesson_picker(_: Translate) -> None:
    by_id = lessons.by_id()
    st.selectbox(
        _("Lesson"),
        list(by_id),
        format_func=lambda each: f"{each} · {_(by_id[each][0].title)}",
        width=310,
        **state.widget("lesson", state.lesson().id, lambda each: state.choose_lesson(by_id[each][0].slug)),
    )


def view_switch(_: Translate) -> None:
    titles = {"backward": _("Backward graph"), "combined": _("Forward and backward")}
    st.segmented_control(
        _("View"),
        VIEWS,
        format_func=titles.__getitem__,
        **state.widget("view", state.place().view, lambda view: state.choose(view=view)),
    )


def run_picker(_: Translate) -> None:
    """Which backward run is drawn; nothing when there is no choice."""
    trace = state.session().result.trace
    full = [number for number, run in enumerate(trace.runs) if run.is_full]
    if len(full) < 2:
        return
    titles = {i: _("Backward {number}").format(number=n) for n, i in enumerate(full, start=1)}
    choice(
        _("Backward run"),
        titles,
        **state.widget("run", chosen_run(trace), lambda run: state.choose(run=run)),
    )


def chosen_run(trace: Trace) -> int:
    """The run of the place, as far as the trace has it; else its first."""
    run = state.place().run
    return run if run < len(trace.runs) and trace.runs[run].is_full else 0


def choice(label: str, titles: Mapping[Any, str], **widget: Any) -> None:
    """One of several by their titles: side by side where they are short, else a list, so that a row stays one row."""
    is_short = sum(map(len, titles.values())) <= MOST_SIDE_BY_SIDE
    draw = st.segmented_control if is_short else st.selectbox
    draw(label, list(titles), format_func=titles.__getitem__, **widget)


def language_switch(_: Translate) -> None:
    st.segmented_control(
        _("Language"),
        LANGUAGES,
        format_func=OWN_NAMES.__getitem__,
        **state.widget("language", state.place().language, lambda language: state.choose(language=language)),
    )
