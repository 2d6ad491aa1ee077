"""The page's Plotly figures: norms by layer, the histogram and the heat map of one gradient.

Only this page imports Plotly. Fonts and grid follow Streamlit's theme; the colours here follow its
settings, so that they are said once.
"""

# Plotly has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from engine.contract.values import shape_text
from engine.gradients.content import Histogram, Matrix
from engine.gradients.table import GradientRow, Size, State
from engine.text.language import Translate
from engine.text.numbers import number_text
from graphviz_tools.graph.labels import elided
from pages.ui.gradients.words import SIGNS, STATES

ThemeName = Literal["light", "dark"]
ROW_PIXELS, DENSE_PIXELS, DENSE = 30, 25, 12  # of a bar; of one among more than DENSE
LOG_FROM = 1_000  # times the smallest norm: beyond, small bars could not be seen beside large ones
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
MAX_DIGITS = 100  # cells of a heat map up to which each has its number written on it
MARKS: dict[State, str] = {
    "zero": "circle-open",
    "empty": "square-open",
    "not_finite": "diamond",
    "none": "x-thin",
    "pending": "circle",
    "unknown": "star-triangle-up-open",
    "value": "triangle-right",
}


@dataclass(frozen=True)
class Colours:
    """What the figures need of a theme."""

    accent: str
    text: str
    background: str
    faint: str
    bad: str
    good: str
    none: str
    low: str  # the negative end of a heat map
    high: str
    line: str


def colours(theme: ThemeName) -> Colours:
    """The app's colours in a theme, as .streamlit/config.toml has them, and those it does not have."""
    own = {
        name: str(st.get_option(f"theme.{theme}.{name}"))
        for name in ("primaryColor", "textColor", "backgroundColor", "borderColor")
    }
    line = own["borderColor"]
    base = (own["primaryColor"], own["textColor"], own["backgroundColor"])
    if theme == "light":
        return Colours(*base, "#6b7280", "#c01f1f", "#1f8145", "#7a3fb0", "#b5520b", own["primaryColor"], line)
    return Colours(*base, "#9aa4b2", "#ff7b72", "#5fce85", "#c79bf2", "#f0a35e", own["primaryColor"], line)


def norm_bars(rows: Sequence[tuple[str, GradientRow]], ink: Colours, _: Translate) -> go.Figure:
    """A bar for the norm of each gradient, first used on top: from zero, or on a log scale where the norms are too far
    apart for that. What has no bar stands at the left edge with its own sign: zero, None, NaN, not computed."""
    norms = _drawn([size.norm for _label, row in rows for size in (row.size, row.true_size) if size])
    axis, edge = _log_axis(norms, _) if is_log(norms) else _linear_axis(norms, _)
    figure = go.Figure()
    for is_leaf, name, pattern in ((True, _("leaf"), ""), (False, _("retained"), "/")):
        chosen = [(label, row) for label, row in rows if row.is_leaf is is_leaf and _has_bar(row.size)]
        _add_bars(figure, chosen, name, ink.accent, pattern)
    for state in STATES:
        chosen = [(label, row) for label, row in rows if row.state == state and not _has_bar(row.size)]
        _add_marks(figure, chosen, state, edge, ink, _)
    _add_true(figure, [(label, row) for label, row in rows if _has_bar(row.true_size)], ink, _)
    names, text = [_shown(label) for label, _row in rows], {"size": 14, "color": ink.text}
    figure.update_layout(
        height=90 + max(len(rows), 2) * (ROW_PIXELS if len(rows) <= DENSE else DENSE_PIXELS),
        margin={"l": 8, "r": 16, "t": 34, "b": 8},
        barmode="overlay",
        bargap=0.35,
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "font": {"size": 13}},
        showlegend=True,
        hoverlabel={"font": {"size": 14}},
    )
    figure.update_xaxes(**axis, fixedrange=True, exponentformat="power", tickfont=text, title_font=text)
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=names[::-1],
        type="category",
        fixedrange=True,
        tickfont=text,
        automargin=True,
        range=[-0.6, len(rows) - 0.4],
    )
    return figure


def histogram_figure(found: Histogram, ink: Colours, _: Translate) -> go.Figure:
    """Bars of counts over the value of an element."""
    bins = list(zip(found.edges, found.edges[1:], strict=False))
    figure = go.Figure(
        go.Bar(
            x=[left / 2 + right / 2 for left, right in bins],
            y=list(found.counts),
            width=[right - left for left, right in bins],
            hovertext=[
                f"{number_text(a)} … {number_text(b)}: {n}" for (a, b), n in zip(bins, found.counts, strict=True)
            ],
            hoverinfo="text",
            marker={"color": ink.accent, "line": {"color": ink.background, "width": 1}},
        )
    )
    figure.update_layout(height=300, margin=MARGIN, showlegend=False)
    text = {"size": 14, "color": ink.text}
    axis: dict[str, Any] = {"fixedrange": True, "title_font": text, "tickfont": text}
    figure.update_xaxes(title=_("value of an element"), **axis)
    figure.update_yaxes(title=_("elements"), tick0=0, dtick=_step(max(found.counts, default=1)), **axis)
    if len(bins) == 1:
        (left, right), reach = bins[0], 2 * (bins[0][1] - bins[0][0])
        figure.update_xaxes(range=[left - reach, right + reach])
    return figure


def heat_map(found: Matrix, ink: Colours, _: Translate) -> go.Figure:
    """Cells coloured from the lowest to the highest, 0 in the ground's colour; what is not finite is red."""
    finite = [x for line in found.cells for x in line if math.isfinite(x)]
    largest = max((abs(x) for x in finite), default=0.0) or 1.0
    has_digits = len(found.rows) * len(found.columns) <= MAX_DIGITS
    figure = go.Figure()
    for is_finite, scale in (
        (True, [[0, ink.low], [0.5, ink.background], [1, ink.high]]),
        (False, [[0, ink.bad], [1, ink.bad]]),
    ):
        figure.add_heatmap(
            x=[str(i) for i in found.columns],
            y=[str(i) for i in found.rows],
            z=[[_heat(x) if math.isfinite(x) is is_finite else None for x in line] for line in found.cells],
            zmin=-largest,
            zmax=largest,
            xgap=1,
            ygap=1,
            colorscale=scale,
            showscale=is_finite,
            colorbar={"thickness": 12, "tickfont": {"size": 13}},
            text=[[number_text(x, 3) for x in line] for line in found.cells],
            texttemplate="%{text}" if has_digits else "",
            textfont={"size": 14},
            customdata=[[number_text(x, 6) for x in line] for line in found.cells],
            hovertemplate="[%{y}, %{x}] = %{customdata}<extra></extra>",
            hoverongaps=False,
        )
    height = min(480, max(130, 80 + 34 * len(found.rows)))
    figure.update_layout(height=height, margin={**MARGIN, "pad": 0}, plot_bgcolor=ink.line)
    tick = {"size": 13, "color": ink.text}
    axis: dict[str, Any] = {"type": "category", "fixedrange": True, "tickfont": tick, "showgrid": False, "ticks": ""}
    figure.update_xaxes(nticks=12, range=[-0.5, len(found.columns) - 0.5], **axis)
    figure.update_yaxes(nticks=14, range=[len(found.rows) - 0.5, -0.5], automargin=True, **axis)
    return figure


def _add_bars(figure: go.Figure, rows: Sequence[tuple[str, GradientRow]], name: str, colour: str, pattern: str) -> None:
    if not rows:
        return
    figure.add_bar(
        y=[_shown(label) for label, _row in rows],
        x=[_norm(row.size) for _label, row in rows],
        orientation="h",
        name=name,
        marker={"color": colour, "pattern": {"shape": pattern, "fillmode": "replace", "fgcolor": colour}},
        text=[number_text(_norm(row.size)) for _label, row in rows],
        textposition="outside",
        textangle=0,
        constraintext="none",
        cliponaxis=False,
        textfont={"size": 13},
        hovertext=[_hover(label, row) for label, row in rows],
        hoverinfo="text",
    )


def _add_marks(
    figure: go.Figure, rows: Sequence[tuple[str, GradientRow]], state: State, x: float, ink: Colours, _: Translate
) -> None:
    if not rows:
        return
    colour = {"not_finite": ink.bad, "none": ink.none}.get(state, ink.faint)
    sign = SIGNS[state] or "∞"
    figure.add_scatter(
        y=[_shown(label) for label, _row in rows],
        x=[x] * len(rows),
        mode="markers+text",
        name=_(STATES[state]),
        marker={"symbol": MARKS[state], "size": 11, "color": colour, "line": {"width": 2, "color": colour}},
        text=[f" {sign}"] * len(rows),
        textposition="middle right",
        textfont={"size": 15, "color": colour},
        hovertext=[_hover(label, row) for label, row in rows],
        hoverinfo="text",
        cliponaxis=False,
    )


def _add_true(figure: go.Figure, rows: Sequence[tuple[str, GradientRow]], ink: Colours, _: Translate) -> None:
    if not rows:
        return
    figure.add_scatter(
        y=[_shown(label) for label, _row in rows],
        x=[_norm(row.true_size) for _label, row in rows],
        mode="markers+text",
        name=_("true gradient"),
        marker={"symbol": "line-ns", "size": 20, "line": {"width": 4, "color": ink.good}},
        text=[f"{number_text(_norm(row.true_size))} " for _label, row in rows],
        textposition="middle left",
        textfont={"size": 13, "color": ink.good},
        hoverinfo="skip",
    )


def is_log(norms: Sequence[float]) -> bool:
    """Whether the largest is more than ``LOG_FROM`` times the smallest."""
    return bool(norms) and max(norms) / LOG_FROM > min(norms)


def _drawn(norms: Sequence[object]) -> list[float]:
    """Those that have a bar."""
    return [float(n) for n in norms if isinstance(n, (int, float)) and n > 0 and math.isfinite(n)]


def _linear_axis(norms: Sequence[float], _: Translate) -> tuple[dict[str, Any], float]:
    """The axis, and where on it signs stand."""
    most = max(norms, default=1.0)
    return {"type": "linear", "range": [0, 1.15 * most], "title": _("norm of the gradient"), "nticks": 8}, 0.01 * most


def _log_axis(norms: Sequence[float], _: Translate) -> tuple[dict[str, Any], float]:
    """The axis, and where on it signs stand. It says that it is one: its bars have no common zero."""
    left, right = _decades(norms)
    title = _("norm of the gradient, log scale: the largest is more than {n} times the smallest")
    title = title.format(n=f"{LOG_FROM:,}")
    axis: dict[str, Any] = {
        "type": "log",
        "range": [left, right + 0.1 * (right - left)],
        "dtick": max(1, (right - left) // 6),
    }
    return {**axis, "title": title}, 10.0 ** (left + 0.02 * (right - left))


def _decades(drawn: Sequence[float]) -> tuple[int, int]:
    """The powers of ten that the axis goes from and to, with room on the left for signs."""
    low, high = math.floor(math.log10(min(drawn)) - 0.3), math.ceil(math.log10(max(drawn)) + 0.1)
    return (low, high) if high - low >= 3 else (high - 3, high)


def _has_bar(size: Size | None) -> bool:
    return size is not None and isinstance(size.norm, (int, float)) and size.norm > 0


def _norm(size: Size | None) -> float:
    assert size is not None and isinstance(size.norm, (int, float))
    return float(size.norm)


def _shown(label: str) -> str:
    """A name as Plotly shows it: never markup."""
    return html.escape(elided(label, 30))


def _hover(label: str, row: GradientRow) -> str:
    norm = "" if row.size is None or row.size.norm is None else f"<br>‖·‖ = {number_text(row.size.norm, 6)}"
    return f"<b>{html.escape(label)}</b> {shape_text(row.shape)}{norm}"


def _heat(number: float) -> float:
    return number if math.isfinite(number) else 0.0


def _step(most: int) -> int:
    """Whole numbers between the ticks of an axis that goes from 0 to ``most``: 1, 2, 5, 10, 20 ..."""
    power = 10 ** max(0, len(str(most)) - 2)
    return next(step * power for step in (1, 2, 5, 10, 20, 50) if step * power * 6 >= most)
