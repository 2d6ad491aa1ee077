"""The check by central differences: asked for by a button, made in a run of its own."""

# pandas and Streamlit's tables leave their types unsaid.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pandas as pd
import streamlit as st

from engine.contract.trace import Trace
from engine.contract.values import finite_or_word
from engine.gradients.central_differences import MOST_ITEMS, Check, checks, verdict
from engine.text.language import Translate
from engine.text.numbers import number_text
from graphviz_tools.value_table import shape_text
from pages.ui.desk import running, services, state
from pages.ui.desk.desk import ProgramDesk
from pages.ui.desk.results import KnownTraces, Result

N_SHOWN = 6  # elements of a gradient in a cell


def show(result: Result, _: Translate) -> None:
    """What the check is, the button, and what came of it for the program on the desk."""
    st.markdown(
        _(
            "Each element of a small leaf (at most {n} elements) is moved a little up and down, the forward "
            "calculation is made again in float64, and the slope of the result is set beside autograd's gradient. "
            "What the program detached counts as a constant."
        ).format(n=MOST_ITEMS)
    )
    desk = _desk()
    is_for_this = desk.has_program and desk.program == result.outline.program
    with st.container(horizontal=True, key="gradient-check"):
        if st.button(
            _("Check again") if is_for_this and not desk.is_running else _("Check the gradients"),
            key="check-gradients",
            type="secondary" if is_for_this else "primary",
            disabled=desk.is_running,
            icon=":material/calculate:",
        ):
            desk.run(result.outline.program)
            st.rerun()
        if desk.is_running and st.button(_("Stop"), key="stop-check", icon=":material/stop:"):
            desk.stop()
    if desk.is_running:
        st.info(_("The program runs once more, with every call made again for each element …"))
        running.watch(desk)
    elif is_for_this:
        _result(desk.result.trace, _)


def _desk() -> ProgramDesk:
    desk = state.kept("gradient-check-desk", _new_desk)
    desk.settle(0.0)
    return desk


def _new_desk() -> ProgramDesk:
    limits = msgspec.structs.replace(services.limits(), numeric_items=MOST_ITEMS)
    return ProgramDesk(services.runner(), KnownTraces(frozenset()), limits, state.asker())


def _result(trace: Trace, _: Translate) -> None:
    found = checks(trace)
    if trace.ending not in ("ok", "exit", "error"):
        st.warning(_("The program did not come to its end. Below is what was recorded until then."))
    if not found:
        st.info(_("No backward reached a leaf, so there is nothing to check."))
        return
    n_wrong = sum(check.agrees is False for check in found)
    n_right = sum(check.agrees is True for check in found)
    with st.container(horizontal=True, key="check-counts"):
        if n_wrong:
            st.badge(_("{n} differ").format(n=n_wrong), color="red", icon=":material/warning:")
        if n_right:
            st.badge(_("{n} agree").format(n=n_right), color="green", icon=":material/check:")
        if n_other := len(found) - n_wrong - n_right:
            st.badge(_("{n} not checked").format(n=n_other), color="gray")
    st.dataframe(_frame(found, _), hide_index=True, key="check-table", column_config=_columns(_))
    st.caption(_("Both columns are what that backward added, in the run made for the check."))


def _frame(found: Sequence[Check], _: Translate) -> pd.DataFrame:
    columns: dict[str, list[Any]] = {
        _("Line"): [check.line for check in found],
        _("Name"): [check.name or "?" for check in found],
        _("Shape"): [shape_text(check.shape, _) for check in found],
        _("autograd"): [_cell(check.computed) for check in found],
        _("central differences"): [_cell(check.numeric) for check in found],
        _("Result"): [f"{SIGNS[check.agrees]} {verdict(check, _)}" for check in found],
    }
    return pd.DataFrame(columns)


SIGNS = {True: "✓", False: "✕", None: "·"}


def _columns(_: Translate) -> dict[str, Any]:
    config = st.column_config
    return {
        _("Line"): config.NumberColumn(width=50, help=_("Of the call of backward")),
        _("Result"): config.TextColumn(width="large"),
    }


def _cell(numbers: Sequence[float] | None) -> str:
    if numbers is None:
        return "–"
    more = ", …" if len(numbers) > N_SHOWN else ""
    return "[" + ", ".join(number_text(finite_or_word(number)) for number in numbers[:N_SHOWN]) + more + "]"
