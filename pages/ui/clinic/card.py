"""One card: predict, see what happens, cure it, see what the cure changed."""

# Streamlit's widgets leave some of their types unsaid.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec
import streamlit as st

from engine.contract.trace import Trace
from engine.explain.errors.explain_error import explain
from engine.referee.finding import Finding
from engine.referee.outcome import OUTCOMES, Outcome, outcome, telling_step
from engine.text.language import N_, Translate
from graphviz_tools.drawing.processes import DrawingError
from graphviz_tools.drawing.requests import FindingsOf
from pages.ui.clinic import compare_programs, overview, progress, words
from pages.ui.clinic.cards import Card, cards
from pages.ui.clinic.progress import Attempt, Clinic, Stage
from pages.ui.components import player
from pages.ui.components.picture import at_step, picture
from pages.ui.desk import running, state
from pages.ui.desk.desk import ProgramDesk
from pages.ui.desk.drawing import drawn
from pages.ui.desk.lessons import link_name, program_of
from pages.ui.desk.navigation import FOLDER
from pages.ui.desk.results import Result

Width = Literal["stretch", "content"]

STAGES: dict[Stage, str] = {
    "predict": N_("1 Predict"),
    "error": N_("2 Run"),
    "cure": N_("3 Cure"),
    "change": N_("4 What changed"),
}


def show(clinic: Clinic, card: Card, _: Translate) -> None:
    """The card at the stage that this session has come to."""
    attempt = clinic.attempt(card.slug)
    _head(clinic, card, attempt, _)
    match attempt.stage:
        case "predict":
            _predict(clinic, card, attempt, _)
        case "error":
            _error(clinic, card, attempt, _)
        case "cure":
            _cure(clinic, card, _)
        case "change":
            _change(clinic, card, _)


def _head(clinic: Clinic, card: Card, attempt: Attempt, _: Translate) -> None:
    """Where one is, and how to get away: the list, the cards beside, the stages."""
    place = cards().index(card) + 1
    with st.container(horizontal=True, key="card-head"):
        _tertiary(_("All cards"), "arrow_back", progress.open_card, "")
        st.markdown(f"**{card.lesson.id} · {overview.title(card, _)}**", width="content")
        st.caption(f"{place} / {len(cards())} · {overview.mark_text(attempt.mark, _)}", width="content")
        if attempt.stage != "predict":
            _stages(clinic, card, attempt, _)
            _tertiary(_("Start over"), "restart_alt", clinic.reset, card.slug)
        elif clinic.before_reset.get(card.slug):
            _tertiary(_("Undo"), "undo", _undo, clinic, card)


def _tertiary(label: str, icon: str, act: Callable[..., None], *arguments: object) -> None:
    st.button(label, icon=f":material/{icon}:", on_click=act, args=arguments, type="tertiary")


def _undo(clinic: Clinic, card: Card) -> None:
    clinic.attempts.pop(card.slug, None)
    clinic.undo()


def _stages(clinic: Clinic, card: Card, attempt: Attempt, _: Translate) -> None:
    """The stages one may look at again; a card that needs no cure has the run alone."""
    if card.cure is None or attempt.happened is None:
        return
    known: list[Stage] = ["error", "cure", "change"]
    widget = state.widget("clinic-stage", attempt.stage, lambda stage: clinic.note(card.slug, stage=stage))
    st.segmented_control(_("Stage"), known, format_func=lambda stage: _(STAGES[stage]), **widget)


# --- predict --------------------------------------------------------------------------------------


def _predict(clinic: Clinic, card: Card, attempt: Attempt, _: Translate) -> None:
    code, question = st.columns([11, 9], gap="medium")
    with code:
        st.code(card.lesson.source, language="python", line_numbers=True, wrap_lines=True)
    with question, st.container(key="question"):
        if card.lesson.text:
            st.markdown(_(card.lesson.text[0]))
        if card.lesson.question:
            st.markdown(f"*{_(card.lesson.question)}*")
        widget = state.widget(
            f"predict-{card.slug}", attempt.predicted, lambda chosen: clinic.note(card.slug, predicted=chosen)
        )
        st.subheader(_("What will happen?"), anchor=False)
        st.radio(_("What will happen?"), OUTCOMES, format_func=lambda each: _(words.PREDICTIONS[each]), **widget)
        st.button(
            _("Run"),
            icon=":material/play_arrow:",
            type="primary",
            disabled=attempt.predicted is None,
            on_click=lambda: clinic.note(card.slug, stage="error"),
            key="run-card",
        )
        if attempt.predicted is None:
            st.caption(_("Choose a prediction first"))


# --- run ------------------------------------------------------------------------------------------


def _error(clinic: Clinic, card: Card, attempt: Attempt, _: Translate) -> None:
    desk = clinic.desk("error", card.lesson)
    if _waits(desk, _):
        return
    result = desk.result
    trace = result.trace  # held, or each look would make it from its bytes again
    happened = judged(result)
    if attempt.happened != happened:
        clinic.note(card.slug, happened=happened)
        st.rerun()  # the head and the mark tell it, too
    found = found_in(result)
    told, act = st.columns([7, 2], gap="medium", vertical_alignment="center")
    with told, st.container(key="verdict"):
        words.verdict(attempt.predicted, happened, trace, found, _)
        words.why(card.lesson, trace, found, _)
    with act, st.container(key="act"):
        if happened is None:
            _primary(_("Run again"), "play_arrow", lambda: desk.run(program_of(card.lesson)))
        elif card.cure is not None:
            _next(clinic, card, "cure", _("Apply the cure"), "healing")
        else:
            st.markdown(_("There is nothing to cure here."))
            _next_card(card, _)
        _explorer_link(card, _)
    step = telling_step(trace, found)
    _player(desk, result, _last_step(trace) if step is None else step)


def found_in(result: Result) -> tuple[Finding, ...]:
    """What the referee says about a result; nothing about a recording that cannot be judged."""
    try:
        return drawn(FindingsOf(), [result], state.visitor())
    except DrawingError:
        return ()


def judged(result: Result) -> Outcome | None:
    """How a result's program went."""
    return outcome(result.trace, found_in(result))


# --- cure -----------------------------------------------------------------------------------------


def _cure(clinic: Clinic, card: Card, _: Translate) -> None:
    assert card.cure is not None
    desk = clinic.desk("cure", card.cure)
    if _waits(desk, _):
        return
    result = desk.result
    trace = result.trace
    told, act = st.columns([7, 2], gap="medium", vertical_alignment="center")
    with told, st.container(key="verdict"):
        words.cured(judged(result), trace, found_in(result), _)
        st.markdown(" ".join(_(paragraph) for paragraph in card.cure.text[:2]))
    with act, st.container(key="act"):
        _next(clinic, card, "change", _("See what changed"), "difference")
    _player(desk, result, _last_step(trace))


def _last_step(trace: Trace) -> int:
    return len(trace.steps)


# --- what changed ---------------------------------------------------------------------------------


def _change(clinic: Clinic, card: Card, _: Translate) -> None:
    assert card.cure is not None
    desks = clinic.desk("error", card.lesson), clinic.desk("cure", card.cure)
    if any(_waits(desk, _) for desk in desks):
        return
    compare_programs.show(desks[0].result, desks[1].result, state.place().language or "en", _)
    with st.container(horizontal=True, key="card-end"):
        _next_card(card, _, width="content")
        _explorer_link(card, _)


# --- shared ---------------------------------------------------------------------------------------


def _waits(desk: ProgramDesk, _: Translate) -> bool:
    """Whether there is no result yet; then the page draws itself anew when there is."""
    desk.settle(running.patience_s(desk))
    if not desk.is_running:
        return False
    st.info(_("The program runs."), icon=":material/hourglass_top:")
    running.watch(desk)
    return True


def _player(desk: ProgramDesk, result: Result, step: int | None) -> None:
    payload = picture(result, "backward", 0, state.place().language or "en", visitor=state.visitor())
    marks = payload.line_marks
    if explain(result.trace) is not None:  # the step says it: beside the code the lines alone are marked
        marks = tuple(msgspec.structs.replace(mark, text="") for mark in marks)
    payload = msgspec.structs.replace(at_step(payload, step), editable=False, at_once=True, line_marks=marks)
    player.mount(payload, is_running=desk.is_running, on_stop=desk.stop)


def _next(clinic: Clinic, card: Card, stage: Stage, label: str, icon: str) -> None:
    _primary(label, icon, lambda: clinic.note(card.slug, stage=stage))


def _next_card(card: Card, _: Translate, width: Width = "stretch") -> None:
    following = progress.beside(card, 1).slug
    _primary(_("Next card"), "arrow_forward", lambda: progress.open_card(following), width)


def _primary(label: str, icon: str, act: Callable[[], None], width: Width = "stretch") -> None:
    st.button(label, icon=f":material/{icon}:", type="primary", on_click=act, width=width)


def _explorer_link(card: Card, _: Translate) -> None:
    there = {**state.link(), "lesson": link_name(card.lesson)}
    st.page_link(FOLDER / "explorer.py", label=_("Open in the Explorer"), icon=":material/edit:", query_params=there)
