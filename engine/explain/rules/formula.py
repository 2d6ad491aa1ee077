"""A rule's formulas for one execution of a node, with the numbers that were really recorded.

The recorded gradient always stands on the right of the equals sign; the formula is calculated as well, and
its numbers are shown only where both agree. So an equation on screen is one that holds.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence

from engine.contract.trace import Edge, NodeRecord, Trace, Value
from engine.contract.values import n_elements
from engine.explain.rules import array
from engine.explain.rules.array import Array, Scalar
from engine.explain.rules.expression import NotCalculable, calculate, filled, names_in, parse, simplified
from engine.explain.rules.functions import Argument, Context
from engine.explain.rules.rule import Formula, Rule
from engine.text.numbers import nested, number_text

MAX_ITEMS = 4  # of each array in an equation
MAX_ATTRIBUTE = 200  # characters

_NEUTRAL = ("alpha", "beta", "scale", "input_scale", "value")  # optional factors, left out where they are 1
_DEFAULTS: dict[str, Argument] = {  # of attributes that are not recorded when they are None
    "dim": None,
    "min": None,
    "max": None,
    "correction": array.scalar(1),
}
_Plain = (  # what ast.literal_eval gives
    Scalar | complex | str | bytes | tuple[object, ...] | list[object] | set[object] | dict[object, object] | None
)
_PRECISION = {"float16": 1e-2, "bfloat16": 3e-2, "float64": 1e-9}


def numbers(
    rule: Rule,
    node: NodeRecord,
    grad_outputs: Sequence[Value | None],
    grad_inputs: Sequence[Value | None],
    trace: Trace,
) -> tuple[tuple[str, str], ...]:
    """One ``(symbolic, with numbers)`` pair for every edge that needs a gradient.

    ``("self ← grad · other", "x ← [1, 1] · [4, 5] = [4, 5]")``; a node with one edge has no arrows. The second is
    "" when a number is missing, complex, more than MAX_ITEMS elements are involved, or the formula does not give
    what was recorded. It has ≠ instead where the reason is known: the saved tensor was overwritten since.
    A sum over broadcast dimensions is written Σ(...).
    """
    names = _names(node, grad_outputs)
    pairs: list[tuple[str, str]] = []
    for formula in rule.formulas:
        if not _applies(formula, node):
            continue
        recorded = grad_inputs[formula.edge] if formula.edge < len(grad_inputs) else None
        symbol, equation = _texts(formula, node, names, recorded, trace)
        if len(node.next_functions) > 1:
            edge = node.next_functions[formula.edge]
            symbol = f"{formula.of} ← {symbol}"
            equation = equation and f"{_target_name(edge, trace) or formula.of} ← {equation}"
        pairs.append((symbol, equation))
    return tuple(pairs)


def calculated(formula: Formula, node: NodeRecord, grad_outputs: Sequence[Value | None], shape: array.Shape) -> Array:
    """What the formula says the gradient of an input of this shape is. Raises: NotCalculable."""
    context = _context(_names(node, grad_outputs), shape)
    return _summed(calculate(parse(formula.expression), context), shape)


def _applies(formula: Formula, node: NodeRecord) -> bool:
    if formula.edge >= len(node.next_functions) or node.next_functions[formula.edge].node is None:
        return False
    if formula.given is None:
        return True
    name, text = formula.given
    return _attribute(dict(node.attributes).get(name, "")) == _attribute(text)


def _texts(
    formula: Formula, node: NodeRecord, names: dict[str, Argument], recorded: Value | None, trace: Trace
) -> tuple[str, str]:
    tree = parse(formula.expression)
    neutral = {name: 1.0 for name in _NEUTRAL if _number(names.get(name)) == 1}
    symbol = filled(simplified(tree, neutral), {})
    result = array.from_value(recorded) if recorded is not None else None
    if recorded is None or result is None:
        return symbol, ""
    context = _context(names, result.shape)
    used = [context.names.get(name) for name in names_in(formula.expression)]
    if any(isinstance(a, Array) and len(a.items) > MAX_ITEMS for a in (*used, result)):
        return symbol, ""
    try:
        value = calculate(tree, context)
        is_summed = value.shape != result.shape
        total = _summed(value, result.shape)
    except (NotCalculable, ValueError):
        return symbol, ""
    sign = "="
    if not array.is_close(total, result, _PRECISION.get(recorded.dtype, 1e-4)):
        if not _overwritten(formula, node, trace):
            return symbol, ""
        sign = "≠"
    text = _equation_side(tree, context)
    if is_summed:
        symbol, text = f"Σ({symbol})", f"Σ({text})"
    shown = array_text(result)
    return symbol, shown if text == shown else f"{text} {sign} {shown}"


def _equation_side(tree: ast.expr, context: Context) -> str:
    """The formula with its numbers: attributes folded in, tensors as lists."""
    tensors = {name: array_text(a) for name, a in context.names.items() if isinstance(a, Array) and a.shape}
    singles = {name: a for name, a in context.names.items() if isinstance(a, Array) and not a.shape}
    attributes = {name: float(a.items[0]) for name, a in singles.items() if name not in ("grad", "self", "other")}
    words = {name: array_text(a) for name, a in singles.items()}
    return filled(simplified(tree, {n: v for n, v in attributes.items() if _is_short(v)}), {**tensors, **words})


def array_text(value: Array) -> str:
    """As Python writes nested lists: "[[1, 2], [3, 4]]"."""
    return nested(value.shape, [number_text(item) for item in value.items])


def _is_short(number: float) -> bool:
    return math.isfinite(number) and number == round(number, 4)


def _summed(value: Array, shape: array.Shape) -> Array:
    try:
        return array.sum_to(value, shape)
    except ValueError as error:
        raise NotCalculable(str(error)) from error


def _names(node: NodeRecord, grad_outputs: Sequence[Value | None]) -> dict[str, Argument]:
    """What an expression may name: attributes, whole saved tensors, ``grad``, π."""
    names: dict[str, Argument] = {**_DEFAULTS, "π": array.scalar(math.pi)}
    names.update((name, _attribute(text)) for name, text in node.attributes)
    values = [(saved.role, saved.value) for saved in node.saved]
    values.append(("grad", grad_outputs[0] if grad_outputs else None))
    for name, value in values:
        known = array.from_value(value) if value is not None else None
        if known is None:
            names.pop(name, None)
        else:
            names[name] = known
    return names


def _context(names: dict[str, Argument], shape: array.Shape) -> Context:
    """Adds n, the number of input elements for each element of what arrives."""
    grad = names.get("grad")
    if isinstance(grad, Array) and grad.items:
        return Context({**names, "n": array.scalar(n_elements(shape) // len(grad.items))}, shape)
    return Context(names, shape)


def _attribute(text: str) -> Argument:
    """A recorded attribute's value; a word, a long text or an unreadable one is None."""
    if len(text) > MAX_ATTRIBUTE:
        return None
    if text in ("inf", "-inf", "nan"):
        return array.scalar(float(text))
    try:
        value: _Plain = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    if isinstance(value, (bool, int, float)):
        return array.scalar(value)
    if isinstance(value, (tuple, list)):
        whole = tuple(part for part in value if isinstance(part, int))
        return whole if len(whole) == len(value) else None
    return None


def _number(argument: Argument) -> float | None:
    return float(argument.items[0]) if isinstance(argument, Array) and not argument.shape else None


def _overwritten(formula: Formula, node: NodeRecord, trace: Trace) -> bool:
    """Whether a later in-place call wrote to the storage of a saved tensor the formula uses."""
    storages = {s.storage for s in node.saved if s.role in formula.needs and s.storage is not None}
    if not storages or node.call is None:
        return False
    written = (change.tensor for call in trace.calls[node.call + 1 :] for change in call.in_place)
    return any(trace.tensors[tensor].storage in storages for tensor in written)


def _target_name(edge: Edge, trace: Trace) -> str | None:
    """The variable's name of the tensor an edge leads to."""
    if edge.node is None:
        return None
    target = trace.nodes[edge.node]
    if target.variable is not None:
        return trace.tensors[target.variable].name
    outputs = trace.calls[target.call].outputs if target.call is not None else ()
    made = (s.tensor for s in outputs if s.node == edge.node and s.output_nr == edge.input_nr)
    return next((trace.tensors[tensor].name for tensor in made), None)
