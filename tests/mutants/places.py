"""Places of a module where one small change makes it wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

COMPARED = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
CALCULATED = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.FloorDiv: "*", ast.Div: "*", ast.Mod: "*"}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Place:
    """One change: what stands from ``start`` to ``end`` (offsets in the bytes of the file) becomes ``new``."""

    path: str
    line: int
    start: int
    end: int
    old: str
    new: str

    @property
    def name(self) -> str:
        return f"{self.path}: {self.old} -> {self.new}"


def places(path: str, source: str) -> list[Place]:
    """Every place, in the order of the text. Annotations, docstrings and messages are none."""
    data, found = source.encode(), list[Place]()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node, new in _changes(ast.parse(source)):
        start = starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        old = data[start:end].decode()
        found.append(Place(path, node.lineno, start, end, old, new))  # type: ignore[attr-defined]
    return sorted(found, key=lambda place: (place.start, place.end, place.new))


def changed(source: str, place: Place) -> str:
    """The source with that one change."""
    data = source.encode()
    return (data[: place.start] + place.new.encode() + data[place.end :]).decode()


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    yield from _of(node)
    for part in _parts(node):
        yield from _changes(part)


def _parts(node: ast.AST) -> Iterable[ast.AST]:
    """What is inside, without what says nothing that a test could see: types, decorators, what class it is."""
    match node:
        case ast.arg() | ast.Assert():
            return ()
        case ast.AnnAssign(value=value):
            return () if value is None else (value,)
        case ast.FunctionDef(args=arguments, body=body):
            return (arguments, *body)
        case ast.ClassDef(body=body):
            return body
        case ast.If() if _is_typing(node):
            return ()
        case _:
            return ast.iter_child_nodes(node)


def _is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _of(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARED:
            yield node, f"{_in(left)} {COMPARED[type(op)]} {_in(right)}"
        case ast.BoolOp(op=op, values=values):
            sign = " or " if isinstance(op, ast.And) else " and "
            yield node, f"({sign.join(_in(value) for value in values)})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, _in(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in CALCULATED and not _is_text(left, right):
            yield node, f"({_in(left)} {CALCULATED[type(op)]} {_in(right)})"
        case ast.Call(func=ast.Name(id=name) as function) if name in CALLED:
            yield function, CALLED[name]
        case ast.Constant(value=bool(value)):
            yield node, repr(not value)
        case ast.Constant(value=int(value)):
            yield node, repr(value + 1)
        case ast.Constant(value=float(value)):
            yield node, repr(value * 100 + 1)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, (ast.Constant, ast.Name)):
            yield value, "None"
        case ast.Continue():
            yield node, "break"


def _in(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if isinstance(node, (ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.Subscript)) else f"({text})"


def _is_text(*nodes: ast.AST) -> bool:
    return any(isinstance(node, (ast.JoinedStr, ast.List)) or _is_string(node) for node in nodes)


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
