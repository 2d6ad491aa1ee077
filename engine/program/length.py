"""How many backward runs a program will make, read from its text: loops over ``range`` of known length."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Union

from engine.program.source import source_of

Rounds = tuple[Union[int, None], ...]  # of the loops around a call, outermost first


@dataclass(frozen=True)
class Length:
    """What the loops say. None: it cannot be told from the text."""

    total: int | None = None  # backward runs in all
    per_epoch: int | None = None  # backward runs in one epoch
    n_epochs: int | None = None  # rounds of an outermost loop with another loop inside; None also without one


UNKNOWN = Length()


def length_of(source: str) -> Length:
    """The number of backward runs of a program.

    Counted are calls of a method ``backward`` at module level, each as often as the loops around it go round.
    A loop is known when it is ``for ... in range(...)`` over whole numbers, names bound once to such a number,
    and sums and products of them. Unknown: ``while``, ``break``, other iterables, calls inside functions. Without any
    such call, the rounds of the one loop there is.

    >>> length_of("for epoch in range(3):\\n for i in range(2 * 5):\\n  loss.backward()")
    Length(total=30, per_epoch=10, n_epochs=3)
    >>> length_of("for epoch in range(3):\\n for x, y in batches:\\n  loss.backward()")
    Length(total=None, per_epoch=None, n_epochs=3)
    >>> length_of("while True: loss.backward()")
    Length(total=None, per_epoch=None, n_epochs=None)
    """
    program = source_of(source)
    if not program.is_python or any(_has_backward(each) for each in program.nodes if isinstance(each, _HIDDEN)):
        return UNKNOWN
    tree = program.tree
    calls = list(_calls(tree.body, _numbers(tree), ()))
    if not calls:
        return Length(_only_loop(tree))
    n_epochs = _epochs(calls)
    if any(None in rounds for rounds in calls):
        return Length(n_epochs=n_epochs)
    total = sum(math.prod(_known(rounds)) for rounds in calls)
    per_epoch = sum(math.prod(_known(rounds[1:])) for rounds in calls) if n_epochs else None
    return Length(total, per_epoch, n_epochs)


def _known(rounds: Rounds) -> tuple[int, ...]:
    return tuple(each for each in rounds if each is not None)


def _only_loop(tree: ast.Module) -> int | None:
    """The rounds of a program's one loop at module level: what it has for steps when it calls no backward."""
    loops = [statement for statement in tree.body if isinstance(statement, _LOOPS)]
    return _rounds(loops[0], _numbers(tree)) if len(loops) == 1 else None


def _epochs(calls: list[Rounds]) -> int | None:
    """Rounds of the one outermost loop around all calls, when each has another loop inside."""
    outermost = {rounds[0] for rounds in calls if len(rounds) > 1}
    return outermost.pop() if len(outermost) == 1 and all(len(rounds) > 1 for rounds in calls) else None


_HIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def _calls(body: list[ast.stmt], numbers: Mapping[str, int], around: Rounds) -> Iterator[Rounds]:
    """The loops around every backward call in these statements."""
    outer = around
    for statement in body:
        inside = around = outer
        if isinstance(statement, _LOOPS):
            inside = (*around, _rounds(statement, numbers))
        elif isinstance(statement, (ast.If, ast.Try)) and not _is_main(statement):
            inside = around = (*around, None)  # perhaps not every time
        for name in ("body", "orelse", "finalbody"):
            yield from _calls(getattr(statement, name, []), numbers, inside if name == "body" else around)
        for handler in getattr(statement, "handlers", []):
            yield from _calls(handler.body, numbers, (*around, None))
        for _call in _backwards(statement):
            yield around


def _backwards(statement: ast.stmt) -> Iterator[ast.Call]:
    """Backward calls of a simple statement; those of a compound one are found in its parts."""
    if not hasattr(statement, "body"):
        yield from (node for node in ast.walk(statement) if _is_backward(node))  # type: ignore[misc]


def _rounds(loop: ast.stmt, numbers: Mapping[str, int]) -> int | None:
    if not isinstance(loop, ast.For) or any(isinstance(each, (ast.Break, ast.Return)) for each in ast.walk(loop)):
        return None
    match loop.iter:
        case ast.Call(func=ast.Name(id="range"), args=arguments, keywords=[]):
            values = [_number(argument, numbers) for argument in arguments]
            known = [value for value in values if value is not None]
            if len(known) == len(values) and 0 < len(known) < 4 and (len(known) < 3 or known[2]):
                return len(range(*known))
        case _:
            pass
    return None


def _numbers(tree: ast.Module) -> dict[str, int]:
    """Names that are bound once in the whole program, to a whole number."""
    stores = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    numbers: dict[str, int] = {}
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if stores.count(name) == 1:
                number = _number(value, numbers)
                if number is not None:
                    numbers[name] = number
            case _:
                pass
    return numbers


def _number(node: ast.expr, numbers: Mapping[str, int]) -> int | None:
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.Name(id=name):
            return numbers.get(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _number(operand, numbers)
            return None if value is None else -value
        case ast.BinOp(left=left, op=operator, right=right):
            return _combined(_number(left, numbers), operator, _number(right, numbers))
        case _:
            return None


def _combined(left: int | None, operator: ast.operator, right: int | None) -> int | None:
    if left is None or right is None:
        return None
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.FloorDiv() if right:
            return left // right
        case _:
            return None


def _is_backward(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "backward"


def _has_backward(node: ast.AST) -> bool:
    return any(_is_backward(each) for each in ast.walk(node))


def _is_main(statement: ast.stmt) -> bool:
    """``if __name__ == "__main__":``"""
    return isinstance(statement, ast.If) and ast.unparse(statement.test).startswith("__name__ ==")
