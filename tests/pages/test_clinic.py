"""The clinic page without a browser: what it shows at each stage, what it runs, what it remembers."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.contract.trace import Trace
from engine.program.lesson import lessons
from graphviz_tools.picture import shared_layout
from pages.ui.clinic import cards
from pages.ui.clinic.progress import Attempt, Clinic
from pages.ui.desk import services
from pages.ui.desk.desk import NamedDesks
from pages.ui.desk.lessons import lesson_programs, program_of
from pages.ui.desk.results import KnownTraces, Result
from tests.graphviz_tools import traces
from tests.pages.runners import HandRunner

SCRIPT = """
import runpy
from pages.ui.desk import state
state.desk()
runpy.run_path("pages/clinic.py")
"""
CARD = "f01-saved-overwritten"


def known(**recorded: Trace) -> KnownTraces:
    """Recordings of lessons by slug, "_" for "-"."""
    by_slug = {lesson.slug: lesson for lesson in lessons()}
    kept = KnownTraces(lesson_programs())
    for name, trace in recorded.items():
        program = program_of(by_slug[name.replace("_", "-")])
        kept.offer(Result(name, msgspec.structs.replace(trace, program=program)))
    return kept


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Iterator[HandRunner]:
    """A runner that the test drives; both programs of card F1 are recorded already."""
    hand = HandRunner()
    one, other = traces.mutated("detach"), traces.c1()
    recorded = known(c1_product=other, f01_saved_overwritten=one, f01_saved_overwritten_cured=other)
    monkeypatch.setattr(services, "runner", lambda: hand)
    monkeypatch.setattr(services, "known_traces", lambda: recorded)
    monkeypatch.setattr(st, "page_link", lambda *_arguments, **_options: None)  # it needs st.navigation
    yield hand
    shared_layout().close()


def opened(card: str = "", **parameters: str) -> AppTest:
    test = AppTest.from_string(SCRIPT, default_timeout=30)
    if card:
        test.query_params["card"] = card
    for name, value in parameters.items():
        test.query_params[name] = value
    return checked(test.run())


def checked(test: AppTest) -> AppTest:
    assert [error.value for error in test.exception] == []
    return test


def press(test: AppTest, label: str) -> AppTest:
    button = next(button for button in test.button if button.label == label)
    return checked(button.click().run())


def predict(test: AppTest, answer: str) -> AppTest:
    return checked(test.radio[0].set_value(answer).run())


def texts(test: AppTest) -> str:
    return "\n".join(
        str(one.value) for kind in ("markdown", "success", "error", "info", "caption") for one in test.get(kind)
    )


def own_runs(runner: HandRunner) -> list[str]:
    """Files of part F that were given to the runner."""
    return [program.filename for _, program in runner.submitted if program.filename.startswith("f")]


def test_the_list_has_every_card_and_none_is_tried(runner: HandRunner):
    test = opened()
    shown = [button for button in test.button if (button.key or "").startswith("open-")]
    assert len(shown) == len(cards.cards()) > 18
    assert texts(test).count("not tried") == len(shown)


def test_a_link_opens_the_card_and_runs_nothing_of_it(runner: HandRunner):
    test = opened(CARD)
    assert test.code[0].value == program_of(cards.cards()[0].lesson).source.strip()
    assert next(button for button in test.button if button.label == "Run").disabled
    assert own_runs(runner) == []


def test_a_link_to_no_card_leads_to_the_list(runner: HandRunner):
    assert len(opened("../../etc/passwd").code) == 0
    assert len(opened("f01-saved-overwritten-cured").code) == 0


def test_before_the_run_nothing_says_how_it_ends(runner: HandRunner):
    said = texts(opened(CARD))
    assert "raised by line" not in said and "Why" not in said and "the error" not in said


def test_a_prediction_that_comes_true_is_told_so_and_the_reason_follows(runner: HandRunner):
    test = press(predict(opened(CARD), "raised"), "Run")
    assert "**As you predicted.** `RuntimeError` was raised by line 6, at the node `MulBackward0`." in texts(test)
    assert len(test.error) == 0
    assert "changed it in place" not in texts(test)  # the player says why, once


def test_a_prediction_that_fails_is_held_against_what_happened(runner: HandRunner):
    test = press(predict(opened(CARD), "wrong"), "Run")
    assert "**Not as predicted.**" in test.error[0].value
    assert "It runs, and a gradient is wrong or missing" in test.error[0].value
    assert "predicted wrong" in texts(test)


def test_the_cure_runs_and_what_it_changed_is_shown(runner: HandRunner):
    test = press(press(predict(opened(CARD), "raised"), "Run"), "Apply the cure")
    assert test.success[0].value.startswith("**Cured.** It ran, and every gradient is right.")
    test = press(test, "See what changed")
    html = "".join(one.proto.body for one in test.get("html"))
    assert 'class="program-diff"' in html and "<del>+=</del>" in html and "<ins>= y +</ins>" in html
    assert "multiply, MulBackward0, line 3" in html


def test_a_card_is_remembered_when_the_visitor_comes_back_to_it(runner: HandRunner):
    test = press(predict(opened(CARD), "raised"), "Run")
    test = press(test, "All cards")
    assert "1 of" in test.get("progress")[0].proto.text and "predicted right" in texts(test)
    test = checked(test.button(key=f"open-{CARD}").click().run())
    assert "**As you predicted.**" in texts(test)
    assert test.query_params["card"] in (CARD, [CARD])


def test_a_card_that_starts_over_forgets_and_undo_brings_it_back(runner: HandRunner):
    test = press(press(predict(opened(CARD), "raised"), "Run"), "Start over")
    assert test.radio[0].value is None and len(test.success) == 0
    assert "**As you predicted.**" in texts(press(test, "Undo"))


def test_the_list_is_filtered_by_kind_and_by_state(runner: HandRunner):
    test = press(press(predict(opened(CARD), "raised"), "Run"), "All cards")

    def shown() -> list[str]:
        return [str(button.key)[5:] for button in test.button if (button.key or "").startswith("open-")]

    clinic: Clinic = test.session_state["clinic"]
    clinic.mark = "right"
    test = checked(test.run())
    assert shown() == [CARD]
    clinic.mark, clinic.topic = "all", "loop"
    test = checked(test.run())
    assert {slug[:3] for slug in shown()} == {"f09", "f10", "f13"}


def test_a_run_that_is_not_known_is_waited_for(runner: HandRunner):
    test = press(predict(opened("f05-loss-per-sample"), "raised"), "Run")
    assert "The program runs." in texts(test)
    runner.end(program_of(cards.find("f05-loss-per-sample").lesson).source, ending="cancelled")  # type: ignore[union-attr]
    test = checked(test.run())
    assert "The run was ended before it could show anything." in texts(test)
    assert any(button.label == "Run again" for button in test.button)


def test_the_page_speaks_chinese(runner: HandRunner):
    test = press(predict(opened(CARD, lang="zh"), "raised"), "运行")
    assert "**与你的预测一致。** 第 6 行引发了 `RuntimeError`" in texts(test)


def test_every_lesson_of_part_f_is_a_card_or_the_cure_of_one():
    own = {lesson.slug for lesson in lessons() if lesson.order[0] == "F"}
    all_cards = cards.cards()
    shown = {card.slug for card in all_cards} | {card.cure.slug for card in all_cards if card.cure is not None}
    assert {card.slug for card in all_cards if card.lesson.cure and card.cure is None} == set()
    assert all(slug[:3] in ("f03", "f18") for slug in own - shown)  # these have a second cure


def test_every_lesson_of_part_f_has_a_topic():
    ids = {card.lesson.id for card in cards.cards()}
    assert ids == set(cards._TOPIC_OF)


def test_no_title_on_the_list_gives_the_answer_away():
    details = {card.detail for card in cards.cards()}
    assert "the error" not in details and not any("cure" in detail for detail in details)


def test_undo_keeps_what_was_done_since_the_reset():
    clinic = Clinic(NamedDesks(HandRunner(), known()))
    clinic.note("a", predicted="raised", happened="raised")
    clinic.note("b", predicted="right", happened="raised")
    assert (clinic.count("right"), clinic.count("wrong")) == (1, 1)
    clinic.reset()
    clinic.note("b", predicted="raised", happened="raised")
    clinic.undo()
    assert clinic.attempts["a"] == Attempt("raised", "raised")
    assert clinic.attempts["b"].mark == "right"


def test_the_browser_keeps_what_was_tried_and_gives_it_back(runner: HandRunner):
    first = press(predict(opened(CARD), "raised"), "Run")
    told = first.session_state.clinic.told()
    again = opened("")
    clinic = again.session_state.clinic
    clinic.remember(told)
    assert clinic.attempts == first.session_state.clinic.attempts
    clinic.reset()
    assert clinic.told() == ""


@pytest.mark.parametrize("text", ["", "{", "[]", '{"f1": 3}', '{"f01-saved-overwritten": {"stage": "none"}}', "\ud800"])
def test_anything_may_lie_in_a_browser(runner: HandRunner, text: str):
    clinic = opened("").session_state.clinic
    clinic.remember(text)
    clinic.remember('{"no-such-card": {"predicted": "raised"}}')
    assert clinic.attempts == {}
