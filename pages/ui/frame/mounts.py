"""Streamlit components of ours: a script of a room, with the style sheet that only it sees."""

from __future__ import annotations

from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

from pages.ui.frame.styles import ROOMS


def mounted(name: str, script: str, styles: str | None = None, *, isolate_styles: bool = True) -> ComponentRenderer:
    """The component ``backstep_name`` of ``room/script.js`` and ``room/styles.css``."""
    js, css = (None if file is None else (ROOMS / file).read_text(encoding="utf-8") for file in (script, styles))
    return component(f"backstep_{name}", js=js, css=css, isolate_styles=isolate_styles)
