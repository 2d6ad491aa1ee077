"""The rows of engine.gradients.table as CSV that a spreadsheet can open without harm."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from engine.contract.trace import NotFinite
from engine.contract.values import shape_text
from engine.gradients.table import GradientRow, Size

COLUMNS = (
    "name",
    "is_leaf",
    "shape",
    "dtype",
    "state",
    "norm",
    "min",
    "max",
    "mean",
    "elements",
    "zeros",
    "share_of_zeros",
    "nan",
    "inf",
    "true_norm",
    "accumulations",
    "why_none",
    "findings",
)
FORMULA_STARTS = tuple("=+-@＝＋－＠")  # full-width ones count, too


def gradients_csv(rows: Sequence[GradientRow], names: Sequence[str]) -> str:
    """A header and a line for each row, in order; ``names`` are the names to write. Numbers keep all digits;
    what is not defined is an empty cell, what is not finite nan, inf or -inf."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row, name) for row, name in zip(rows, names, strict=True))
    return file.getvalue()


def csv_name(program: str) -> str:
    """A file name for any system: "gradients-d5_data.csv".

    >>> csv_name("../../e tc\\u202e x.py"), csv_name("损失.py")
    ('gradients-e-tc-x.csv', 'gradients.csv')
    """
    stem = re.sub(r"\.py$", "", re.split(r"[\\/]", program)[-1])
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[:60]
    return f"gradients-{safe}.csv" if safe else "gradients.csv"


def text_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before what could start one.

    >>> text_cell("=1+1"), text_cell(" @a"), text_cell("w-1")
    ("'=1+1", "' @a", 'w-1')
    """
    first = next((c for c in text if not c.isspace() and c.isprintable()), "")
    is_broken = text[:1] in ("\t", "\r", "\n")  # could be taken for the end of a cell
    return f"'{text}" if first in FORMULA_STARTS or is_broken else text


def _cells(row: GradientRow, name: str) -> list[object]:
    size = row.size or Size(0, None, None, None, None)
    return [
        text_cell(name),
        row.is_leaf,
        shape_text(row.shape),
        text_cell(row.dtype),
        row.state,
        *(_number(number) for number in (size.norm, size.min, size.max, size.mean)),
        *((size.n, size.n_zeros, _number(size.share_of_zeros), size.n_nan, size.n_inf) if row.size else ("",) * 5),
        _number(row.true_size.norm if row.true_size is not None else None),
        "" if row.n_accumulations is None else row.n_accumulations,
        row.why_none or "",
        " ".join(finding.kind for finding in row.findings),
    ]


def _number(number: float | NotFinite | None) -> str:
    return "" if number is None else number if isinstance(number, str) else repr(float(number))
