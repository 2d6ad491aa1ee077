"""What a component tells after its page was left is nothing, and no error."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
from types import SimpleNamespace
import streamlit as st
from pages.ui.desk import state
st.session_state["there"] = SimpleNamespace(kept={"text": "x"})
st.session_state["seen"] = [state.told("there", "kept"), state.told("there", "run"), state.told("gone", "kept")]
"""
LEFT = """
import streamlit as st
from pages.ui import HANDLER
HANDLER()
"""


def test_only_what_is_there_is_told() -> None:
    test = AppTest.from_string(SCRIPT).run()
    assert not test.exception
    assert test.session_state["seen"] == [{"text": "x"}, None, None]


@pytest.mark.parametrize(
    "handler",
    [
        "training.page import _on_attach",
        "training.page import _on_open",
        "detach.panel import _on_run",
        "components.player import _on_desk",
    ],
)
def test_handlers_of_a_page_that_was_left_do_nothing(handler: str) -> None:
    module, _, name = handler.partition(" import ")
    test = AppTest.from_string(
        LEFT.replace("pages.ui import HANDLER", f"pages.ui.{module} import {name} as HANDLER")
    ).run()
    assert not test.exception
