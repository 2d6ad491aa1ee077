"""What a reader is told of a run that waits, and the settings of turns."""

from __future__ import annotations

import pytest

from engine.contract.trace import Cause, Failure, Program, Trace
from engine.explain.errors.explain_error import explain
from engine.running.turns import Place
from engine.text.language import translator
from pages.ui.desk import services
from pages.ui.desk.running import wait_text


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(3), "Yours is number 3"),
        (Place(1, "own"), "Another program of this browser"),
        (Place(2, "parked"), "Paused, so that others get their turn. It goes on as number 2"),
    ],
)
def test_who_waits_is_told_for_what(place: Place, words: str) -> None:
    assert words in wait_text(place, translator("en"))


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("replaced", "took this one's place"),
        ("full", "full of long programs"),
        ("held", "paused for too long"),
        ("cancelled", "stopped on request"),
    ],
)
def test_a_run_whose_turn_was_taken_says_what_took_it(cause: Cause, words: str) -> None:
    failure = Failure("Stopped", "whatever is said of it", None, "limit", cause=cause)
    explanation = explain(Trace(program=Program(""), ending="cancelled", failure=failure))
    assert explanation is not None and words in " ".join(explanation.text(translator("en")))


@pytest.mark.parametrize(("setting", "expected"), [("", None), ("3", 3), ("0", 1), ("many", None)])
def test_a_limit_by_address_is_a_setting_only(
    monkeypatch: pytest.MonkeyPatch, setting: str, expected: int | None
) -> None:
    monkeypatch.setenv(services.PER_ADDRESS, setting)
    assert services.per_address() == expected
