"""The graph of one backward run with the gradient's size on each edge."""

from __future__ import annotations

import base64
import html

import streamlit as st

from engine.text.language import Language, Translate, translator
from graphviz_tools.drawing.processes import DrawingError
from graphviz_tools.drawing.requests import FlowOf
from graphviz_tools.payload_of import Picture
from graphviz_tools.render.theme import ThemeName
from pages.ui.desk import state
from pages.ui.desk.drawing import drawn, why_not_drawn
from pages.ui.desk.results import Result
from pages.ui.frame import bar
from pages.ui.frame.markdown import prose


def show(result: Result, language: Language, theme: ThemeName) -> None:
    """The picture, what its signs mean, and a choice of the run where there are several."""
    _ = translator(language)
    if not result.packed.full_runs:
        st.info(_("No backward ran, so no gradient went along any edge. Call `backward()` on the result."))
        return
    with st.container(horizontal=True, key="gradient-graph"):
        bar.run_picker(_)
        fits = st.toggle(_("Fit to the page"), value=True, key="gradient-fit")
    picture = _picture(result, bar.chosen_run(result), language, theme)
    if picture.svg is None:
        st.info(prose(picture.reason))
        return
    _legend(_)
    st.html(_figure(picture.svg, fits, _))


def _picture(result: Result, run: int, language: Language, theme: ThemeName) -> Picture:
    try:
        return drawn(FlowOf(run, language, theme), [result], state.visitor())
    except DrawingError as error:
        return Picture(None, why_not_drawn(error, translator(language)))


def _legend(_: Translate) -> None:
    st.caption(
        _(
            "The number on an edge is the norm of the gradient that went along it, and a thicker edge is a larger "
            "one, on a log scale. Dashed: 0. Dotted: None, or `·` where backward did not come. Red: NaN or ∞."
        )
    )


def _figure(svg: str, fits: bool, _: Translate) -> str:
    """The picture as an image: nothing in it can run. Larger than the page, it is made to fit or scrolls."""
    data = base64.b64encode(svg.encode()).decode()
    alt = html.escape(_("Graph of the backward run; each edge has the norm of the gradient that went along it"))
    size = "fits" if fits else "whole"
    return (
        f'<div class="gradient-flow {size}" tabindex="0"><img alt="{alt}" src="data:image/svg+xml;base64,{data}"></div>'
    )
