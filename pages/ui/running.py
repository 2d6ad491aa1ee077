"""Waiting for a run without making the visitor wait."""

from __future__ import annotations

import streamlit as st

from pages.ui.session import Session

AT_ONCE_S = 0.25  # most programs end sooner: their picture needs no second trip
POLL_S = 0.1


def patience_s(session: Session) -> float:
    """How long a page may wait for the run under way before it draws itself without the result."""
    return 0.0 if session.is_starting else AT_ONCE_S


def watch(session: Session) -> None:
    """While a run is under way, look for its end and then draw the page anew."""
    if session.is_running:
        _look(session)


@st.fragment(run_every=POLL_S)
def _look(session: Session) -> None:
    if session.settle(POLL_S / 2):
        st.rerun()
