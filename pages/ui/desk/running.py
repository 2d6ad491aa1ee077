"""Waiting for a run without making the visitor wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import streamlit as st
from typing_extensions import assert_never

from engine.running.turns import Place
from engine.text.language import Translate
from pages.ui.desk import state
from pages.ui.desk.words import words

AT_ONCE_S = 0.25  # most programs end sooner: their picture needs no second trip
POLL_S = 0.1


class Waits(Protocol):
    """A desk, or several."""

    @property
    def is_running(self) -> bool: ...

    @property
    def is_starting(self) -> bool: ...

    @property
    def place(self) -> Place | None: ...

    def settle(self, timeout_s: float) -> bool: ...


def patience_s(desk: Waits) -> float:
    """How long a page may wait for the run under way before it draws itself without the result."""
    return 0.0 if desk.is_starting else AT_ONCE_S


def watch(desk: Waits, meanwhile: Callable[[], None] = lambda: None) -> None:
    """While a run is under way, look for its end and then draw the page anew; ``meanwhile`` shows what it does."""
    if desk.is_running:
        _look(desk, meanwhile)


@st.fragment(run_every=POLL_S)
def _look(desk: Waits, meanwhile: Callable[[], None]) -> None:
    if desk.settle(POLL_S / 2):
        st.rerun()
    meanwhile()
    place = desk.place
    if place is not None:
        with st.container(key="queue"):
            st.caption(wait_text(place, words(state.place().language)))


def wait_text(place: Place, _: Translate) -> str:
    """What a run waits for."""
    match place.why:
        case "others":
            text = _("Others are running programs. Yours is number {place} in the queue.")
        case "own":
            text = _("Another program of this browser is running. This one begins when that has ended.")
        case "parked":
            text = _("Paused, so that others get their turn. It goes on as number {place} in the queue.")
        case _:
            assert_never(place.why)
    return text.format(place=place.number)
