"""Waiting for a run without making the visitor wait."""

from __future__ import annotations

from typing import Protocol

import streamlit as st

from pages.ui import state
from pages.ui.words import words

AT_ONCE_S = 0.25  # most programs end sooner: their picture needs no second trip
POLL_S = 0.1


class Waits(Protocol):
    """A desk, or several."""

    @property
    def is_running(self) -> bool: ...

    @property
    def is_starting(self) -> bool: ...

    @property
    def place(self) -> int | None: ...

    def settle(self, timeout_s: float) -> bool: ...


def patience_s(session: Waits) -> float:
    """How long a page may wait for the run under way before it draws itself without the result."""
    return 0.0 if session.is_starting else AT_ONCE_S


def watch(session: Waits) -> None:
    """While a run is under way, look for its end and then draw the page anew."""
    if session.is_running:
        _look(session)


@st.fragment(run_every=POLL_S)
def _look(session: Waits) -> None:
    if session.settle(POLL_S / 2):
        st.rerun()
    place = session.place
    if place is not None:
        _ = words(state.place().language)
        with st.container(key="queue"):
            st.caption(_("Others are running programs. Yours is number {place} in the queue.").format(place=place))
