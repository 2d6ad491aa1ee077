"""The frame's look: Streamlit's own chrome out of the way, one screen for one picture."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def page_style() -> str:
    """A style element for ``st.html``."""
    css = (Path(__file__).parent / "look.css").read_text(encoding="utf-8")
    return f"<style>{css}</style>"
