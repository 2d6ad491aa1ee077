"""What a program prints while it runs, sent to the player ten times a second: the last lines only."""

from __future__ import annotations

import streamlit as st

from pages.ui.desk.desk import ProgramDesk
from pages.ui.frame.mounts import mounted

_send = mounted("printed", "components/printed.js")


def show(desk: ProgramDesk) -> None:
    """Tell the player what the run under way has printed. It shows what is said of the run it waits for."""
    with st.container(key="printed"):
        _send(key="printed-sender", data={"run": desk.run_id, "text": desk.printed})
