"""Numbers and small values as text: at most four significant digits."""

from __future__ import annotations

import math

from engine.contract.trace import Complex, Number, Value
from engine.contract.values import n_elements

NAN, INFINITY = "NaN", "∞"
SHORT = 18  # characters of a value in a badge or on an arrow


def number_text(number: Number, digits: int = 4) -> str:
    """``0.33333`` is "0.3333", ``4.0`` "4", ``-0.0`` "0"; integers keep all digits; NaN and ∞ are words."""
    if isinstance(number, (bool, int)):
        return str(number)
    if isinstance(number, Complex):
        imaginary = number_text(number.im, digits)
        sign = "" if imaginary.startswith("-") else "+"
        return f"{number_text(number.re, digits)}{sign}{imaginary}j"
    if isinstance(number, str):
        return {"nan": NAN, "inf": INFINITY, "-inf": "-" + INFINITY}[number]
    return _float_text(number, digits)


def full_text(number: Number) -> str:
    """Every digit that was recorded."""
    return repr(number) if isinstance(number, float) else number_text(number)


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
    text = _nested(value.shape, [number_text(item, digits) for item in value.items])
    return text if len(text) <= most else None


def _nested(shape: tuple[int, ...], texts: list[str]) -> str:
    if not shape:
        return texts[0]
    if 0 in shape:
        return "[]"
    step = len(texts) // shape[0]
    return "[" + ", ".join(_nested(shape[1:], texts[i : i + step]) for i in range(0, len(texts), step)) + "]"


def magnitude(value: Value) -> float | None:
    """The Euclidean norm, from the statistics or the items; None when it is not a finite number."""
    if value.stats is not None:
        return value.stats.norm if isinstance(value.stats.norm, (int, float)) else None
    if value.unavailable is not None or not value.is_whole:
        return None
    total = 0.0
    for item in value.items:
        parts = (item.re, item.im) if isinstance(item, Complex) else (item,)
        for part in parts:
            if isinstance(part, str):
                return None
            total += float(part) * float(part)
    return math.sqrt(total) if math.isfinite(total) else None


def has_nan(value: Value) -> bool:
    """Whether a NaN is among the elements (all of them where there are statistics)."""
    if value.stats is not None:
        return value.stats.n_nan > 0
    return any(item == "nan" or (isinstance(item, Complex) and "nan" in (item.re, item.im)) for item in value.items)


def weight(value: Value | None) -> float:
    """The size of a gradient on a log scale: 0 for zero or up to 1e-6, 1 from 1e3 on."""
    size = magnitude(value) if value is not None else None
    if value is not None and size is None:
        return 1.0 if has_nan(value) else 0.5
    if not size:
        return 0.0
    return round(min(1.0, max(0.0, (math.log10(size) + 6) / 9)), 3)
