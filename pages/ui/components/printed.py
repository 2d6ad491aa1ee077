"""What a program prints while it runs, sent to the player ten times a second: the last lines only."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from pages.ui.desk.desk import ProgramDesk

_send = component("backstep_printed", js=(Path(__file__).parent / "printed.js").read_text(encoding="utf-8"))


def show(desk: ProgramDesk) -> None:
    """Tell the player what the run under way has printed. It shows what is said of the run it waits for."""
    with st.container(key="printed"):
        _send(key="printed-sender", data={"run": desk.run_id, "text": desk.printed})
