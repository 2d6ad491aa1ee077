"""A call as the program's own text has it on a line."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

MAX_ARGUMENTS = 80  # characters


@dataclass(frozen=True)
class WrittenCall:
    """``y.backward(gradient=v)``: function "y.backward", arguments "gradient=v"."""

    function: str
    arguments: str


def call_on_line(source: str, line: int | None, name: str) -> WrittenCall | None:
    """The only call of a function or method of this name on a line; None where there is none, or several."""
    found = [] if line is None else _calls(source, name).get(line, [])
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=16)
def _calls(source: str, name: str) -> dict[int, list[WrittenCall]]:
    found: dict[int, list[WrittenCall]] = {}
    try:
        nodes = ast.walk(ast.parse(source))
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                written = WrittenCall(ast.unparse(node.func), _arguments(node))
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    found.setdefault(line, []).append(written)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return found


def _arguments(call: ast.Call) -> str:
    texts = [ast.unparse(argument) for argument in call.args]
    texts += [ast.unparse(word) for word in call.keywords]
    text = ", ".join(texts)
    return text if len(text) <= MAX_ARGUMENTS else "…"
