"""The page detach vs .data without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.variants.example import VARIANTS
from engine.variants.sheet import Sheet, example_programs
from graphviz_tools.picture import shared_layout
from pages.ui.desk import services
from pages.ui.desk.lessons import lesson_programs
from pages.ui.desk.results import KnownTraces, Result
from tests.graphviz_tools.traces import mutated
from tests.pages.runners import HandRunner

SCRIPT = """
import runpy
from pages.ui.desk import state
state.desk()
runpy.run_path("pages/detach.py")
"""


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Iterator[HandRunner]:
    """A runner that the test drives; every variant of the example is recorded already."""
    hand = HandRunner()
    known = KnownTraces(lesson_programs() | example_programs())
    for variant in VARIANTS:
        recorded = mutated("detach" if variant.slug == "detach" else "data")
        program = Sheet().program(variant)
        known.offer(Result(variant.slug, recorded.__class__(**{**fields(recorded), "program": program})))
    monkeypatch.setattr(services, "runner", lambda: hand)
    monkeypatch.setattr(services, "known_traces", lambda: known)
    monkeypatch.setattr(st, "page_link", lambda *_arguments, **_options: None)  # it needs st.navigation
    yield hand
    shared_layout().close()


def fields(recorded) -> dict[str, Any]:
    return {name: getattr(recorded, name) for name in recorded.__struct_fields__}


def opened(**parameters: str) -> AppTest:
    test = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, value in parameters.items():
        test.query_params[name] = value
    return checked(test.run())


def checked(test: AppTest) -> AppTest:
    assert [error.value for error in test.exception] == []
    return test


def envelope(test: AppTest) -> dict[str, Any]:
    """What the browser is sent."""
    (component,) = test.get("bidi_component")
    return json.loads(component.proto.bytes)


def shown(test: AppTest) -> list[str]:
    return [column["slug"] for column in envelope(test)["payload"]["columns"]]


def test_it_opens_with_detach_beside_data(runner):
    test = opened()
    assert shown(test) == ["detach", "data"]
    sent = envelope(test)
    assert (sent["module"], sent["styles"], sent["running"]) == ("compare.js", ["player.css", "compare.css"], False)
    assert next(column["verdict"]["kind"] for column in sent["payload"]["columns"]) == "error"


def test_a_link_chooses_variants_language_and_moment(runner):
    test = opened(variants="numpy,clone", lang="zh", step="3")
    assert shown(test) == ["clone", "numpy"]
    assert envelope(test)["payload"]["start_step"] == 3
    assert envelope(test)["payload"]["language"] == "zh"
    assert test.query_params["variants"] == "numpy,clone"


def test_choosing_variants_shows_them_and_goes_into_the_link(runner):
    test = opened()
    checked(test.button_group(key="variants").set_value(["detach", "data", "no-grad"]).run())
    assert shown(test) == ["detach", "data", "no-grad"]
    assert test.query_params["variants"] == "detach,data,no-grad"


def test_a_fifth_variant_is_refused_with_a_word(runner):
    test = opened(variants="detach,data,clone,numpy")
    checked(test.button_group(key="variants").set_value(["detach", "data", "clone", "numpy", "no-grad"]).run())
    assert shown(test) == ["detach", "data", "clone", "numpy"]
    assert [toast.value for toast in test.toast] == ["Four variants at most fit side by side."]


def test_running_keeps_the_last_picture_until_the_results_are_there(runner):
    test = opened()
    bench = test.session_state["bench"]
    bench.run("# the variant's lines\n", {})
    checked(test.run())
    assert envelope(test)["running"] is True
    assert envelope(test)["payload"] is None
    for variant in bench.variants:
        runner.end(bench.sheet.program(variant).source)
    assert bench.settle(timeout_s=10)
    checked(test.run())
    assert envelope(test)["payload"]["source"] == "# the variant's lines\n\n"
    assert "Restore" in [button.label for button in test.button]
