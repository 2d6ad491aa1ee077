"""Numbers and small arrays as text, at most four significant digits."""

from __future__ import annotations

from engine.explain.rules import array
from engine.explain.rules.array import Array, Scalar


def number_text(number: Scalar) -> str:
    """``0.33333`` gives "0.3333", ``4.0`` "4", ``-0.0`` "0", booleans "True" and "False"."""
    if isinstance(number, bool):
        return str(number)
    text = f"{number:.4g}"
    return "0" if text == "-0" else text


def array_text(value: Array) -> str:
    """As Python writes nested lists: "[[1, 2], [3, 4]]"; a 0-dim array is its number; one without elements "[]"."""
    if not value.shape:
        return number_text(value.items[0])
    if not value.items:
        return "[]"
    rows = (array_text(_row(value, i)) for i in range(value.shape[0]))
    return f"[{', '.join(rows)}]"


def _row(value: Array, i: int) -> Array:
    shape = value.shape[1:]
    return array.build(shape, lambda index: array.at(value, (i, *index)))
