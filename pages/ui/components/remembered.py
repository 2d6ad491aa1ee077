"""A text that the visitor's browser keeps for a page, over reloads and restarts of the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.ui.desk import state
from pages.ui.frame.mounts import mounted

MOST_CHARS = 200_000

_mount = mounted("remembered", "components/remembered.js")


@dataclass
class _Heard:
    """Whether the browser has said what it has: before that nothing is written over it."""

    is_known: bool = False


def remember(what: str, text: str, on_kept: Callable[[str], None]) -> None:
    """Keep ``text`` in the browser's localStorage as ``backstep.WHAT``; "" for nothing.

    ``on_kept`` is given what was there when the page was opened, and what another tab writes: anybody's text.
    """
    key, asked = f"remembered-{what}", state.kept(f"asked-{what}", _Heard)

    def heard() -> None:
        match state.told(key, "kept"):
            case {"text": str(kept)}:
                asked.is_known = True
                on_kept(kept[:MOST_CHARS])
            case {"text": None}:
                asked.is_known = True
            case _:
                pass  # not told yet

    with st.container(key=f"out-of-sight-{what}"):
        data = {"name": f"backstep.{what}", "text": text if asked.is_known else None}
        _mount(key=key, data=data, on_kept_change=heard)
