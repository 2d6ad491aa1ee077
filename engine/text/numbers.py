"""Numbers and small values as text: at most four significant digits, wherever they are shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.contract.trace import Complex, Number, Value
from engine.contract.values import n_elements, norm, shape_text

NAN, INFINITY = "NaN", "∞"
MAX_ITEMS = 8  # of a value told in a sentence, and its dimensions
SHORT = 18  # characters of a value in a badge or on an arrow


def number_text(number: Number, digits: int = 4) -> str:
    """``0.33333`` is "0.3333", ``4.0`` "4", ``-0.0`` "0"; integers keep all digits; NaN and ∞ are words."""
    if isinstance(number, (bool, int)):
        return str(number)
    if isinstance(number, Complex):
        return _complex(number_text(number.re, digits), number_text(number.im, digits))
    if isinstance(number, str):
        return {"nan": NAN, "inf": INFINITY, "-inf": "-" + INFINITY}[number]
    return _float_text(number, digits)


def full_text(number: Number) -> str:
    """Every digit that was recorded."""
    if isinstance(number, Complex):
        return _complex(full_text(number.re), full_text(number.im))
    return repr(number) if isinstance(number, float) and math.isfinite(number) else number_text(number)


def _complex(real: str, imaginary: str) -> str:
    return f"{real}{'' if imaginary.startswith('-') else '+'}{imaginary}j"


def _float_text(number: float, digits: int) -> str:
    if math.isnan(number):
        return NAN
    if math.isinf(number):
        return INFINITY if number > 0 else "-" + INFINITY
    text = f"{number:.{digits}g}"
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        return f"{mantissa}e{int(exponent)}"
    return "0" if text == "-0" else text


def nested_text(value: Value, most: int, digits: int = 4) -> str | None:
    """``[[1, 2], [3, 4]]`` of a whole value; None when it is cut or longer than ``most`` characters."""
    if value.unavailable is not None or not value.is_whole or max(len(value.items), len(value.shape)) > most:
        return None
    if len(value.items) != n_elements(value.shape):
        return None
    text = nested(value.shape, [number_text(item, digits) for item in value.items])
    return text if len(text) <= most else None


def value_text(value: Value | None) -> str:
    """In a sentence: ``[6, 1.333, 1.333]``; a matrix as its rows; a large one by its norm; None as Python writes it."""
    if value is None:
        return "None"
    n = len(value.items)
    if value.is_whole and 0 < n <= MAX_ITEMS and len(value.shape) <= MAX_ITEMS and n == n_elements(value.shape):
        return nested(value.shape, [number_text(item) for item in value.items])
    size, shape = norm(value) if n_elements(value.shape) else None, shape_text(value.shape)
    return shape if size is None else f"{shape}, ‖·‖ = {number_text(size)}"


def nested(shape: tuple[int, ...], texts: Sequence[str]) -> str:
    """Elements in row-major order as nested lists; a single one without dimensions as it is; none as ``[]``."""
    if not shape:
        return texts[0]
    if 0 in shape:
        return "[]"
    step = len(texts) // shape[0]
    return "[" + ", ".join(nested(shape[1:], texts[i : i + step]) for i in range(0, len(texts), step)) + "]"
