"""The panels of the detach page: which variants, and the comparison itself."""

from __future__ import annotations

import streamlit as st

from engine.text.language import Translate
from engine.variants import example
from graphviz_tools.compare.comparison import Comparison
from pages.ui.components import player
from pages.ui.components.picture import at_step
from pages.ui.desk import state
from pages.ui.desk.words import words
from pages.ui.detach.bench import Bench, chosen

KEY = "compare"


def bench() -> Bench:
    """The visitor's bench with the variants of the place on it."""
    kept = state.kept("bench", _new_bench)
    kept.choose(state.place().variants)
    return kept


def _new_bench() -> Bench:
    return Bench(state.named_desks())


def intro(desk: Bench, _: Translate) -> None:
    """One row: what the page asks, which variants, the example back."""
    with st.container(horizontal=True, key="intro"):
        st.markdown(_("One program, one place differs: which change does PyTorch notice?"))
        names = {variant.slug: _(variant.name) for variant in desk.sheet.variants}
        st.pills(
            _("Variants"),
            list(names),
            format_func=names.__getitem__,
            selection_mode="multi",
            **state.widget("variants", [variant.slug for variant in desk.variants], _choose),
        )
        if desk.is_changed:
            st.button(
                _("Restore"),
                icon=":material/restart_alt:",
                help=_("Put the example back"),
                on_click=desk.restore,
                type="tertiary",
            )


def _choose(slugs: list[str]) -> None:
    """Too many or none: stay."""
    if len(slugs) > example.MOST:
        _ = words(state.place().language)
        st.toast(_("Four variants at most fit side by side."))
    elif slugs:
        variants = chosen(slugs)
        state.choose(variants=() if variants == example.FIRST else variants, step=None)


def comparison(desk: Bench) -> None:
    """The variants side by side; Run and Stop come back to the bench."""
    player.mount(
        _payload(desk),
        is_running=desk.is_running,
        key=KEY,
        module="compare.js",
        styles=("player.css", "compare.css"),
        on_run=_on_run,
        on_stop=desk.stop,
    )


def _payload(desk: Bench) -> Comparison | None:
    if desk.is_running and not any(result.is_blank for result in desk.results()):
        return None
    place = state.place()
    return at_step(desk.comparison(place.language or "en"), place.step)


def _on_run() -> None:
    asked = state.told(KEY, "run")
    if asked:
        state.choose(step=None)
        st.session_state.bench.run(asked["source"], asked["texts"])
