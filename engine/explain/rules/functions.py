"""The functions a formula may use, each over small arrays and the context of one edge."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.explain.rules import array
from engine.explain.rules.array import Array, Scalar, Shape

Argument = Array | Shape | None  # a tuple or None: an attribute such as dim


@dataclass(frozen=True)
class Context:
    """What an expression is calculated in: the names' values, the shape of the input the gradient is for."""

    names: dict[str, Argument] = field(default_factory=dict[str, Argument])
    shape: Shape = ()

    def dims(self) -> Shape:
        """The dimensions the forward reduced: its ``dim`` attribute within the input's shape."""
        return array.dims_of(self.shape, _dim(self.names.get("dim")))


def _dim(argument: Argument) -> Shape | int | None:
    if isinstance(argument, Array):
        return int(argument.items[0])
    return argument


def expand(context: Context, value: Array) -> Array:
    """``value``, a reduction over ``dim``, repeated to the input's shape."""
    kept = array.reduced(context.shape, context.dims())
    return array.build(context.shape, lambda index: array.at(array.reshape(value, kept), index))


def mean(context: Context, value: Array) -> Array:
    """The mean over the reduced dimensions, which stay with size 1."""
    kept = array.reduced(value.shape, context.dims())
    total = array.sum_to(value, kept)
    n = len(value.items) / max(len(total.items), 1)
    return array.elementwise(lambda x: x / n, total)


def total(context: Context, value: Array, dim: Argument = None) -> Array:
    """The sum over ``dim``, which stays with size 1; without it over everything, to the input's shape () ."""
    if dim is None:
        return array.sum_to(value, ()) if value.shape else value
    return array.sum_to(value, array.reduced(value.shape, array.dims_of(value.shape, _dim(dim))))


def reshape(context: Context, value: Array) -> Array:
    return array.reshape(value, context.shape)


def transpose(_: Context, value: Array) -> Array:
    return array.transpose(value)


def zeros(context: Context) -> Array:
    return array.build(context.shape, lambda _: 0.0)


def outer(_: Context, left: Array, right: Array) -> Array:
    return array.build((*left.shape, *right.shape), lambda i: array.at(left, i[:1]) * array.at(right, i[1:]))


def share(context: Context, value: Array, result: Array, grad: Array) -> Array:
    """``grad`` divided evenly among the elements of each reduced slice that equal its ``result``."""
    kept = array.reduced(context.shape, context.dims())
    is_it = array.elementwise(lambda x, y: float(x == y), value, array.reshape(result, kept))
    counts = array.sum_to(is_it, kept)
    return array.elementwise(lambda hit, g, n: g / n if hit else 0.0, is_it, array.reshape(grad, kept), counts)


def scatter(context: Context, grad: Array, places: Array) -> Array:
    """Zeros with ``grad`` at the ``indices`` along ``dim``, as max(dim) chose them."""
    dim = _dim(context.names.get("dim"))
    if not isinstance(dim, int) or not context.shape:
        return grad
    d = dim % len(context.shape)
    kept = array.reduced(context.shape, (d,))
    g, p = array.reshape(grad, kept), array.reshape(places, kept)
    return array.build(context.shape, lambda i: array.at(g, i) if array.at(p, i) == i[d] else 0.0)


def place(context: Context, grad: Array) -> Array:
    """Zeros of the input's shape with ``grad`` where select() or a slice took its elements."""
    names, shape = context.names, context.shape
    dim = _dim(names.get("dim"))
    if not isinstance(dim, int):
        raise ValueError("place needs dim")
    d = dim % len(shape)
    index = names.get("index")
    if isinstance(index, Array):
        first, kept = int(index.items[0]) % shape[d], array.reduced(shape, (d,))
        chosen = range(first, first + 1)
    else:
        chosen = range(*_slice(names).indices(shape[d]))
        kept = tuple(len(chosen) if k == d else size for k, size in enumerate(shape))
    source = array.reshape(grad, kept)

    def item(i: Shape) -> Scalar:
        return array.at(source, (*i[:d], chosen.index(i[d]), *i[d + 1 :])) if i[d] in chosen else 0.0

    return array.build(shape, item)


def _slice(names: dict[str, Argument]) -> slice:
    parts = [names.get(key) for key in ("start", "end", "step")]
    return slice(*(int(part.items[0]) if isinstance(part, Array) else None for part in parts))


def reverse_cumsum(context: Context, grad: Array) -> Array:
    """The sum from each element to the last along ``dim``."""
    dim = _dim(context.names.get("dim"))
    if not isinstance(dim, int) or not grad.shape:
        return grad
    d = dim % len(grad.shape)
    last = range(grad.shape[d])
    return array.build(grad.shape, lambda i: sum(array.at(grad, (*i[:d], k, *i[d + 1 :])) for k in last if k >= i[d]))


def where(_: Context, condition: Array, yes: Array, no: Array) -> Array:
    return array.elementwise(lambda c, x, y: x if c else y, condition, yes, no)


def within(_: Context, value: Array, low: Argument, high: Argument) -> Array:
    """True where ``low <= value <= high``; a bound of None does not bind."""
    lowest = low if isinstance(low, Array) else array.scalar(-math.inf)
    highest = high if isinstance(high, Array) else array.scalar(math.inf)
    return array.elementwise(lambda x, a, b: a <= x <= b, value, lowest, highest)


def clip(_: Context, value: Array, low: Array, high: Array) -> Array:
    return array.elementwise(lambda x, a, b: min(max(x, a), b), value, low, high)


def _each(function: Callable[[float], float]) -> Callable[[Context, Array], Array]:
    return lambda _, value: array.elementwise(function, value)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


FUNCTIONS: dict[str, Callable[..., Array]] = {
    "exp": _each(math.exp),
    "log": _each(math.log),
    "sqrt": _each(math.sqrt),
    "sin": _each(math.sin),
    "cos": _each(math.cos),
    "sinh": _each(math.sinh),
    "cosh": _each(math.cosh),
    "tanh": _each(math.tanh),
    "sigmoid": _each(sigmoid),
    "sign": _each(lambda x: float((x > 0) - (x < 0))),
    "trunc": _each(lambda x: float(math.trunc(x))),
    "floor": _each(lambda x: float(math.floor(x))),
    "Φ": _each(lambda x: (1 + math.erf(x / math.sqrt(2))) / 2),
    "φ": _each(lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi)),
    "T": transpose,
    "zeros": zeros,
    "sum": total,
    "expand": expand,
    "mean": mean,
    "reshape": reshape,
    "outer": outer,
    "share": share,
    "scatter": scatter,
    "place": place,
    "reverse_cumsum": reverse_cumsum,
    "where": where,
    "within": within,
    "clip": clip,
}
