"""The player on the page: a Streamlit component whose data is the picture, whose events are Run and Stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from graphviz_tools.player.comparison import Comparison
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
    is_running, run = session.is_running, session.run_id
    mount(_payload(session, place), is_running=is_running, run=run, on_run=_on_run, on_stop=_on_stop)


def mount(
    payload: Payload | Comparison | None,
    *,
    is_running: bool,
    key: str = KEY,
    module: str = "player.js",
    styles: Sequence[str] = ("player.css",),
    run: str = "",
    on_run: Callable[[], None] = lambda: None,
    on_stop: Callable[[], None] = lambda: None,
) -> None:
    """A player, or another ``module`` of its folder, with any payload; None: the picture it has, while programs run."""
    folder = served(player_folder())
    data = envelope(payload, is_running=is_running, folder=folder, module=module, styles=styles, run=run)
    _mount(key=key, data=data, on_run_change=on_run, on_stop_change=on_stop)


def served(path: str) -> str:
    """The address of a path of this server, behind whatever path it is served under."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}{path}" if base else path


def _payload(session: Session, place: Address) -> Payload | None:
    result = session.result
    if session.is_running and not result.is_blank:
        return None
    run, language = bar.chosen_run(result), place.language or "en"
    payload = picture(result, place.view, run, language, place.tensor, state.visitor())
    return at_step(payload, place.step)


def _on_run() -> None:
    asked = st.session_state[KEY].run
    if asked:
        state.run(asked["source"])


def _on_stop() -> None:
    state.session().stop()
