"""The Plotly figures of the loss laboratory. Drawn from what a run measured; nothing is calculated here but places.

A click is told by ``customdata``: ``["point", i]`` is a point to choose, ``["move", y]`` what to move the chosen one
to, ``["place", x]`` where on the axis of the curves to move it.
"""

# Plotly has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from engine.text.language import Translate
from engine.text.numbers import number_text
from pages.ui.gradients.figures import Colours
from pages.ui.loss_lab.desk import Measured, Numbers
from pages.ui.loss_lab.programs import Values

HEIGHT = 232
MARGIN = {"l": 8, "r": 8, "t": 30, "b": 8}
DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up")
CLICK_STEP, CLICK_REACH = 0.5, 15.0  # of the places that a target can be moved to by a click


def data_figure(settings: Values, ink: Colours, _: Translate) -> go.Figure:
    """Targets as points, predictions as a line, what lies between them as thin lines; the chosen point is large."""
    xs = list(range(1, len(settings.targets) + 1))
    figure = go.Figure()
    for x, p, t in zip(xs, settings.predictions, settings.targets, strict=True):
        figure.add_scatter(x=[x, x], y=[p, t], mode="lines", line={"color": ink.faint, "width": 1}, **_SILENT)
    here = xs[settings.chosen]
    places = [i * CLICK_STEP for i in range(int(-CLICK_REACH / CLICK_STEP), int(CLICK_REACH / CLICK_STEP) + 1)]
    figure.add_scatter(
        x=[here] * len(places),
        y=places,
        customdata=[["move", y] for y in places],
        **_clicked(_("move here")),
    )
    figure.add_scatter(
        x=xs,
        y=list(settings.predictions),
        name=_("prediction"),
        mode="lines",
        line={"color": ink.accent, "width": 2},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=xs,
        y=list(settings.targets),
        name=_("target"),
        mode="markers",
        customdata=[["point", i] for i in range(len(xs))],
        marker={
            "color": [ink.low if x == here else ink.text for x in xs],
            "symbol": ["diamond" if x == here else "circle" for x in xs],
            "size": [15 if x == here else 9 for x in xs],
        },
        selected=_SAME,
        unselected=_SAME,
        hovertemplate=_("point {x}: target {y}").format(x="%{x}", y="%{y}") + "<extra></extra>",
    )
    _finish(figure, ink, _("point"), _("target and prediction"))
    figure.update_xaxes(dtick=1, range=[0.5, len(xs) + 0.5])
    lowest, highest = min(*settings.targets, *settings.predictions), max(*settings.targets, *settings.predictions)
    room = 0.08 * (highest - lowest) + 0.5
    figure.update_yaxes(range=[lowest - room, highest + room])
    return figure


def curves(
    losses: Mapping[str, Measured],
    which: str,
    points: Numbers,
    chosen: int,
    ink: Colours,
    titles: tuple[str, str],
    _: Translate,
) -> go.Figure:
    """Each loss over the grid ("curve": its value, "slopes": its gradient), with the points on it."""
    figure, inks = go.Figure(), loss_inks(ink)
    finite = [y for m in losses.values() for y in getattr(m, which) if math.isfinite(y)]
    top, bottom = max(finite, default=1.0), min(finite, default=0.0)
    for place, (name, measured) in enumerate(losses.items()):
        ys, dots = getattr(measured, which), measured.shares if which == "curve" else measured.gradients
        colour = inks[place]
        figure.add_scatter(
            x=list(measured.grid),
            y=[_drawn(y) for y in ys],
            name=name,
            mode="lines",
            legendgroup=name,
            line={"color": colour, "width": 2.5, "dash": DASHES[place]},
            hoverinfo="skip",
            connectgaps=False,
        )
        figure.add_scatter(
            x=list(measured.grid),
            y=[_drawn(y) for y in ys],
            customdata=[["place", x] for x in measured.grid],
            text=[f"{name}: {number_text(y)}" for y in ys],
            legendgroup=name,
            **_clicked("%{text} · %{x:.3g}"),
        )
        _add_points(figure, name, points, dots, chosen, (colour, SYMBOLS[place]), ink)
        if place == len(losses) - 1:
            _add_not_finite(figure, losses, which, top, bottom, ink)
    _finish(figure, ink, *titles)
    return figure


def gradient_bars(losses: Mapping[str, Measured], ink: Colours, _: Translate) -> go.Figure:
    """The gradient of each point, a bar for each loss; a sign where there is no bar to see."""
    figure = go.Figure()
    for place, (name, measured) in enumerate(losses.items()):
        names = [str(i + 1) for i in range(len(measured.gradients))]
        _add_bars(figure, name, names, measured.gradients, (loss_inks(ink)[place], ("", "/", ".", "x")[place]), ink)
    _finish(figure, ink, _("point"), _("gradient"))
    values = [v for measured in losses.values() for v in measured.gradients if math.isfinite(v)]
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    room = 0.16 * ((high - low) or 1.0)
    figure.update_yaxes(range=[low - room, high + room], zeroline=True, zerolinecolor=ink.text)
    return figure


def class_bars(measured: Measured, target: int, ink: Colours, _: Translate) -> go.Figure:
    """Softmax, one-hot, their difference and the gradient of the first row, class by class."""
    figure = go.Figure()
    names = [f"{i} ✓" if i == target else str(i) for i in range(len(measured.onehot))]
    for name, values, look in (
        (_("softmax"), measured.softmax, (ink.faint, "")),
        (_("one-hot"), measured.onehot, (ink.good, "/")),
        (_("softmax − one-hot"), measured.difference, (ink.none, ".")),
        (_("gradient"), measured.gradients, (ink.accent, "")),
    ):
        _add_bars(figure, name, names, values, look, ink)
    _finish(figure, ink, _("class (✓ the right one)"), "")
    figure.update_yaxes(range=[-1.15, 1.15], zeroline=True, zerolinecolor=ink.text)
    return figure


def loss_inks(ink: Colours) -> tuple[str, ...]:
    """A colour for each loss; dash and symbol tell them apart as well."""
    return (ink.accent, ink.low, ink.none, ink.good)


_SAME = {"marker": {"opacity": 1}}  # a click must not fade what was not clicked
_SILENT: dict[str, Any] = {"showlegend": False, "hoverinfo": "skip"}


def _clicked(hover: str) -> dict[str, Any]:
    """A row of places that can be clicked and are not seen."""
    unseen = {"marker": {"opacity": 0}}
    return {
        "mode": "markers",
        "marker": {"size": 12, "opacity": 0},
        "showlegend": False,
        "selected": unseen,
        "unselected": unseen,
        "hovertemplate": f"{hover}<extra></extra>",
    }


def _add_bars(
    figure: go.Figure, name: str, names: Sequence[str], values: Numbers, look: tuple[str, str], ink: Colours
) -> None:
    colour, pattern = look
    inks = [ink.text if math.isfinite(v) else ink.bad for v in values]
    figure.add_bar(
        x=list(names),
        y=[_drawn(v) or 0.0 for v in values],
        name=name,
        marker={"color": colour, "pattern": {"shape": pattern}},
        customdata=[["point", i] for i in range(len(values))],
        text=[_bar_text(v) for v in values],
        textposition="outside",
        textangle=0,
        cliponaxis=False,
        constraintext="none",
        textfont={"size": 13, "color": inks},
        hovertext=[f"{name}: {number_text(v, 6)}" for v in values],
        hoverinfo="text",
        selected=_SAME,
        unselected=_SAME,
    )
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(type="category")


def _add_points(
    figure: go.Figure, name: str, xs: Numbers, ys: Numbers, chosen: int, look: tuple[str, str], ink: Colours
) -> None:
    colour, symbol = look
    figure.add_scatter(
        x=list(xs),
        y=[_drawn(y) for y in ys],
        mode="markers",
        showlegend=False,
        legendgroup=name,
        customdata=[["point", i] for i in range(len(xs))] if len(xs) > 1 else None,
        selected=_SAME,
        unselected=_SAME,
        marker={
            "symbol": symbol,
            "color": colour,
            "size": [13 if i == chosen else 8 for i in range(len(xs))],
            "line": {
                "color": [ink.text if i == chosen else ink.background for i in range(len(xs))],
                "width": [2.5 if i == chosen else 1 for i in range(len(xs))],
            },
        },
        text=[f"{i + 1}: {name} {number_text(y, 6)}" for i, y in enumerate(ys)],
        hovertemplate="%{text}<extra></extra>",
    )


def _add_not_finite(
    figure: go.Figure, losses: Mapping[str, Measured], which: str, top: float, bottom: float, ink: Colours
) -> None:
    """Red signs at the edges where a curve has no number to draw: ∞ above, −∞ below, NaN in the middle."""
    for name, measured in losses.items():
        found = [(x, y) for x, y in zip(measured.grid, getattr(measured, which), strict=True) if not math.isfinite(y)]
        if not found:
            continue
        room = 0.08 * (top - bottom)
        edges = {True: top + room, False: bottom - room}
        heights = [(top + bottom) / 2 if math.isnan(y) else edges[y > 0] for _x, y in found]
        kinds = " ".join(dict.fromkeys(number_text(y) for _x, y in found))
        figure.add_scatter(
            x=[x for x, _y in found],
            y=heights,
            mode="markers",
            name=f"{name}: {kinds}",
            legendgroup=name,
            marker={"symbol": "x-thin", "size": 7, "color": ink.bad, "line": {"width": 1.5, "color": ink.bad}},
            customdata=[["place", x] for x, _y in found],
            selected=_SAME,
            unselected=_SAME,
            text=[f"{name}: {number_text(y)}" for _x, y in found],
            hovertemplate="%{text} · %{x:.3g}<extra></extra>",
        )


def _finish(figure: go.Figure, ink: Colours, x_title: str, y_title: str) -> None:
    text = {"size": 13, "color": ink.text}
    axis: dict[str, Any] = {
        "fixedrange": True,
        "tickfont": text,
        "title_font": text,
        "zeroline": True,
        "zerolinecolor": ink.line,
    }
    figure.update_layout(
        height=HEIGHT,
        margin=MARGIN,
        hovermode="closest",
        clickmode="event+select",
        dragmode=False,
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "font": {"size": 13, "color": ink.text}},
        showlegend=True,
        hoverlabel={"font": {"size": 14}},
        uirevision="still",
    )
    figure.update_xaxes(title=x_title, title_standoff=4, **axis)
    figure.update_yaxes(title=y_title, title_standoff=4, automargin=True, exponentformat="power", **axis)


def _bar_text(value: float) -> str:
    """A sign where no bar can be seen: 0, NaN, ∞."""
    return "" if value and math.isfinite(value) else number_text(value)


def _drawn(value: float) -> float | None:
    return value if math.isfinite(value) else None
