"""The frame's look: Streamlit's own chrome out of the way, one screen for one picture."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

ROOMS = Path(__file__).parents[1]


@cache
def page_style(file: str) -> str:
    """A style element for ``st.html``."""
    css = (ROOMS / file).read_text(encoding="utf-8")
    return f"<style>{css}</style>"


def frame_style() -> str:
    """The look of every page, and the accent of .streamlit/config.toml for the style sheets of all rooms."""
    light, dark = (st.get_option(f"theme.{name}.primaryColor") for name in ("light", "dark"))
    return f"<style>:root {{ --accent: light-dark({light}, {dark}); }}</style>{page_style('frame/styles.css')}"


def add(file: str) -> None:
    """Add a style sheet of a feature, ``feature/name.css``, to the page that is drawn."""
    st.html(page_style(file))
