"""The pages of the app and the links between them. A new page is one more line in ``PAGES``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from engine.text.language import N_, Translate
from pages.ui.desk.address import MOMENT, NAMES

FOLDER = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Page:
    """A page: its file in pages/, its title (a message id), its address ("": the app's first page)."""

    file: str
    title: str
    address: str = ""
    shows: tuple[str, ...] = ()  # the parts of a place that its address tells, beside the language
    is_stepped: bool = False  # the browser adds the run and the step to it, as the player goes on


PAGES = (
    Page("explorer.py", N_("Explorer"), shows=("lesson", "view"), is_stepped=True),
    Page("detach.py", N_("detach vs .data"), "detach", ("variants",)),
    Page("training.py", N_("Training"), "training", ("lesson",)),
    Page("gradients.py", N_("Gradients"), "gradients", ("lesson", "run")),
    Page("clinic.py", N_("Error clinic"), "clinic"),
    Page("loss_lab.py", N_("Loss lab"), "losses"),
    Page("safety.py", N_("Safety"), "safety"),
)
SOMEWHERE = Page("", "", shows=tuple(name for name in NAMES if name != "lang"))  # a page without an address: a test's


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


def shown(parameters: Mapping[str, str], page: Page) -> dict[str, str]:
    """The parameters that belong into the page's address: those of another page stay there."""
    return {name: value for name, value in parameters.items() if name in (*page.shows, "lang")}


def parameters_of(page: Page) -> tuple[str, ...]:
    """What of a place the page's address may tell."""
    return (*page.shows, "lang", *(MOMENT if page.is_stepped else ()))


def here() -> Page:
    """The page that the visitor's address names."""
    if not st.context.url:
        return SOMEWHERE
    name = urlsplit(st.context.url).path.rstrip("/").rpartition("/")[2]
    return next((page for page in PAGES if page.address == name), PAGES[0])


def links(parameters: Mapping[str, str], _: Translate) -> None:
    """A link to each page, for the bar. ``parameters`` are the visitor's place."""
    with st.container(horizontal=True, key="pages", width="content"):
        for page in PAGES:
            st.page_link(FOLDER / page.file, label=_(page.title), query_params=shown(parameters, page))
