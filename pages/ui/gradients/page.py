"""What the page of gradients shows of a result: all of them, one of them, or their sizes on the graph."""

# Streamlit's widgets leave some of their types unsaid.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import streamlit as st

from engine.contract.trace import NotFinite, Trace, Value
from engine.gradients.content import histogram, matrix
from engine.gradients.table import GradientRow, State, size_of, trend
from engine.text.language import N_, Language, Translate, translator
from engine.text.numbers import number_text
from graphviz_tools.drawing.processes import DrawingError
from graphviz_tools.drawing.requests import GradientsOf
from graphviz_tools.value_table import caption_text, shape_text
from pages.ui.desk import navigation, state
from pages.ui.desk.drawing import drawn, why_not_drawn
from pages.ui.desk.results import Result, with_result
from pages.ui.frame.markdown import code, prose
from pages.ui.gradients import check, figures, graph, table
from pages.ui.gradients.figures import ThemeName, colours
from pages.ui.gradients.table import Labelled
from pages.ui.gradients.words import STATES, labels, norm_text, notes, trend_text

Part = Literal["all", "one", "graph", "check"]
MAX_BARS = 150
NOT_COUNTED = N_(
    "No histogram: its elements were not counted, or they are complex. They are counted when the program ends, of "
    "leaves that its module still names and of tensors that retain their gradient."
)
MAX_NOTES = 8
PLOT: dict[str, Any] = {"displaylogo": False, "modeBarButtons": [["toImage"]]}
BADGES: dict[State, Literal["blue", "gray", "red", "violet"]] = {
    "value": "blue",
    "zero": "gray",
    "empty": "gray",
    "not_finite": "red",
    "none": "violet",
    "pending": "gray",
    "unknown": "gray",
}


@dataclass
class Shown:
    """What the visitor looks at, kept over a visit to another page."""

    part: Part = "all"
    name: str = ""


def show(result: Result, language: Language) -> None:
    """The result's gradients, or what to do when there are none."""
    _ = translator(language)
    if result.is_blank:
        st.info(
            _("The gradients appear by themselves as soon as the program has run."), icon=":material/hourglass_top:"
        )
        return
    try:
        rows = _rows(result, language)
    except DrawingError as error:
        st.info(why_not_drawn(error, _), icon=":material/hourglass_disabled:")
        return
    _ending(result, _)
    if not rows:
        _nothing(_)
        return
    shown = state.kept("gradients", Shown)
    with st.container(horizontal=True, key="gradient-head"):
        _part_switch(shown, _)
        _counts(rows, _)
    match shown.part:
        case "all":
            _all(rows, result, _)
        case "one":
            _one(rows, result, shown, _)
        case "graph":
            graph.show(result, language, _theme())
        case "check":
            check.show(result, _)


@with_result
def _rows(result: Result, language: Language) -> tuple[Labelled, ...]:
    rows = drawn(GradientsOf(), [result], state.visitor())
    return tuple(zip(labels(rows, result.trace, translator(language)), rows, strict=True))


def _theme() -> ThemeName:
    return "dark" if st.context.theme.type == "dark" else "light"


def _ending(result: Result, _: Translate) -> None:
    """A word when the program did not come to its end: the numbers are what it had until then."""
    failure = result.outline.failure
    if failure is not None:
        where = _("line {line}").format(line=failure.line) if failure.line else ""
        text = _("The program stopped with {error}. Below is what every `.grad` was at that moment.")
        st.warning(text.format(error=", ".join(t for t in (code(failure.type), where) if t)), icon=":material/error:")
    elif result.outline.ending not in ("ok", "exit"):
        st.warning(_("The program did not come to its end. Below is what was recorded until then."))


def _nothing(_: Translate) -> None:
    text = _(
        "No tensor of this program requires a gradient. Write `requires_grad=True` or use a module with parameters, "
        "call `backward()`, and run it in the Explorer; or choose another lesson above."
    )
    st.info(text, icon=":material/lightbulb:")


def _part_switch(shown: Shown, _: Translate) -> None:
    titles = {"all": _("All gradients"), "one": _("One gradient"), "graph": _("On the graph"), "check": _("Check")}
    st.segmented_control(
        _("What to show"),
        get_args(Part),
        format_func=titles.__getitem__,
        **state.widget("gradient-part", shown.part, lambda part: setattr(shown, "part", part)),
    )


def _counts(rows: Sequence[Labelled], _: Translate) -> None:
    """How many gradients there are of each kind."""
    counts = Counter(row.state for _label, row in rows)
    for kind, colour in BADGES.items():
        if counts[kind]:
            st.badge(f"{counts[kind]} × {_(STATES[kind])}", color=colour)
    n_wrong = sum(row.true is not None for _label, row in rows)
    if n_wrong:
        st.badge(_("{n} other than the true gradient").format(n=n_wrong), color="red", icon=":material/warning:")


def _all(rows: Sequence[Labelled], result: Result, _: Translate) -> None:
    with st.container(horizontal=True, key="gradient-tools"):
        text = st.text_input(
            _("Filter"),
            key="gradient-filter",
            placeholder=_("Filter by name or shape"),
            label_visibility="collapsed",
            width=260,
            icon=":material/search:",
        )
        only = st.toggle(_("Only with a problem"), key="gradient-problems")
        found = table.chosen(rows, text or "", only)
        if len(found) < len(rows):
            st.caption(_("{n} of {total} shown").format(n=len(found), total=len(rows)), width="content")
        table.download(found, result.outline.program.filename, _)
    if not found:
        st.info(_("No gradient fits the filter."), icon=":material/filter_alt_off:")
        return
    table.show(found, _theme(), _)
    told = _told(found, _)
    left, right = st.columns([3, 2]) if told else (st.container(), None)
    with left:
        _heading(_("Norm by layer, in the order of use"))
        _trend(found, _)
        figure = figures.norm_bars(found[:MAX_BARS], colours(_theme()), _)
        st.plotly_chart(figure, key="gradient-norms", config=PLOT)
        if len(found) > MAX_BARS:
            st.caption(
                _("The first {n} of {total}. The filter brings the others.").format(n=MAX_BARS, total=len(found))
            )
    if right is not None:
        with right:
            _notes(told, result.trace, _)


def _trend(rows: Sequence[Labelled], _: Translate) -> None:
    """What the bars say, in words."""
    found = trend([row for _label, row in rows])
    if found is not None:
        st.warning(trend_text(found, rows, _), icon=":material/trending_down:")


Noted = tuple[str, GradientRow, tuple[str, ...]]  # a row with what has to be said about it


def _told(rows: Sequence[Labelled], _: Translate) -> list[Noted]:
    told = [(label, row, notes(row, _)) for label, row in rows]
    return [entry for entry in told if entry[2]]


def _notes(told: Sequence[Noted], trace: Trace, _: Translate) -> None:
    _heading(_("What to know about them"))
    for label, row, sentences in told[:MAX_NOTES]:
        sign = code(norm_text(row)) if row.state != "value" else ""
        with st.container(key=f"note-{label}", gap=None):
            st.markdown(f"{code(label)} {sign} — {' '.join(sentences)}")
            _in_the_graph(row, trace, _)
    if len(told) > MAX_NOTES:
        st.caption(_("… and {n} more. The filter brings them up.").format(n=len(told) - MAX_NOTES))


def _in_the_graph(row: GradientRow, trace: Trace, _: Translate) -> None:
    """A button that leads to the tensor in the Explorer, where the place of the reason is drawn. None for a
    leaf that no node ever used: it is in no graph."""
    is_drawn = not row.is_leaf or any(node.variable == row.tensor for node in trace.nodes)
    if row.tensor is None or not is_drawn:
        return
    if st.button(_("Show in the graph"), icon=":material/my_location:", type="tertiary", key=f"show-{row.tensor}"):
        state.choose(tensor=row.tensor, step=None)
        navigation.go("explorer.py")


def _one(rows: Sequence[Labelled], result: Result, shown: Shown, _: Translate) -> None:
    by_name = dict(rows)
    if shown.name not in by_name:
        shown.name = next((label for label, row in rows if row.gradient is not None), rows[0][0])
    with st.container(horizontal=True, key="gradient-one"):
        st.selectbox(
            _("Gradient"),
            list(by_name),
            width=320,
            **state.widget("gradient-name", shown.name, lambda name: setattr(shown, "name", name)),
        )
        row = by_name[shown.name]
        value = _which(row, _)
        _in_the_graph(row, result.trace, _)
    for sentence in notes(row, _):
        st.markdown(sentence)
    if value is None:
        st.info(_("There is no gradient to draw: it is {state}.").format(state=f"**{_(STATES[row.state])}**"))
        return
    _numbers(value, _)
    left, right = st.columns([2, 3])
    with left:
        _histogram(row, value, _)
    with right:
        _heat_map(value, _)


def _numbers(value: Value, _: Translate) -> None:
    """Shape, type and size of the gradient in one line."""
    size = size_of(value)
    told = [prose(caption_text(value, _))]
    if size is not None:
        numbers: tuple[tuple[str, float | NotFinite | None], ...] = (
            (_("Norm"), size.norm),
            (_("Min"), size.min),
            (_("Max"), size.max),
            (_("Mean"), size.mean),
        )
        told += [f"{name} **{number_text(number)}**" for name, number in numbers if number is not None]
    st.markdown(" · ".join(told))


def _heading(text: str) -> None:
    st.markdown(f"**{text}**")


def _which(row: GradientRow, _: Translate) -> Value | None:
    """The gradient of a row that is looked at: the computed one, or the true one where they differ."""
    if row.true is None:
        return row.gradient
    titles = {"computed": _("computed"), "true": _("true")}
    which = st.segmented_control(
        _("Which"),
        list(titles),
        default="computed",
        format_func=titles.__getitem__,
        key="gradient-which",
        label_visibility="collapsed",
    )
    return row.true if which == "true" else row.gradient


def _histogram(row: GradientRow, value: Value, _: Translate) -> None:
    _heading(_("How its elements are spread"))
    found = histogram(value)
    if found is None:
        st.caption(_(NOT_COUNTED))
        return
    if found.counts:
        figure = figures.histogram_figure(found, colours(_theme()), _)
        st.plotly_chart(figure, key="gradient-histogram", config=PLOT)
    left_out = [f"{n} × {what}" for n, what in ((found.n_nan, "NaN"), (found.n_inf, "∞")) if n]
    if left_out:
        st.caption(_("Not in the picture: {what}.").format(what=", ".join(left_out)))
    if found.n_zeros:
        st.caption(_("Exactly 0: {n} of {total}.").format(n=found.n_zeros, total=_size(value)))


def _heat_map(value: Value, _: Translate) -> None:
    _heading(_("Element by element"))
    found = matrix(value)
    if found is None:
        st.caption(prose(value.unavailable or _("no elements")))
        return
    st.plotly_chart(figures.heat_map(found, colours(_theme()), _), key="gradient-heat", config=PLOT)
    told: list[str] = []
    if found.is_part:
        n = len(found.rows) * len(found.columns)
        part = _("A part only: {n} of {total} elements, those at the corners.")
        told.append(part.format(n=n, total=_size(value)))
    if len(value.shape) > 2:
        folded = _("Shape {shape}: a row for each index of the first dimension, the others side by side.")
        told.append(folded.format(shape=shape_text(value.shape, _)))
    if value.dtype.startswith("complex"):
        told.append(_("Of complex numbers the absolute value is shown."))
    for sentence in told:
        st.caption(sentence)


def _size(value: Value) -> str:
    n = 1
    for size in value.shape:
        n *= size
    return f"{n:,}"
