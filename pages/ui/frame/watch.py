"""What every page has: the document's language, and a word when the server is gone and when it is back."""

from __future__ import annotations

import streamlit as st

from engine.text.language import N_, Language, Translate
from pages.ui.desk import connection
from pages.ui.desk.words import words
from pages.ui.frame import styles
from pages.ui.frame.mounts import mounted

WORDS = {
    "gone": N_("The server is not reachable. What you see stays; nothing can be run until it is back."),
    "back": N_("The server is back. A program that was running may have been stopped: run it again."),
    "anew": N_(
        "The server is back and has forgotten this session: what ran and was recorded there is gone. Run it again."
    ),
}
LANGS: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
LABELS = (  # of Streamlit's own parts, as it writes them
    N_("Clear all"),
    N_("Clear value"),
    N_("Open"),
    N_("Close"),
    N_("Fullscreen"),
    N_("Close fullscreen"),
    N_("Download as CSV"),
    N_("Search"),
    N_("Copy to clipboard"),
    N_("Copied"),
    N_("Show/hide columns"),
    N_("Vertical block"),
    N_("Help"),
    N_("Remove"),
    N_("Select row"),
    N_("Zoom in"),
    N_("Zoom out"),
    N_("Clear search"),
    N_("Choose an option"),
    N_("Selected values"),
    N_("progress"),
)

_mount = mounted("watch", "frame/watch.js")


def show(language: Language) -> None:
    """To be called once in every page."""
    styles.add("frame/watch.css")
    with st.container(key="out-of-sight-watch"):
        _mount(key="watch", data=envelope(language, words(language)), on_returned_change=lambda: None)


def envelope(language: Language, _: Translate) -> dict[str, object]:
    """What the browser's part needs."""
    return {
        "lang": LANGS[language],
        "session": connection.session_id(),
        "words": {name: _(text) for name, text in WORDS.items()},
        "labels": {label: _(label) for label in LABELS},
    }
