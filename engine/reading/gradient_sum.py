"""Whether what arrived at a node adds up to what it was given: the lesson's own sentence, checked."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.contract.trace import Value
from engine.contract.values import real_numbers
from engine.reading.replay import Arrival

RELATIVE = {"float16": 2e-2, "bfloat16": 5e-2}
DEFAULT_RELATIVE = 1e-4  # float32, whatever the order of summing


def adds_up(arrivals: Sequence[Arrival], total: Value | None) -> bool | None:
    """True when the summands give ``total``, False when not (a hook changed it), None when it cannot be told.

    Only real numbers that were recorded whole are compared. NaN and ∞ must stand at the same places.
    """
    if total is None or not arrivals:
        return None
    expected = real_numbers(total)
    parts = [_arrived(arrival, total) for arrival in arrivals]
    known = [part for part in parts if part is not None]
    if expected is None or len(known) < len(parts) or any(len(part) != len(expected) for part in known):
        return None
    relative = RELATIVE.get(total.dtype, DEFAULT_RELATIVE)
    return all(_is_close(column, number, relative) for column, number in zip(zip(*known), expected))


def _arrived(arrival: Arrival, total: Value) -> Sequence[float] | None:
    if arrival.value is None:
        return [1.0] * len(total.items)
    return real_numbers(arrival.value)


def _is_close(summands: Sequence[float], total: float, relative: float) -> bool:
    found = sum(summands)
    if not (math.isfinite(found) and math.isfinite(total)):
        return found == total or (math.isnan(found) and math.isnan(total)) or any(map(math.isinf, summands))
    return abs(found - total) <= relative * max(1e-30, *(abs(part) for part in summands), abs(total))
