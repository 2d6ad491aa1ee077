"""What a preview can say about a whole value: all zero, not finite, NaN, how large. None where it cannot tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from engine.contract.trace import Number, Value
from engine.contract.values import n_elements, norm, parts


def n_items(value: Value) -> int:
    return n_elements(value.shape)


def is_zero(value: Value | None) -> bool | None:
    """Whether every element is 0. An empty value is."""
    if value is None or value.unavailable:
        return None
    if value.is_whole:
        return all(item_is_zero(item) for item in value.items)
    return None if value.stats is None else value.stats.n_zeros == n_items(value)


def has_zero(value: Value | None) -> bool | None:
    """Whether some element is 0."""
    return _some(value, item_is_zero, lambda v: v.stats is not None and v.stats.n_zeros > 0)


def has_nan(value: Value | None) -> bool | None:
    return _some(value, item_is_nan, lambda v: v.stats is not None and v.stats.n_nan > 0)


def has_inf(value: Value | None) -> bool | None:
    return _some(value, item_is_inf, lambda v: v.stats is not None and v.stats.n_inf > 0)


def is_finite(value: Value | None) -> bool | None:
    """Whether no element is NaN or infinite."""
    nan, inf = has_nan(value), has_inf(value)
    return None if nan is None or inf is None else not (nan or inf)


def all_finite(values: Iterable[Value | None]) -> bool:
    """Whether no value is known to hold anything not finite. None, no value at all, passes."""
    return all(is_finite(value) is not False for value in values)


def magnitude(value: Value) -> float | None:
    """The Euclidean norm; None when it is not a finite number, or not known."""
    size = norm(value)
    return None if isinstance(size, str) else size


def weight(value: Value | None) -> float:
    """The size of a gradient on a log scale: 0 for zero or up to 1e-6, 1 from 1e3 on."""
    size = magnitude(value) if value is not None else None
    if value is not None and size is None:
        return 1.0 if has_nan(value) else 0.5
    if not size:
        return 0.0
    return round(min(1.0, max(0.0, (math.log10(size) + 6) / 9)), 3)


def _some(value: Value | None, test: Callable[[Number], bool], by_stats: Callable[[Value], bool]) -> bool | None:
    if value is None or value.unavailable:
        return None
    if any(test(item) for item in value.items):
        return True
    if value.is_whole:
        return False
    return None if value.stats is None else by_stats(value)


def item_is_zero(item: Number) -> bool:
    return all(part == 0 for part in parts(item))


def item_is_nan(item: Number) -> bool:
    return any(part == "nan" for part in parts(item))


def item_is_inf(item: Number) -> bool:
    return any(part in ("inf", "-inf") for part in parts(item))
