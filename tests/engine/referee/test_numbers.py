"""What a preview tells about a whole value, and where it must not guess."""

from __future__ import annotations

from engine.contract.trace import Complex, Stats, Value
from engine.reading.predicates import all_finite, has_nan, has_zero, is_finite, is_zero


def part(n_zeros: int = 0, n_nan: int = 0, n_inf: int = 0) -> Value:
    """Four of 100 elements, all 1, with statistics over all."""
    stats = Stats(0.0, 1.0, 0.5, 1.0, n_zeros, n_nan, n_inf)
    return Value((100,), "float32", (1.0,) * 4, ((0, 1, 98, 99),), is_whole=False, stats=stats)


def test_whole_values_are_read_element_by_element() -> None:
    assert is_zero(Value((2,), "float32", (0.0, -0.0)))
    assert not is_zero(Value((2,), "float32", (0.0, 1.0)))
    assert has_zero(Value((2,), "float32", (0.0, 1.0)))
    assert has_nan(Value((2,), "float32", (0.0, "nan")))
    assert not is_finite(Value((1,), "complex64", (Complex(1.0, "inf"),)))
    assert is_zero(Value((0,), "float32"))


def test_large_values_are_told_by_their_statistics() -> None:
    assert is_zero(Value((100,), "float32", (0.0,) * 4, is_whole=False, stats=Stats(0.0, 0.0, 0.0, 0.0, n_zeros=100)))
    assert not is_zero(part(n_zeros=96))
    assert has_zero(part(n_zeros=1))
    assert not is_finite(part(n_inf=1))
    assert is_finite(part())


def test_what_was_not_counted_is_not_known() -> None:
    unknown = Value((100,), "float32", (1.0,) * 4, is_whole=False)
    assert (is_finite(unknown), is_zero(unknown), is_finite(None)) == (None, None, None)
    assert is_finite(Value((2,), "float32", unavailable="meta tensor")) is None
    assert all_finite([unknown, None, part()])
    assert not all_finite([unknown, part(n_nan=1)])
