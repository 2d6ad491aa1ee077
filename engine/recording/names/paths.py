"""Tensors by the expressions of the program's own text: ``batch["x"]``, ``self.scale``, ``layers[i]`` as ``layers[0]``.

Nothing of the program runs for this: of containers only Python's own dicts, lists and tuples are looked into, of
objects their own ``__dict__`` and a module's tables. No property, ``__getattr__`` or ``__getitem__`` is called.
"""

from __future__ import annotations

import ast
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from types import GetSetDescriptorType
from typing import Any

import torch

MAX_KEY = 40  # characters of a key in a name
MAX_DEPTH = 8  # dots and brackets in a name
MAX_LINES = 40  # of a statement all of whose lines stand for it
MAX_ON_LINE = 32  # expressions looked at for one line
DICTS = (dict, OrderedDict, defaultdict)
MODULES_BY_KEY = (torch.nn.Sequential, torch.nn.ModuleList, torch.nn.ModuleDict)
TABLES = ("_parameters", "_buffers", "_modules")

_mro_of = type.__dict__["__mro__"].__get__
_namespace_of = type.__dict__["__dict__"].__get__


class Paths:
    """The dotted and indexed expressions of a program by the lines of the statements they stand in."""

    def __init__(self, source: str) -> None:
        self._read: dict[int, list[ast.expr]] = {}
        self._assigned: dict[int, list[ast.expr]] = {}
        self._variables: dict[int, list[ast.expr]] = {}
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        for first, last, path in _paths_in(tree):
            by_line = self._table_of(path)
            for line in range(first, last + 1):
                on_line = by_line.setdefault(line, [])
                if len(on_line) < MAX_ON_LINE:
                    on_line.append(path)

    def _table_of(self, path: ast.expr) -> dict[int, list[ast.expr]]:
        if isinstance(path, ast.Name):
            return self._variables
        return self._assigned if isinstance(path.ctx, ast.Store) else self._read  # type: ignore[attr-defined]

    def variables_on(
        self, line: int, variables: Mapping[str, Any], others: Mapping[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        """As :meth:`read_on`, of the plain names on a line."""
        return _found(self._variables.get(line, ()), variables, others)

    def read_on(self, line: int, variables: Mapping[str, Any], others: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """(expression, what it gives now) of those that a line reads; names are looked up in ``variables`` first."""
        return _found(self._read.get(line, ()), variables, others)

    def assigned_on(
        self, line: int, variables: Mapping[str, Any], others: Mapping[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        """As :meth:`read_on`, of those that a line assigns to."""
        return _found(self._assigned.get(line, ()), variables, others)


def _paths_in(tree: ast.AST) -> Iterator[tuple[int, int, ast.expr]]:
    """(first line, last line, expression): of a simple statement all its lines, of a header the expression's own."""
    waiting: list[tuple[ast.AST, ast.stmt | None]] = [(tree, None)]
    for node, statement in waiting:
        if isinstance(node, ast.stmt):
            statement = None if hasattr(node, "body") else node
        if isinstance(node, (ast.Attribute, ast.Subscript, ast.Name)) and _is_path(node):
            around = statement if statement is not None and _n_lines(statement) <= MAX_LINES else node
            yield around.lineno, around.lineno + _n_lines(around) - 1, node
        waiting += [(child, statement) for child in ast.iter_child_nodes(node)]


def _n_lines(node: ast.stmt | ast.expr) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _is_path(node: ast.expr) -> bool:
    for _ in range(MAX_DEPTH):
        if isinstance(node, ast.Name):
            return True
        if not isinstance(node, (ast.Attribute, ast.Subscript)):
            return False
        node = node.value
    return False


def _found(paths: Any, variables: Mapping[str, Any], others: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for path in paths:
        try:
            yield _followed(path, variables, others)
        except LookupError:
            continue


def _followed(node: ast.expr, variables: Mapping[str, Any], others: Mapping[str, Any]) -> tuple[str, Any]:
    """(the expression with its keys put in, what it gives). Raises: LookupError where that cannot be told."""
    match node:
        case ast.Name(id=name):
            return name, variables[name] if name in variables else others[name]
        case ast.Attribute(value=owner, attr=name):
            text, thing = _followed(owner, variables, others)
            return f"{text}.{name}", attribute(thing, name)
        case ast.Subscript(value=owner, slice=index):
            text, thing = _followed(owner, variables, others)
            said, key = _key(index, variables, others)
            return f"{text}[{said}]", item(thing, key)
    raise LookupError


def _key(node: ast.expr, variables: Mapping[str, Any], others: Mapping[str, Any]) -> tuple[str, Any]:
    match node:
        case ast.Constant(value=key):
            said = None
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            said, key = None, -number
        case _:
            said, key = _followed(node, variables, others)
    if type(key) in (int, str):
        said = repr(key) if type(key) is int else f'"{key}"'
    elif type(key) not in (torch.Tensor, torch.nn.Parameter):
        raise LookupError
    if said is None or len(said) > MAX_KEY:
        raise LookupError
    return said, key


def attribute(thing: Any, name: str) -> Any:
    """What the object itself has under a name; of a module also a parameter, buffer or module. Raises: KeyError."""
    own = _own(thing)
    if name in own:
        return own[name]
    if issubclass(type(thing), torch.nn.Module):
        for table in (own.get(table) for table in TABLES):
            if type(table) is dict and name in table:
                return table[name]
    raise KeyError(name)


def item(thing: Any, key: Any) -> Any:
    """What a container of Python's own, or of modules, has under a key. Raises: LookupError."""
    kind = type(thing)
    if kind in DICTS:
        return dict.get(thing, key) if dict.__contains__(thing, key) else _nothing()
    if kind in (list, tuple) and type(key) is int:
        return thing[key]
    if kind in MODULES_BY_KEY:
        inner = _own(thing).get("_modules", {})
        at = key if isinstance(key, str) else str(key if key >= 0 else key + len(inner))
        return inner[at]
    raise LookupError


def _nothing() -> Any:
    raise KeyError


def _own(thing: Any) -> dict[str, Any]:
    """The object's ``__dict__``, unless its class has put something else in that place."""
    for kind in _mro_of(type(thing)):
        place = _namespace_of(kind).get("__dict__")
        if place is not None:
            own = place.__get__(thing, type(thing)) if type(place) is GetSetDescriptorType else None
            return own if type(own) is dict else {}
    return {}
