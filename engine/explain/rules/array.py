"""Very small arrays of real numbers in plain Python, so that a rule can be calculated where there is no torch.

They hold at most a handful of numbers (see ``MAX_ITEMS`` of the formulas); clarity comes before speed. Nothing
is made from a shape before its size is known: a program can write any shape into its recording, and an honest
``torch.zeros(0, 3, 10**15)`` has one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import overload

from engine.contract.trace import Complex, Value
from engine.contract.values import n_elements

Shape = tuple[int, ...]
Scalar = bool | int | float

MOST_ITEMS = 64  # of any array, results on the way included
MOST_DIMS = 8


class TooLarge(ValueError):
    """An array of this shape is not calculated here."""


@dataclass(frozen=True)
class Array:
    """Numbers in row-major order. A 0-dim array has shape () and one item."""

    shape: Shape
    items: tuple[Scalar, ...]


def scalar(number: Scalar) -> Array:
    return Array((), (number,))


def from_value(value: Value) -> Array | None:
    """The value's numbers; None when not all of them were kept or they are complex."""
    if not value.is_whole or value.unavailable or not is_small(value.shape):
        return None
    if len(value.items) != n_elements(value.shape):
        return None
    numbers = [
        None if isinstance(item, Complex) else float(item) if isinstance(item, str) else item for item in value.items
    ]
    kept = tuple(number for number in numbers if number is not None)
    return Array(value.shape, kept) if len(kept) == len(numbers) else None


def is_small(shape: Shape) -> bool:
    """Whether an array of this shape may be made: few dimensions, few elements."""
    return len(shape) <= MOST_DIMS and n_elements(shape, MOST_ITEMS + 1) <= MOST_ITEMS


def indices(shape: Shape) -> list[Shape]:
    """All indices in row-major order; [()] for a 0-dim shape, [] for an empty one, however large its other sizes.

    Raises: TooLarge.
    """
    if not is_small(shape):
        raise TooLarge(f"an array of {len(shape)} dimensions and more than {MOST_ITEMS} elements")
    return list(product(*(range(size) for size in shape))) if n_elements(shape) else []


def at(array: Array, index: Shape) -> Scalar:
    """The item at ``index``, broadcast: missing leading dimensions and dimensions of size 1 are repeated."""
    offset = len(index) - len(array.shape)
    position = 0
    for d, size in enumerate(array.shape):
        position = position * size + (0 if size == 1 else index[offset + d])
    return array.items[position]


def broadcast_shape(*shapes: Shape) -> Shape:
    """As torch.broadcast_shapes. Raises: ValueError where the shapes do not fit."""
    n_dims = max((len(shape) for shape in shapes), default=0)
    padded = [(1,) * (n_dims - len(shape)) + shape for shape in shapes]
    result: list[int] = []
    for sizes in zip(*padded, strict=True):
        wide = {size for size in sizes if size != 1}
        if len(wide) > 1:
            raise ValueError("the shapes do not broadcast")
        result.append(wide.pop() if wide else 1)
    return tuple(result)


@overload
def elementwise(function: Callable[[Scalar], Scalar], array: Array, /) -> Array: ...
@overload
def elementwise(function: Callable[[Scalar, Scalar], Scalar], left: Array, right: Array, /) -> Array: ...
@overload
def elementwise(function: Callable[[Scalar, Scalar, Scalar], Scalar], x: Array, y: Array, z: Array, /) -> Array: ...
def elementwise(function: Callable[..., Scalar], *arrays: Array) -> Array:
    shape = broadcast_shape(*(array.shape for array in arrays))
    return Array(shape, tuple(function(*(at(array, index) for array in arrays)) for index in indices(shape)))


def build(shape: Shape, item: Callable[[Shape], Scalar]) -> Array:
    return Array(shape, tuple(item(index) for index in indices(shape)))


def sum_to(array: Array, shape: Shape) -> Array:
    """Sum over broadcast dimensions back to ``shape``, as torch.Tensor.sum_to_size."""
    if array.shape == shape:
        return array
    if broadcast_shape(array.shape, shape) != array.shape:
        raise ValueError("this array is no broadcast of that shape")
    totals = dict.fromkeys(indices(shape), 0.0)
    offset = len(array.shape) - len(shape)
    for index, item in zip(indices(array.shape), array.items, strict=True):
        target = tuple(0 if size == 1 else index[offset + d] for d, size in enumerate(shape))
        totals[target] += item
    return Array(shape, tuple(totals.values()))


def dims_of(shape: Shape, dim: Shape | int | None) -> Shape:
    """The dimensions meant by a torch ``dim`` argument: None and () mean all, negative ones count from the end."""
    if dim is None or dim == ():
        return tuple(range(len(shape)))
    chosen = (dim,) if isinstance(dim, int) else dim
    return tuple(sorted(d % len(shape) for d in chosen)) if shape else ()


def reduced(shape: Shape, dims: Shape) -> Shape:
    """``shape`` with the given dimensions reduced to 1 (keepdim=True)."""
    return tuple(1 if d in dims else size for d, size in enumerate(shape))


def reshape(array: Array, shape: Shape) -> Array:
    if n_elements(shape, MOST_ITEMS + 1) != len(array.items):
        raise ValueError("an array cannot be viewed as one of another size")
    return Array(shape, array.items)


def transpose(array: Array) -> Array:
    """The last two dimensions exchanged; 0- and 1-dim arrays stay."""
    if len(array.shape) < 2:
        return array
    *batch, rows, columns = array.shape
    return build((*batch, columns, rows), lambda index: at(array, (*index[:-2], index[-1], index[-2])))


def matmul(left: Array, right: Array) -> Array:
    """As ``left @ right`` for 1-dim and equally batched operands."""
    a = reshape(left, (1, *left.shape)) if len(left.shape) == 1 else left
    b = reshape(right, (*right.shape, 1)) if len(right.shape) == 1 else right
    if len(a.shape) < 2 or len(b.shape) < 2 or a.shape[-1] != b.shape[-2] or a.shape[:-2] != b.shape[:-2]:
        raise ValueError("these shapes do not multiply")
    inner = range(a.shape[-1])
    if len(inner) > MOST_ITEMS:
        raise TooLarge(f"sums of {len(inner)} products")

    def item(index: Shape) -> Scalar:
        *batch, row, column = index
        return sum(at(a, (*batch, row, k)) * at(b, (*batch, k, column)) for k in inner)

    full = build((*a.shape[:-1], b.shape[-1]), item)
    shape = full.shape
    if len(right.shape) == 1:
        shape = shape[:-1]
    if len(left.shape) == 1:
        shape = (*shape[: len(shape) - 1 - (len(right.shape) > 1)], *shape[len(shape) - (len(right.shape) > 1) :])
    return reshape(full, shape)


def is_close(left: Array, right: Array, relative: float) -> bool:
    """Same shape and items equal up to ``relative`` times the largest item; NaN equals NaN."""
    if left.shape != right.shape:
        return False
    finite = [abs(x) for x in (*left.items, *right.items) if math.isfinite(x)]
    tolerance = relative * max(finite, default=0.0)
    return all(_same(x, y, tolerance) for x, y in zip(left.items, right.items, strict=True))


def _same(x: Scalar, y: Scalar, tolerance: float) -> bool:
    if math.isfinite(x) and math.isfinite(y):
        return abs(x - y) <= tolerance
    return x == y or (math.isnan(x) and math.isnan(y))
