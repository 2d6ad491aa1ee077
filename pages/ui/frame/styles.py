"""The frame's look: Streamlit's own chrome out of the way, one screen for one picture."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

ROOMS = Path(__file__).parents[1]


@cache
def page_style(file: str = "frame/styles.css") -> str:
    """A style element for ``st.html``; its sheet has the accent of .streamlit/config.toml as ``--accent``."""
    css = (ROOMS / file).read_text(encoding="utf-8")
    light, dark = (st.get_option(f"theme.{name}.primaryColor") for name in ("light", "dark"))
    return f"<style>:root {{ --accent: light-dark({light}, {dark}); }}\n{css}</style>"


def add(file: str) -> None:
    """Add a style sheet of a feature, ``feature/name.css``, to the page that is drawn."""
    st.html(page_style(file))
