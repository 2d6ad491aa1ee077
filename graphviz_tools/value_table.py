"""The payload's table of values: each distinct value once, as a grid of at most 6 x 6 numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from engine.contract.trace import Complex, NotFinite, Number, Stats, Value
from engine.contract.values import norm_of, parts
from engine.contract.values import shape_text as plain_shape_text
from engine.reading.predicates import has_nan, magnitude
from engine.text.language import Translate
from engine.text.numbers import SHORT, full_text, nested_text, number_text
from graphviz_tools.payload import Cell, CellClass, ShownValue

EDGE = 3  # rows and columns shown at each end of a larger value
MOST = 2 * EDGE
LONGEST = 44  # characters of a value in one line
MAX_CELLS = 60_000  # of one payload; later values show their statistics only

Item = TypeVar("Item")
GAP = Cell("…", "gap")


class ValueTable:
    """Collects values and gives each a number. ``None`` is a value of its own."""

    def __init__(self, _: Translate) -> None:
        self._ = _
        self._refs: dict[Value | None, int] = {}
        self._shown: list[ShownValue] = []
        self._pending: int | None = None
        self._n_cells = 0
        self.is_full = False  # some grids were left out

    def ref(self, value: Value | None) -> int:
        """The number of a value's row in the table."""
        if value not in self._refs:
            self._refs[value] = len(self._shown)
            self._shown.append(self._show(value))
        return self._refs[value]

    def pending(self) -> int:
        """The number of the row for a value that was not computed yet."""
        if self._pending is None:
            self._pending = len(self._shown)
            self._shown.append(ShownValue("pending", "·"))
        return self._pending

    def rows(self) -> tuple[ShownValue, ...]:
        return tuple(self._shown)

    def _show(self, value: Value | None) -> ShownValue:
        _ = self._
        if value is None:
            return ShownValue("none", "None")
        caption = caption_text(value, _)
        if value.unavailable is not None and not value.items:
            return ShownValue("unavailable", caption, value.unavailable, caption=caption, stats=_stats(value, _))
        rows = self._grid(value)
        text = nested_text(value, LONGEST)
        return ShownValue(
            "tensor",
            text if text is not None else caption,
            full=_full(value),
            rows=rows,
            caption=caption if text is None or len(value.shape) > 1 or not value.items else "",
            stats=_stats(value, _),
        )

    def _grid(self, value: Value) -> tuple[tuple[Cell, ...], ...]:
        if self._n_cells > MAX_CELLS:
            self.is_full = True
            return ()
        rows = grid(value)
        self._n_cells += sum(len(row) for row in rows)
        return rows


def caption_text(value: Value, _: Translate) -> str:
    """``(64, 100) float32``; a 0-dim value is a scalar."""
    if 0 in value.shape:
        return _("{shape} {dtype}, no elements").format(shape=shape_text(value.shape, _), dtype=value.dtype)
    return f"{shape_text(value.shape, _)} {value.dtype}"


def shape_text(shape: Sequence[int], _: Translate) -> str:
    """A shape as PyTorch prints it: "(2,)"; () is the word scalar."""
    return plain_shape_text(shape) if shape else _("scalar")


def short_text(value: Value | None, _: Translate) -> str:
    """A gradient in at most a few characters, for badges and arrows: "[4, 5]", "norm 0.9276", "None"."""
    if value is None:
        return "None"
    for digits in (4, 3, 2):
        text = nested_text(value, SHORT, digits)
        if text is not None:
            return text
    if has_nan(value):
        return "NaN"
    size = magnitude(value)
    if size == 0:
        return _("all 0")
    if size is not None:
        return _("norm {number}").format(number=number_text(size))
    return shape_text(value.shape, _)


def grid(value: Value) -> tuple[tuple[Cell, ...], ...]:
    """The items as rows: leading dimensions are stacked, a gap stands where entries are left out."""
    if not value.items:
        return ()
    n_columns = len(value.kept[-1]) if value.kept else 1
    lines = [value.items[i : i + n_columns] for i in range(0, len(value.items), n_columns)]
    largest = max((abs(x) for x in map(_real, value.items) if x is not None), default=0.0)
    rows = [_row(line, value, largest) for line in _ends(lines)]
    is_cut = len(lines) > MOST or any(_has_hole(value, d) for d in range(len(value.kept) - 1))
    if is_cut and rows:
        half = EDGE if len(lines) > MOST else (len(rows) + 1) // 2
        rows.insert(half, (GAP,) * len(rows[0]))
    return tuple(rows)


def _row(line: Sequence[Number], value: Value, largest: float) -> tuple[Cell, ...]:
    cells = [_cell(item, largest) for item in _ends(line)]
    if len(line) > MOST or (value.kept and _has_hole(value, len(value.kept) - 1)):
        cells.insert(EDGE if len(line) >= MOST else (len(cells) + 1) // 2, GAP)
    return tuple(cells)


def _ends(items: Sequence[Item]) -> list[Item]:
    return list(items) if len(items) <= MOST else [*items[:EDGE], *items[-EDGE:]]


def _has_hole(value: Value, dimension: int) -> bool:
    return len(value.kept[dimension]) < value.shape[dimension]


def _cell(item: Number, largest: float) -> Cell:
    text, full, real = number_text(item), full_text(item), _real(item)
    heat = round(real / largest, 2) if real is not None and largest else 0.0
    return Cell(text, _class(item), heat, "" if full in (text, text + ".0") else full)


def _class(item: Number) -> CellClass:
    both = parts(item)
    if "nan" in both:
        return "nan"
    if "inf" in both or "-inf" in both:
        return "inf"
    return "zero" if not isinstance(item, bool) and all(part == 0 for part in both) else ""


def _real(item: Number) -> float | None:
    """The number that decides a cell's heat; None for what is not finite."""
    size = norm_of((item,))
    return None if isinstance(size, str) else size if isinstance(item, Complex) else float(item)


def _full(value: Value) -> str:
    if value.is_whole and len(value.items) == 1:
        return full_text(value.items[0])
    return ""


def _stats(value: Value, _: Translate) -> tuple[tuple[str, str], ...]:
    stats = value.stats
    if stats is None:
        return ()
    numbers: tuple[tuple[str, float | NotFinite | None], ...] = (
        (_("min"), stats.min),
        (_("max"), stats.max),
        (_("mean"), stats.mean),
        (_("norm"), stats.norm),
    )
    rows = [(label, number_text(number)) for label, number in numbers if number is not None]
    return (*rows, *_counts(stats, _))


def _counts(stats: Stats, _: Translate) -> tuple[tuple[str, str], ...]:
    counts = ((_("zeros"), stats.n_zeros), ("NaN", stats.n_nan), ("Inf", stats.n_inf))
    return tuple((label, str(n)) for label, n in counts if n)
