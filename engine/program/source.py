"""What the text of a program says that its recording does not: where a name is given, used, kept."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

BRANCHES = (ast.If, ast.IfExp, ast.Try, ast.Match)
MOST_NAMES = 60  # asked about one by one
MAX_ARGUMENTS = 80  # characters of a call
KEEPING = {"append", "extend", "add", "insert", "put", "appendleft", "push"}


@dataclass(frozen=True)
class WrittenCall:
    """``y.backward(gradient=v)``: function "y.backward", arguments "gradient=v"."""

    function: str
    arguments: str


@lru_cache(maxsize=8)
def source_of(text: str) -> Source:
    """The program's text, read once for all who ask about it."""
    return Source(text)


class Source:
    """A program's text, and as a tree; that is empty when it is no Python."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._is_conditional: dict[str, bool] = {}
        self._calls: dict[str, dict[int, list[WrittenCall]]] = {}

    @cached_property
    def _parsed(self) -> ast.Module | None:
        try:
            return ast.parse(self._text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @property
    def is_python(self) -> bool:
        """Whether Python can read it."""
        return self._parsed is not None

    @property
    def is_blank(self) -> bool:
        """Whether it has no statement: empty, or only comments."""
        return self._parsed is not None and not self._parsed.body

    @cached_property
    def tree(self) -> ast.Module:
        return self._parsed or ast.Module([], [])

    @property
    def docstring(self) -> str | None:
        return ast.get_docstring(self.tree)

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.splitlines()

    def line(self, number: int | None) -> str:
        """The text of a line, counted from 1; "" where there is none."""
        return self._lines[number - 1] if number is not None and 1 <= number <= len(self._lines) else ""

    def words(self, number: int | None) -> list[str]:
        """The names and keywords on a line, each once; of an unfinished one those up to there."""
        words: dict[str, None] = {}
        try:
            for token in tokenize.generate_tokens(io.StringIO(self.line(number).strip()).readline):
                if token.type == tokenize.NAME:
                    words.setdefault(token.string)
        except (tokenize.TokenError, SyntaxError):
            pass
        return list(words)

    def call_on_line(self, line: int | None, name: str) -> WrittenCall | None:
        """The only call of a method of this name on a line; None where there is none, or several."""
        if name not in self._calls:
            self._calls[name] = self._calls_of(name)
        found = [] if line is None else self._calls[name].get(line, [])
        return found[0] if len(found) == 1 else None

    def _calls_of(self, name: str) -> dict[int, list[WrittenCall]]:
        found: dict[int, list[WrittenCall]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                written = _written(node)
                if written is not None:
                    for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                        found.setdefault(line, []).append(written)
        return found

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    def assigned(self, name: str) -> int | None:
        """The first line that gives something to the variable or attribute of this name."""
        return self._assigned.get(name)

    @cached_property
    def _assigned(self) -> dict[str | None, int]:
        found: dict[str | None, int] = {}
        for statement in self.nodes:
            if isinstance(statement, (ast.Assign, ast.AnnAssign)):
                for name in map(_last_name, _targets(statement)):
                    found[name] = min(statement.lineno, found.get(name, statement.lineno))
        return found

    def is_loaded(self, name: str) -> bool:
        """Whether the variable or attribute is used for something else than its ``.grad``."""
        return name in self._loads

    @cached_property
    def _loads(self) -> dict[str | None, set[int]]:
        """Variable or attribute -> the places where it is used, for something else than its ``.grad``."""
        looked_at = {id(n.value) for n in self.nodes if isinstance(n, ast.Attribute) and n.attr == "grad"}
        found: dict[str | None, set[int]] = {}
        for node in self.nodes:
            is_load = isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load)
            if is_load and id(node) not in looked_at:
                found.setdefault(_last_name(node), set()).add(id(node))
        return found

    def conditional(self, name: str) -> bool:
        """Whether the name is used where it depends on something whether that place runs: ``if``, or by index.

        So are the members of a list when a loop over it does that with each. Of very many names it is taken to be.
        """
        if name not in self._is_conditional and len(self._is_conditional) < MOST_NAMES:
            self._is_conditional[name] = self._depends(name)
        return self._is_conditional.get(name, True)

    def _depends(self, name: str) -> bool:
        uses = set(self._loads.get(name, ()))
        for loop in self.nodes:
            if isinstance(loop, ast.For) and any(id(inner) in uses for inner in ast.walk(loop.iter)):
                members = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
                uses |= {id(n) for n in ast.walk(loop) if isinstance(n, ast.Name) and n.id in members}
                if any(isinstance(n, (ast.Continue, ast.Break)) for n in ast.walk(loop)):
                    return True
        branches = [n for n in self.nodes if isinstance(n, (*BRANCHES, ast.Subscript))]
        return any(id(inner) in uses for branch in branches for inner in ast.walk(branch))

    def may_be_skipped(self, line: int | None) -> bool:
        """Whether the line stands in a branch; ``if __name__ == "__main__"`` is none."""
        return line in self._in_branches

    @cached_property
    def _in_branches(self) -> set[int]:
        branches = (n for n in self.nodes if isinstance(n, BRANCHES) and not _is_main_guard(n))
        return {line for n in branches for line in range(n.lineno + 1, (n.end_lineno or 0) + 1)}

    @cached_property
    def _on_line(self) -> dict[int | None, list[ast.stmt]]:
        found: dict[int | None, list[ast.stmt]] = {}
        for node in self.nodes:
            if isinstance(node, ast.stmt):
                found.setdefault(node.lineno, []).append(node)
        return found

    def updates(self, name: str, line: int | None) -> bool:
        """Whether the line is ``name = ... name.grad ...``."""
        for statement in self._on_line.get(line, ()):
            if isinstance(statement, ast.Assign):
                gives = any(_last_name(target) == name for target in _targets(statement))
                reads = (
                    n.value for n in ast.walk(statement.value) if isinstance(n, ast.Attribute) and n.attr == "grad"
                )
                if gives and any(_last_name(owner) == name for owner in reads):
                    return True
        return False

    def keeps(self, name: str, maker: str | None) -> int | None:
        """The first line that puts ``name``, or what the function ``maker`` returns, into a container."""
        names = {name, *self._passed_as(name)}
        for statement in self.nodes:
            for content in _kept_by(statement):
                if any(_is_plain_use(part, names, maker) for part in _members(content)):
                    return content.lineno
        return None

    def _passed_as(self, name: str) -> Iterator[str]:
        """Names that functions of the program give to ``name`` when it is passed to them."""
        defined = {n.name: n for n in self.nodes if isinstance(n, ast.FunctionDef)}
        for call in self.nodes:
            function = defined.get(_last_name(call.func) or "") if isinstance(call, ast.Call) else None
            if isinstance(call, ast.Call) and function is not None:
                parameters = [a.arg for a in function.args.args if a.arg != "self"]
                pairs = zip(parameters, call.args, strict=False)
                yield from (parameter for parameter, given in pairs if _last_name(given) == name)

    def is_loop_variable(self, name: str) -> bool:
        """Whether a ``for`` gives the name its content."""
        return name in self._loop_variables

    @cached_property
    def _loop_variables(self) -> set[str]:
        targets = [n.target for n in self.nodes if isinstance(n, ast.For)]
        return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}


def _written(call: ast.Call) -> WrittenCall | None:
    try:
        text = ", ".join(ast.unparse(argument) for argument in (*call.args, *call.keywords))
        return WrittenCall(ast.unparse(call.func), text if len(text) <= MAX_ARGUMENTS else "…")
    except RecursionError:
        return None


def _is_main_guard(branch: ast.AST) -> bool:
    return isinstance(branch, ast.If) and any(_last_name(n) == "__name__" for n in ast.walk(branch.test))


def _targets(statement: ast.Assign | ast.AnnAssign) -> Iterator[ast.expr]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for target in targets:
        yield from target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]


def _last_name(node: ast.AST) -> str | None:
    """``w`` for ``w`` and ``self.w``."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def _kept_by(statement: ast.AST) -> Iterator[ast.expr]:
    """What a statement puts into a container: append and the like, ``x[i] = ...``, ``x += [...]``."""
    match statement:
        case ast.Call(func=ast.Attribute(attr=attr), args=args) if attr in KEEPING:
            yield from args
        case ast.Assign(targets=[ast.Subscript()], value=value):
            yield value
        case ast.ListComp(elt=elt):
            yield elt
        case ast.AugAssign(op=ast.Add(), value=(ast.List() | ast.Tuple()) as value):
            yield value
        case ast.Assign(value=ast.BinOp(op=ast.Add(), right=(ast.List() | ast.Tuple()) as value)):
            yield value
        case _:
            pass


def _members(content: ast.expr) -> Iterator[ast.expr]:
    match content:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _members(part)
        case ast.Dict(values=parts):
            for part in parts:
                yield from _members(part)
        case _:
            yield content


def _is_plain_use(part: ast.expr, names: set[str], maker: str | None) -> bool:
    if isinstance(part, ast.Call):
        return maker is not None and _last_name(part.func) == maker
    return _last_name(part) in names
