"""The bar: which page, which view, which language. Below it a row of what the page shows: lesson, variant, run."""

# Streamlit's widgets leave some of their types unsaid.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from engine.program.lesson import Lesson
from engine.text.language import LANGUAGES, Language, Translate, translator
from graphviz_tools.story.run_titles import run_titles
from pages.ui.desk import lessons, navigation, state
from pages.ui.desk.address import VIEWS, View
from pages.ui.desk.results import Result, with_result
from pages.ui.frame.markdown import prose

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
    if state.unknown_lesson():
        _no_such_lesson(state.unknown_lesson(), _)


def _no_such_lesson(name: str, _: Translate) -> None:
    """What to do about a link to a lesson that is not there."""
    with st.container(horizontal=True, key="unknown-lesson"):
        text = _("There is no lesson `{name}` here. This is {lesson}; the list has them all.")
        st.markdown(prose(text.format(name=name.replace("`", "'")[:40], lesson=state.lesson().id)), width="content")
        for lesson in lessons.like(name):
            st.button(
                f"{lesson.id} · {_(lesson.title)}",
                key=f"like-{lesson.slug}",
                type="tertiary",
                on_click=state.choose_lesson,
                args=(lesson.slug,),
            )


def row() -> Any:
    """A second row, for what differs from lesson to lesson: ``with bar.row(): ...``."""
    return st.container(horizontal=True, key="row")


def lesson_picker(_: Translate) -> None:
    by_id = lessons.by_id()
    st.selectbox(
        _("Lesson"),
        list(by_id),
        format_func=lambda each: title(by_id[each][0], _),
        width=310,
        **state.widget("lesson", state.lesson().id, lambda each: state.choose_lesson(by_id[each][0].slug)),
    )


def title(lesson: Lesson, _: Translate) -> str:
    """How a list calls the lesson; one's own program by what it says itself."""
    if lesson is lessons.OWN:
        return state.title(_) if state.lesson() is lesson else _(lesson.title)
    return f"{lesson.id} · {_(lesson.title)}"


def view_switch(_: Translate, drawn: View | None = None) -> None:
    """``drawn``: the view that the picture is of, where it could not be the chosen one."""
    titles = {"backward": _("Backward graph"), "combined": _("Forward and backward")}
    st.segmented_control(
        _("View"),
        VIEWS,
        format_func=titles.__getitem__,
        **state.widget("view", drawn or state.place().view, lambda view: state.choose(view=view)),
    )


def run_picker(_: Translate) -> None:
    """Which backward run is drawn; nothing when there is no choice."""
    result = state.desk().result
    if len(result.packed.full_runs) < 2:
        return
    choice(
        _("Backward run"),
        _run_titles(result, state.place().language or "en"),
        **state.widget("run", chosen_run(result), lambda run: state.choose(run=run)),
    )


@with_result
def _run_titles(result: Result, language: Language) -> dict[int, str]:
    return run_titles(result.trace, translator(language))


def chosen_run(result: Result) -> int:
    """The run of the place, as far as it was recorded; else the first."""
    run = state.place().run
    return run if run in result.packed.full_runs else 0


def choice(label: str, titles: Mapping[Any, str], **widget: Any) -> None:
    """One of several by their titles: side by side where they are short, else a list, so that a row stays one row."""
    if sum(map(len, titles.values())) <= MOST_SIDE_BY_SIDE:
        st.segmented_control(label, list(titles), format_func=titles.__getitem__, **widget)
    else:
        st.selectbox(label, list(titles), format_func=titles.__getitem__, **widget)


def language_switch(_: Translate) -> None:
    st.segmented_control(
        _("Language"),
        LANGUAGES,
        format_func=OWN_NAMES.__getitem__,
        **state.widget("language", state.place().language, lambda language: state.choose(language=language)),
    )
