"""Whether summands give what a node was given: to the rounding of the dtype and no further."""

from __future__ import annotations

import pytest

from engine.contract.trace import Value
from engine.reading.gradient_sum import adds_up
from engine.reading.replay import Arrival


def value(*items: float, dtype: str = "float32") -> Value:
    return Value((len(items),), dtype, items, (tuple(range(len(items))),))


def arrivals(*values: Value | None) -> list[Arrival]:
    return [Arrival(0, 1, 0, source, 0, one) for source, one in enumerate(values)]


@pytest.mark.parametrize(
    ("dtype", "off", "adds"),
    [
        ("float32", 1e-4, True),
        ("float32", 1e-3, False),
        ("float64", 1e-3, False),
        ("float16", 2e-2, True),
        ("float16", 0.1, False),
        ("bfloat16", 0.1, True),
        ("bfloat16", 0.3, False),
    ],
)
def test_a_sum_may_be_off_by_the_rounding_of_its_dtype(dtype: str, off: float, adds: bool) -> None:
    summands = arrivals(value(1.0, 0.0, dtype=dtype), value(1.0, 3.0, dtype=dtype))
    assert adds_up(summands, value(2.0 + off, 3.0, dtype=dtype)) is adds


def test_nan_and_infinity_stand_at_the_same_places() -> None:
    odd = value("nan", "inf")  # type: ignore[arg-type]
    assert adds_up(arrivals(value(1.0, 2.0), odd), odd) is True
    assert adds_up(arrivals(value(1.0, 2.0)), odd) is False


def test_what_cannot_be_compared_is_neither() -> None:
    part = Value((9,), "float32", (1.0,), ((0,),), is_whole=False)
    assert adds_up([], value(1.0)) is None
    assert adds_up(arrivals(value(1.0)), None) is None
    assert adds_up(arrivals(part), value(1.0)) is None
    assert adds_up(arrivals(value(1.0, 2.0)), value(3.0)) is None
