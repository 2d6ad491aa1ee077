"""The pages of the app and the links between them. A new page is one more line in ``PAGES``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from engine.language import N_, Translate

FOLDER = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Entry:
    """A page: its file in pages/, its title (a message id), its address ("": the app's first page)."""

    file: str
    title: str
    address: str = ""


PAGES = (
    Entry("explorer.py", N_("Explorer")),
    Entry("detach.py", N_("detach vs .data"), "detach"),
    Entry("training.py", N_("Training"), "training"),
    Entry("gradients.py", N_("Gradients"), "gradients"),
    Entry("clinic.py", N_("Error clinic"), "clinic"),
    Entry("loss_lab.py", N_("Loss lab"), "losses"),
    Entry("safety.py", N_("Safety"), "safety"),
)


def run(_: Translate) -> None:
    """Run the page that the visitor's address names."""
    pages = [
        st.Page(FOLDER / page.file, title=_(page.title), url_path=page.address, default=not page.address)
        for page in PAGES
    ]
    st.navigation(pages, position="hidden").run()


def go(file: str) -> None:
    """Leave for another page; the visitor's place goes along."""
    st.switch_page(FOLDER / file)


def links(parameters: dict[str, str], _: Translate) -> None:
    """A link to each page, for the bar. ``parameters`` keep the visitor's place: the lesson, the language."""
    with st.container(horizontal=True, key="pages", width="content"):
        for page in PAGES:
            st.page_link(FOLDER / page.file, label=_(page.title), query_params=parameters)
