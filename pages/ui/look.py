"""The frame's look: Streamlit's own chrome out of the way, one screen for one picture."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st


@cache
def page_style(name: str = "look.css") -> str:
    """A style element for ``st.html``."""
    css = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return f"<style>{css}</style>"


def add(name: str) -> None:
    """Add a style sheet of this folder to the page that is drawn."""
    st.html(page_style(name))
