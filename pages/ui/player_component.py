"""The player on the page: a Streamlit component whose data is the picture, whose events are Run and Stop."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from graphviz_tools.player.payload import Payload
from pages.ui import bar, state
from pages.ui.address import Address
from pages.ui.assets import player_folder
from pages.ui.picture import at_step, envelope, picture
from pages.ui.session import Session

HERE = Path(__file__).parent
KEY = "player"

_mount = component(
    "backstep_player",
    css=(HERE / "player_mount.css").read_text(encoding="utf-8"),
    js=(HERE / "player_mount.js").read_text(encoding="utf-8"),
)


def show(session: Session, place: Address) -> None:
    """The player with the session's result; pressing Run or Stop comes back to the session."""
    base = st.get_option("server.baseUrlPath").strip("/")
    _mount(
        key=KEY,
        data=envelope(
            _payload(session, place),
            is_running=session.is_running,
            folder=f"/{base}{player_folder()}" if base else player_folder(),
        ),
        on_run_change=_on_run,
        on_stop_change=_on_stop,
    )


def _payload(session: Session, place: Address) -> Payload | None:
    result = session.result
    if session.is_running and not result.is_blank:
        return None
    payload = picture(result, place.view, bar.chosen_run(result.trace), place.language or "en")
    return at_step(payload, place.step)


def _on_run() -> None:
    asked = st.session_state[KEY].run
    if asked:
        state.run(asked["source"])


def _on_stop() -> None:
    state.session().stop()
