"""The table of gradients, its filter and its download."""

# pandas and Streamlit's tables leave their types unsaid.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from engine.contract.trace import NotFinite
from engine.contract.values import shape_text as plain_shape_text
from engine.gradients.as_csv import csv_name, gradients_csv
from engine.gradients.table import GradientRow, Size, State
from engine.text.language import Translate
from engine.text.numbers import number_text
from graphviz_tools.value_table import shape_text
from pages.ui.gradients.words import gradient_text, value_text

Labelled = tuple[str, GradientRow]
MAX_HEIGHT = 290
ROW_HEIGHT = 36
WIDTH = 84  # of a column of numbers, in pixels

COLOURS: dict[Literal["light", "dark"], dict[State, str]] = {
    "light": {
        "zero": "color: #6b7280",
        "empty": "color: #6b7280",
        "unknown": "color: #6b7280; font-style: italic",
        "not_finite": "color: #c01f1f; font-weight: 700",
        "pending": "color: #6b7280; font-style: italic",
        "none": "background-color: #e8d9f5; color: #4a1d73; font-weight: 600",
    },
    "dark": {
        "zero": "color: #9aa4b2",
        "empty": "color: #9aa4b2",
        "unknown": "color: #9aa4b2; font-style: italic",
        "not_finite": "color: #ff7b72; font-weight: 700",
        "pending": "color: #9aa4b2; font-style: italic",
        "none": "background-color: #41305a; color: #e3d0fb; font-weight: 600",
    },
}


def chosen(rows: Sequence[Labelled], text: str, only_problems: bool) -> tuple[Labelled, ...]:
    """The rows whose name or shape contains the text, in any case; only those with a problem where asked."""
    wanted = text.strip().lower()
    return tuple(
        (label, row)
        for label, row in rows
        if (wanted in label.lower() or wanted in plain_shape_text(row.shape)) and (row.has_problem or not only_problems)
    )


def show(rows: Sequence[Labelled], theme: Literal["light", "dark"], _: Translate) -> None:
    """The rows as a table that can be sorted by any column."""
    st.dataframe(
        styled(rows, theme, _),
        key="gradient-table",
        hide_index=True,
        placeholder="",
        column_config=_columns(_),
        height=min(MAX_HEIGHT, ROW_HEIGHT * (len(rows) + 1) + 2),
    )


def styled(rows: Sequence[Labelled], theme: Literal["light", "dark"], _: Translate) -> Styler:
    """Numbers stay numbers, so that columns sort; how they are written and coloured comes on top."""

    def coloured(_column: object) -> list[str]:
        return [COLOURS[theme].get(row.state, "") for _label, row in rows]

    numbers = [_("Norm"), _("Min"), _("Max"), _("Mean")]
    table = _frame(rows, _).style
    table.apply(coloured, subset=[_("Gradient")])
    table.format(number_text, subset=numbers, na_rep="")
    return table


def download(rows: Sequence[Labelled], program: str, _: Translate) -> None:
    """A button for the rows as CSV, with every digit."""
    st.download_button(
        "CSV",
        gradients_csv([row for _label, row in rows], [label for label, _row in rows]).encode("utf-8-sig"),
        file_name=csv_name(program),
        mime="text/csv",
        icon=":material/download:",
        help=_("Download the rows shown as CSV"),
        on_click="ignore",
        key="gradient-csv",
    )


def _frame(rows: Sequence[Labelled], _: Translate) -> pd.DataFrame:
    columns: dict[str, list[Any]] = {
        _("Name"): [label for label, _row in rows],
        _("Shape"): [shape_text(row.shape, _) for _label, row in rows],
        _("Gradient"): [gradient_text(row, _) for _label, row in rows],
    }
    if any(row.true is not None for _label, row in rows):
        columns[_("True gradient")] = [_true(row, _) for _label, row in rows]
    for name, attribute in ((_("Norm"), "norm"), (_("Min"), "min"), (_("Max"), "max"), (_("Mean"), "mean")):
        columns[name] = [_sortable(row.size, attribute) for _label, row in rows]
    columns[_("Zeros")] = [None if row.size is None else row.size.share_of_zeros for _label, row in rows]
    columns[_("Summed up")] = [row.n_accumulations for _label, row in rows]
    if any(row.reason is not None for _label, row in rows):
        columns[_("Reason")] = [_reason(row, _) for _label, row in rows]
    frame = pd.DataFrame(columns)
    for name in (_("Norm"), _("Min"), _("Max"), _("Mean"), _("Zeros")):
        frame[name] = frame[name].astype("Float64")
    frame[_("Summed up")] = frame[_("Summed up")].astype("Int64")
    return frame


def _columns(_: Translate) -> dict[str, Any]:
    config = st.column_config
    return {
        _("Name"): config.TextColumn(pinned=True),
        _("Gradient"): config.TextColumn(help=_("None, zero, NaN and “not computed” are four different things")),
        _("Norm"): config.NumberColumn(help=_("Euclidean norm of all elements"), width=WIDTH),
        _("Min"): config.NumberColumn(width=WIDTH),
        _("Max"): config.NumberColumn(width=WIDTH),
        _("Mean"): config.NumberColumn(width=WIDTH),
        _("Zeros"): config.ProgressColumn(
            help=_("Share of elements that are exactly 0"), format="percent", min_value=0.0, max_value=1.0, width=110
        ),
        _("Summed up"): config.NumberColumn(
            help=_("How many gradients were added up since .grad was last None or zero"), width=96
        ),
        _("Reason"): config.TextColumn(help=_("Why it is None, zero or not finite"), width="large"),
    }


def _reason(row: GradientRow, _: Translate) -> str:
    """Why it is None, zero or not finite, without the marks of code."""
    return "" if row.reason is None else row.reason.explanation.text(_)[0].replace("`", "")


def _true(row: GradientRow, _: Translate) -> str:
    return value_text(row.true, _) if row.true is not None else "="


def _sortable(size: Size | None, attribute: str) -> float | None:
    """A number to sort by; None for NaN and for what is not defined."""
    number: float | NotFinite | None = getattr(size, attribute, None)
    return None if number is None or number == "nan" else float(number)
