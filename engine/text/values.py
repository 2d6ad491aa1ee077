"""Values as the referee's sentences write them."""

from __future__ import annotations

from engine.contract.trace import Complex, Number, Value
from engine.contract.values import n_elements, shape_text

MAX_ITEMS = 8


def value_text(value: Value | None) -> str:
    """``[6, 1.3333, 1.3333]``; a matrix as its rows; a large one by its norm; None as Python writes it."""
    if value is None:
        return "None"
    if not _is_short(value):
        norm = value.stats.norm if value.stats is not None else _norm(value)
        shape = shape_text(value.shape)
        return f"{shape}, ‖·‖ = {_number(norm)}" if norm is not None else shape
    return _nested(list(value.items), value.shape)


def _is_short(value: Value) -> bool:
    """Whether all elements are there, few enough to be told one by one."""
    n = len(value.items)
    return value.is_whole and 0 < n <= MAX_ITEMS and len(value.shape) <= MAX_ITEMS and n == n_elements(value.shape)


def _nested(items: list[Number], shape: tuple[int, ...]) -> str:
    if not shape:
        return _number(items[0])
    size = len(items) // shape[0] if shape[0] else 0
    return f"[{', '.join(_nested(items[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0]))}]"


def _number(number: Number) -> str:
    if isinstance(number, Complex):
        return f"{_number(number.re)}+{_number(number.im)}j"
    if isinstance(number, (str, bool)):
        return str(number)
    text = f"{number:.5g}"
    return "0" if text == "-0" else text


def _norm(value: Value) -> float | None:
    if not value.is_whole or any(isinstance(item, (str, Complex)) for item in value.items):
        return None
    return sum(float(item) ** 2 for item in value.items) ** 0.5  # type: ignore[arg-type]
