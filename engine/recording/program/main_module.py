"""Running a program as ``python FILE`` does: a fresh ``__main__``, its file name, its sys.argv."""

from __future__ import annotations

import builtins
import linecache
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType

from engine.contract.trace import Program


def path_of(program: Program) -> str:
    """The file name that code, tracebacks and ``__file__`` carry: absolute when the file exists."""
    return os.path.abspath(program.filename) if os.path.isfile(program.filename) else program.filename


def compile_program(program: Program) -> CodeType:
    """The program's code. Raises what the compiler raises (SyntaxError, ValueError for a null byte ...)."""
    path = path_of(program)
    if not os.path.isfile(path):  # tracebacks show its lines all the same
        linecache.cache[path] = (len(program.source), None, program.source.splitlines(keepends=True), path)
    return compile(program.source, path, "exec", dont_inherit=True)


def last_line(code: CodeType) -> int | None:
    """The line of the last statement of a module that ran to its end."""
    lines = [line for _, _, line in code.co_lines() if line]
    return lines[-1] if lines else None


@contextmanager
def as_main(program: Program) -> Iterator[ModuleType]:
    """A new ``__main__`` module, sys.argv and sys.path[0]; all put back afterwards."""
    module = ModuleType("__main__")
    module.__dict__.update(
        __file__=path_of(program),
        __builtins__=builtins,
        __annotations__={},
        __cached__=None,
        __loader__=SourceFileLoader("__main__", path_of(program)),
    )
    earlier, earlier_argv, earlier_path = sys.modules.get("__main__"), sys.argv, sys.path[0:1]
    sys.modules["__main__"] = module
    sys.argv = [program.filename, *program.argv]
    has_file = os.path.isfile(program.filename)
    if has_file:
        sys.path[0:1] = [os.path.dirname(path_of(program))]
    try:
        yield module
    finally:
        sys.argv = earlier_argv
        if has_file and hasattr(sys, "path"):
            sys.path[0:1] = earlier_path
        if earlier is not None and hasattr(sys, "modules"):  # a program may have taken them away
            sys.modules["__main__"] = earlier
