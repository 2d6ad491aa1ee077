"""Numbers as a trace keeps them: bounded previews of tensors, with words for what JSON has no number for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, Union

import msgspec

NotFinite = Literal["nan", "inf", "-inf"]

MOST_DIMS_TOLD = 64
MOST_ELEMENTS = 2**63 - 1  # PyTorch counts no further


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of every record: frozen, compared by value, defaults left out of the JSON."""


class Complex(Record, frozen=True, tag="complex"):
    """One complex number; its parts are numbers or the words nan, inf, -inf."""

    re: float | NotFinite
    im: float | NotFinite


Number = Union[bool, int, float, NotFinite, Complex]


class Stats(Record, frozen=True):
    """Statistics over *all* elements of a value. None: not defined (empty, complex, all NaN)."""

    min: float | NotFinite | None
    max: float | NotFinite | None
    mean: float | NotFinite | None
    norm: float | NotFinite | None  # Euclidean, over the flattened value
    n_zeros: int = 0
    n_nan: int = 0
    n_inf: int = 0


class Bins(Record, frozen=True):
    """How many of all finite elements lie between neighbouring ``edges``; the last bin has its right edge, too."""

    edges: tuple[float, ...]  # one more than counts, rising
    counts: tuple[int, ...]


class Value(Record, frozen=True):
    """A bounded preview of a tensor's content at one moment.

    ``items`` holds, in row-major order, the elements at the indices ``kept[d]`` of each dimension d
    (all of them when ``is_whole``). A 0-dim tensor has ``kept == ()`` and one item; an empty tensor
    has no items. When the content could not be read, ``items`` is empty and ``unavailable`` says why.
    """

    shape: tuple[int, ...]
    dtype: str  # without "torch.", e.g. "float32"
    items: tuple[Number, ...] = ()
    kept: tuple[tuple[int, ...], ...] = ()
    is_whole: bool = True
    stats: Stats | None = None  # None: not computed (whole small value: derive; or too large)
    unavailable: str | None = None  # e.g. "meta tensor", "batched tensor (vmap)", "over the size limit"
    bins: Bins | None = None  # of a final gradient that is too large to be kept whole


MOST_BINS = 40


def n_bins(n: int) -> int:
    """Bins that show how ``n`` numbers are spread.

    >>> n_bins(1), n_bins(100), n_bins(10_000)
    (5, 20, 40)
    """
    return min(MOST_BINS, max(5, math.ceil(2 * math.sqrt(n))))


def edges_between(low: float, high: float, n: int) -> tuple[float, ...]:
    """``n`` bins of equal width from ``low`` to ``high``; one around them when no such bins can be told apart.

    >>> edges_between(0, 1, 2), edges_between(3, 3, 2)
    ((0.0, 0.5, 1), (1.5, 4.5))
    """
    edges = [low * (1 - i / n) + high * (i / n) for i in range(n)] + [high]  # no difference that could overflow
    if all(left < right for left, right in pairwise(edges)):
        return tuple(edges)
    half = max(abs(low), abs(high)) / 2 or 0.5
    return (low - half, high + half)


def n_elements(shape: Sequence[int], most: int = MOST_ELEMENTS) -> int:
    """How many elements a shape has, but at most ``most``: no shape, however large, makes a large number or a wait.

    >>> n_elements((0, 3, 10**15)), n_elements((2, 3)), n_elements((10**9,) * 5_000, most=10)
    (0, 6, 10)
    """
    if any(size <= 0 for size in shape):
        return 0
    n = 1
    for size in shape:
        n *= size
        if n >= most:
            return most
    return n


def shape_text(shape: Sequence[int]) -> str:
    """A shape as PyTorch prints it, ``(2,)``; of very many dimensions the first and how many there are."""
    if len(shape) <= MOST_DIMS_TOLD:
        return str(tuple(shape))
    first = ", ".join(map(str, shape[:4]))
    return f"({first}, … {len(shape)} dimensions)"


def parts(number: Number) -> tuple[float | NotFinite, ...]:
    """A number, or a complex one's real and imaginary part."""
    return (number.re, number.im) if isinstance(number, Complex) else (number,)


def norm_of(items: Sequence[Number]) -> float | NotFinite:
    """The Euclidean norm; of complex numbers, too.

    >>> norm_of((3, Complex(0.0, 4.0))), norm_of(()), norm_of((1.0, "-inf")), norm_of(("inf", "nan"))
    (5.0, 0.0, 'inf', 'nan')
    """
    numbers = [float(part) for item in items for part in parts(item)]
    return "nan" if any(map(math.isnan, numbers)) else finite_or_word(math.hypot(*numbers))


def norm(value: Value) -> float | NotFinite | None:
    """The Euclidean norm over all elements; None where they are not all known."""
    if value.stats is not None:
        return value.stats.norm
    return norm_of(value.items) if value.unavailable is None and value.is_whole else None


def finite_or_word(x: float) -> float | NotFinite:
    """``x`` itself, or the word nan, inf, -inf, since JSON has no such numbers."""
    if math.isfinite(x):
        return x
    return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"


def real_numbers(value: Value) -> tuple[float, ...] | None:
    """All elements in row-major order; None when they were not all recorded, or are complex."""
    if value.unavailable is not None or not value.is_whole or len(value.items) != n_elements(value.shape):
        return None
    numbers = tuple(float(item) for item in value.items if isinstance(item, (bool, int, float, str)))
    return numbers if len(numbers) == len(value.items) else None
