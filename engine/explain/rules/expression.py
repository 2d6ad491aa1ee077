"""Formulas as expressions: parsed once by Python's own parser, then shown, filled with numbers, or calculated."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import cache

from engine.explain.rules import array
from engine.explain.rules.array import Array, Scalar
from engine.explain.rules.functions import FUNCTIONS, Argument, Context
from engine.text.numbers import number_text


class NotCalculable(ValueError):
    """The expression has no number here: a name or function is unknown, or the arithmetic is undefined."""


@cache
def parse(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


@cache
def names_in(expression: str) -> tuple[str, ...]:
    """The names an expression uses, without function names, in order of first appearance."""
    found: dict[str, None] = {}
    _collect(parse(expression), found)
    return tuple(found)


def _collect(node: ast.AST, found: dict[str, None]) -> None:
    if isinstance(node, ast.Name):
        found.setdefault(node.id)
    children = node.args if isinstance(node, ast.Call) else list(ast.iter_child_nodes(node))
    for child in children:
        _collect(child, found)


# --- as text --------------------------------------------------------------------------------------

_SUPERSCRIPT: dict[object, str] = {2: "²", 3: "³"}
_SIGNS: dict[type, tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("−", 1),
    ast.Mult: ("·", 2),
    ast.Div: ("/", 2),
    ast.MatMult: ("@", 2),
}
_COMPARISONS: dict[type, str] = {ast.Gt: ">", ast.GtE: "≥", ast.Lt: "<", ast.LtE: "≤", ast.Eq: "="}
_ATOM, _POWER, _NEGATION, _COMPARISON = 5, 4, 3, 0


def symbolic(expression: str) -> str:
    """The expression as shown: ``grad * self ** 2`` gives ``grad · self²``."""
    return filled(parse(expression), {})


def filled(tree: ast.expr, words: Mapping[str, str]) -> str:
    """As :func:`symbolic` with names replaced by ``words`` (numbers as text); names without one stay."""
    return _shown(tree, words)[0]


def _shown(tree: ast.expr, words: Mapping[str, str]) -> tuple[str, int]:
    """The text and how tightly it binds: an operand that binds less gets parentheses."""
    match tree:
        case ast.Name(id=name):
            text = words.get(name, name)
            return text, _COMPARISON if text.startswith("-") else _ATOM
        case ast.Constant(value=int() | float() as number):
            return number_text(number), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return "−" + _wrapped(operand, words, 2), _NEGATION
        case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=number)) if number in _SUPERSCRIPT:
            return _wrapped(base, words, _ATOM) + _SUPERSCRIPT[number], _POWER
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return f"{_wrapped(base, words, _ATOM)}^{_wrapped(exponent, words, _ATOM)}", _POWER
        case ast.BinOp(left=left, op=op, right=right):
            sign, level = _SIGNS[type(op)]
            stricter = level + (not isinstance(op, (ast.Add, ast.Mult)))
            return f"{_wrapped(left, words, level)} {sign} {_wrapped(right, words, stricter)}", level
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return f"{_wrapped(left, words, 1)} {_COMPARISONS[type(op)]} {_wrapped(right, words, 1)}", _COMPARISON
        case ast.Call(func=ast.Name(id="T"), args=[operand]):
            return _wrapped(operand, words, _ATOM) + "ᵀ", _POWER
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return f"{name}({', '.join(filled(argument, words) for argument in arguments)})", _ATOM
        case _:
            raise ValueError(f"not part of the formula language: {ast.dump(tree)}")


def _wrapped(tree: ast.expr, words: Mapping[str, str], least: int) -> str:
    text, level = _shown(tree, words)
    return f"({text})" if level < least else text


# --- as numbers -----------------------------------------------------------------------------------

_OPERATORS: dict[type, Callable[[Scalar, Scalar], Scalar]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda x, y: x / y,
    ast.Pow: lambda x, y: float(x) ** float(y),  # of whole numbers, a power can fill the memory
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
}


def calculate(tree: ast.expr, context: Context) -> Array:
    """The expression's value. Raises: :class:`NotCalculable`."""
    try:
        value = _value(tree, context)
    except (ArithmeticError, ValueError, KeyError, IndexError, TypeError) as error:
        raise NotCalculable(str(error)) from error
    if not isinstance(value, Array) or any(isinstance(item, complex) for item in value.items):
        raise NotCalculable("not a real number")
    return value


def _value(tree: ast.expr, context: Context) -> Argument:
    match tree:
        case ast.Name(id=name):
            return context.names[name]
        case ast.Constant(value=number) if isinstance(number, (int, float)):
            return array.scalar(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return array.elementwise(lambda x: -x, _array(operand, context))
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return array.matmul(_array(left, context), _array(right, context))
        case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
            return array.elementwise(_OPERATORS[type(op)], _array(left, context), _array(right, context))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](context, *(_value(argument, context) for argument in arguments))
        case _:
            raise NotCalculable(ast.dump(tree))


def _array(tree: ast.expr, context: Context) -> Array:
    value = _value(tree, context)
    if not isinstance(value, Array):
        raise NotCalculable(f"{ast.dump(tree)} has no number")
    return value


# --- simpler --------------------------------------------------------------------------------------


def simplified(tree: ast.expr, known: Mapping[str, float]) -> ast.expr:
    """The expression with ``known`` attributes put in: ``x * alpha`` is ``x`` where alpha is 1."""
    match tree:
        case ast.Name(id=name) if name in known:
            return _number(known[name])
        case ast.UnaryOp(op=op, operand=operand):
            return ast.UnaryOp(op, simplified(operand, known))
        case ast.Call(func=func, args=arguments):
            return ast.Call(func, [simplified(argument, known) for argument in arguments], [])
        case ast.Compare(left=left, ops=ops, comparators=[right]):
            return ast.Compare(simplified(left, known), ops, [simplified(right, known)])
        case ast.BinOp(left=left, op=op, right=right):
            return _simpler(ast.BinOp(simplified(left, known), op, simplified(right, known)))
        case _:
            return tree


def _simpler(tree: ast.BinOp) -> ast.expr:
    match tree:
        case ast.BinOp(op=ast.Mult(), left=ast.Constant(value=1), right=kept):
            return kept
        case ast.BinOp(op=ast.Mult() | ast.Div() | ast.Pow(), left=kept, right=ast.Constant(value=1)):
            return kept
        case ast.BinOp(
            op=ast.Add() | ast.Sub() as op,
            left=ast.Constant(value=int() | float() as a),
            right=ast.Constant(value=int() | float() as b),
        ):
            return _number(_OPERATORS[type(op)](a, b))
        case _:
            return tree


def _number(number: float) -> ast.expr:
    whole = int(number) if math.isfinite(number) and number == int(number) else number
    return ast.UnaryOp(ast.USub(), ast.Constant(-whole)) if whole < 0 else ast.Constant(whole)
