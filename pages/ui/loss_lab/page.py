"""What the loss laboratory shows: three tables to experiment on, their controls, figures and numbers."""

# Streamlit's widgets leave some of their types unsaid.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import streamlit as st

from engine.text.language import N_, Translate
from engine.text.numbers import number_text
from pages.ui.desk import running, services, state
from pages.ui.frame.markdown import code
from pages.ui.gradients.figures import Colours, ThemeName, colours
from pages.ui.loss_lab import figures
from pages.ui.loss_lab.desk import LossDesk, Measured, Measurement, kept
from pages.ui.loss_lab.programs import Binary, Classes, Family, Reduction, Settings, Values

PLOT: dict[str, Any] = {"displayModeBar": False}
BY_HAND = N_("by hand")  # as the program calls it
FAMILIES: dict[Family, str] = {
    "values": N_("Outlier"),
    "binary": "BCE",
    "classes": "CrossEntropy",
}
TEXTS: dict[Family, str] = {
    "values": N_(
        "Move a target. MSE pulls at a prediction in proportion to the distance, L1 always with the same force; "
        "SmoothL1 and Huber change from one to the other."
    ),
    "binary": N_(
        "Move a logit. From about 17 on `sigmoid` is exactly 1 in 32 bits: the gradient of BCE is lost, the formula "
        "by hand gives ∞ and NaN, BCEWithLogits goes on."
    ),
    "classes": N_(
        "Move a logit of the first row. The gradient is softmax − one-hot; with `mean` it is divided by the number "
        "of rows, 3."
    ),
}
MOVED: dict[Family, str] = {
    "values": N_("Target of point {n}"),
    "binary": N_("Logit of point {n}"),
    "classes": N_("Logit of class {n}"),
}
REACH: dict[Family, tuple[float, float, float]] = {  # of the slider: from, to, step
    "values": (-15.0, 15.0, 0.1),
    "binary": (-120.0, 120.0, 0.5),
    "classes": (-10.0, 10.0, 0.1),
}


@dataclass
class Lab:
    """One visitor's laboratory: what is set in each part, and the desk that measures."""

    desk: LossDesk
    family: Family = "values"
    settings: dict[Family, Settings] = field(
        default_factory=lambda: {"values": Values(), "binary": Binary(), "classes": Classes()}
    )
    linked: str = ""  # the part that the address bar names

    @property
    def current(self) -> Settings:
        return self.settings[self.family]

    def leave(self) -> None:
        """The visitor has left."""
        self.desk.leave()

    def put(self, settings: Settings) -> None:
        self.settings[self.family] = settings

    def set(self, **changes: Any) -> None:
        self.put(replace(self.current, **changes))


def _new_lab() -> Lab:
    return Lab(LossDesk(services.runner(), kept(), state.asker(), services.ours()))


def lab() -> Lab:
    """The session's laboratory, at the part that the link names; without one, where it was left."""
    found = state.kept("loss-lab", _new_lab)
    asked = st.query_params.get("part", "")
    if asked and asked != found.linked:
        found.family = next((family for family in get_args(Family) if family == asked), "values")
    return found


def keep_link(found: Lab) -> None:
    """Make the address bar a link to the part that is shown."""
    found.linked = found.family
    state.keep_link(part=found.family)


def show(found: Lab, _: Translate) -> None:
    """Controls above, figures and numbers of the last run below."""
    found.desk.measure(found.current)
    found.desk.settle(running.patience_s(found.desk))
    _controls(found, _)
    result = found.desk.last
    if result is None:
        st.info(_("PyTorch is starting. The curves appear by themselves."), icon=":material/hourglass_top:")
    elif not result.losses:
        _failed(found.desk, result, _)
    elif type(result.settings) is type(found.current):
        _parts(found, result, _)


def _controls(found: Lab, _: Translate) -> None:
    with st.container(horizontal=True, key="loss-head"):
        st.segmented_control(
            _("Losses"),
            get_args(Family),
            format_func=lambda family: _(FAMILIES[family]),
            **state.widget("loss-family", found.family, lambda family: setattr(found, "family", family)),
        )
        st.segmented_control(
            _("Reduction"),
            get_args(Reduction),
            **state.widget("loss-reduction", found.current.reduction, lambda r: found.set(reduction=r)),
        )
        st.markdown(_(TEXTS[found.family]))
    with st.container(horizontal=True, key="loss-sliders"):
        _chooser(found, _)
        low, high, step = REACH[found.family]
        label = _(MOVED[found.family]).format(n=found.current.chosen + (found.family != "classes"))
        _slider(
            "loss-moved", label, (low, high, step), found.current.moved, lambda to: found.put(found.current.move(to))
        )
        _own_controls(found, _)


def _chooser(found: Lab, _: Translate) -> None:
    is_class = isinstance(found.current, Classes)
    n = len(_points(found.current))
    st.segmented_control(
        _("Class") if is_class else _("Point"),
        range(n),
        format_func=lambda i: str(i if is_class else i + 1),
        **state.widget("loss-chosen", found.current.chosen, lambda i: found.set(chosen=i), "visible"),
    )


def _own_controls(found: Lab, _: Translate) -> None:
    match found.current:
        case Values(beta=beta, delta=delta):
            _slider("loss-beta", "SmoothL1 beta", (0.1, 5.0, 0.1), beta, lambda to: found.set(beta=to), 150)
            _slider("loss-delta", "Huber delta", (0.1, 5.0, 0.1), delta, lambda to: found.set(delta=to), 150)
        case Binary(target=target):
            _visible_choice("loss-target", _("Target"), (0.0, 1.0), target, lambda to: found.set(target=to))
        case Classes(targets=targets):
            _visible_choice(
                "loss-class",
                _("Right class"),
                tuple(range(4)),
                targets[0],
                lambda to: found.set(targets=(to, *targets[1:])),
            )


def _slider(
    name: str,
    label: str,
    reach: tuple[float, float, float],
    value: float,
    put: Callable[[float], None],
    width: int | None = None,
) -> None:
    low, high, step = reach
    tied = state.widget(name, min(high, max(low, float(value))), put, "visible")
    st.slider(label, low, high, step=step, format="%.1f", width=width or "stretch", **tied)


def _visible_choice(name: str, label: str, options: tuple[Any, ...], value: Any, put: Callable[[Any], None]) -> None:
    tied = state.widget(name, value, put, "visible")
    st.segmented_control(label, options, format_func=lambda option: f"{option:g}", **tied)


def _failed(desk: LossDesk, result: Measurement, _: Translate) -> None:
    failure = result.trace.failure
    why = result.trace.ending if failure is None else code(f"{failure.type}: {failure.message}")
    st.error(_("The program of the laboratory did not come to its end ({why}).").format(why=why))
    st.button(_("Run it again"), icon=":material/refresh:", on_click=desk.again)


def _parts(found: Lab, result: Measurement, _: Translate) -> None:
    settings, ink = result.settings, colours(_theme())
    losses = {_(BY_HAND) if name == BY_HAND else name: one for name, one in result.losses.items()}
    is_class = isinstance(settings, Classes)
    points = _points(settings)
    across = _("residual: prediction − target") if isinstance(settings, Values) else _("logit")
    share = _("loss of the first row") if is_class else _("loss of one point")
    _summary(settings, losses, _)
    left, right = st.columns(2)
    on_curve, chosen = ((settings.moved,), 0) if is_class else (points, settings.chosen)
    drawn = _of_one(losses, settings) if is_class else losses
    with right:
        for which, title in (("curve", share), ("slopes", _("gradient"))):
            figure = figures.curves(drawn, which, on_curve, chosen, ink, (across, title), _)
            _chart(figure, f"loss-{which}", found, _)
    with left:
        _left(found, settings, losses, ink, _)
        if not isinstance(settings, Values):
            _table(settings, losses, _)
    if isinstance(settings, Values):
        _table(settings, losses, _)
    with st.popover(_("The program"), icon=":material/code:", type="tertiary"):
        st.caption(_("Every number here was printed by this program. It ran in a process of its own, on the CPU."))
        st.code(result.trace.program.source, language="python")


def _left(found: Lab, settings: Settings, losses: Mapping[str, Measured], ink: Colours, _: Translate) -> None:
    match settings:
        case Values():
            _chart(figures.data_figure(settings, ink, _), "loss-data", found, _)
            _chart(figures.gradient_bars(losses, ink, _), "loss-bars", found, _)
        case Binary():
            _chart(figures.gradient_bars(losses, ink, _), "loss-bars", found, _)
        case Classes():
            (measured,) = losses.values()
            figure = figures.class_bars(measured, settings.targets[0], ink, _)
            _chart(figure, "loss-classes", found, _)


def _points(settings: Settings) -> tuple[float, ...]:
    """Where the points stand on the axis of the curves; for classes: the first row's logits."""
    match settings:
        case Values():
            return settings.residuals
        case Binary():
            return settings.logits
        case Classes():
            return settings.rows[0]


def _of_one(losses: Mapping[str, Measured], settings: Settings) -> dict[str, Measured]:
    """CrossEntropy as its curve has it: the first row's share and the chosen logit's gradient."""
    return {
        name: replace(m, shares=m.shares[:1], gradients=(m.gradients[settings.chosen],)) for name, m in losses.items()
    }


def _summary(settings: Settings, losses: Mapping[str, Measured], _: Translate) -> None:
    """The loss of each kind; what the chosen point has to do with it: its gradient and its part of the loss."""
    told = [_("Loss of all rows:") if isinstance(settings, Classes) else _("Loss, and what point {n} makes of it:")]
    for name, measured in losses.items():
        text = f"**{name} {number_text(measured.loss)}**"
        if not isinstance(settings, Classes):
            share, gradient = measured.shares[settings.chosen], measured.gradients[settings.chosen]
            text += f" ({_part(share, measured.loss)}, ∂ {number_text(gradient)})"
        told.append(text)
    with st.container(horizontal=True, key="loss-summary"):
        for text in told:
            st.markdown(text.format(n=settings.chosen + 1), width="content")


def _part(share: float, whole: float) -> str:
    """A share of the loss in percent; a word where that cannot be told."""
    return f"{share / whole:.0%}" if whole and math.isfinite(whole) else number_text(share)


def _table(settings: Settings, losses: Mapping[str, Measured], _: Translate) -> None:
    """Loss and gradient of every point as a plain table, for reading and for screen readers."""
    if isinstance(settings, Classes):
        (measured,) = losses.values()
        heads = [_("class"), _("logit"), "softmax", "one-hot", _("gradient")]
        rows = [
            [str(i), *map(number_text, numbers)]
            for i, numbers in enumerate(
                zip(settings.rows[0], measured.softmax, measured.onehot, measured.gradients, strict=True)
            )
        ]
    else:
        heads = [_("point"), _("residual") if isinstance(settings, Values) else _("logit")]
        heads += [head for name in losses for head in (name, f"∂ {name}")]
        rows = [
            [str(i + 1), number_text(x)]
            + [number_text(n) for m in losses.values() for n in (m.shares[i], m.gradients[i])]
            for i, x in enumerate(_points(settings))
        ]
    st.html(_html_table(heads, rows, settings.chosen))


def _html_table(heads: list[str], rows: list[list[str]], chosen: int) -> str:
    def cell(text: str) -> str:
        kind = "bad" if "NaN" in text or "∞" in text else ""
        return f'<td class="{kind}">{html.escape(text)}</td>'

    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    body = "".join(
        f'<tr class="{"chosen" if i == chosen else ""}">' + "".join(map(cell, row)) + "</tr>"
        for i, row in enumerate(rows)
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="loss-table {_theme()}" tabindex="0">{table}</div>'


def _chart(figure: Any, key: str, found: Lab, _: Translate) -> None:
    def clicked() -> None:
        points = getattr(state.told(key, "selection"), "points", None)
        if points and points[0].get("customdata"):
            what, number = points[0]["customdata"]
            _take(found, what, number)

    st.plotly_chart(figure, key=key, config=PLOT, on_select=clicked, selection_mode="points")


def _take(found: Lab, what: str, number: float) -> None:
    """Do what was clicked: choose a point, or move the chosen one."""
    if what == "point":
        found.set(chosen=int(number))
    else:
        low, high, _step = REACH[found.family]
        to = found.current.at(number) if what == "place" else number
        found.put(found.current.move(round(min(high, max(low, to)), 2)))


def _theme() -> ThemeName:
    return "dark" if st.context.theme.type == "dark" else "light"
