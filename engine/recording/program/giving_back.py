"""What a program may have broken in its own process, and telling its end all the same.

NOTE [Giving the process back] A program may empty ``sys.modules``, delete builtins, replace what it likes in any
module, or refuse every audit event. So the recorder's last work is done in steps:
1. What the steps are made of was noted before the program: names of modules, and the modules themselves.
2. A step that fails is done once more, with all of it put back.
3. A step that fails again is left out; the others go on.
4. What is known of the end without any step (the exception's class, a line) is enough for the last word.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

from engine.installation import PACKAGE
from engine.recording.program.clock import TimeLimit

T = TypeVar("T")
OURS = (f"{PACKAGE}.", "msgspec")
WORLD = (
    "builtins",
    "os",
    "io",
    "signal",
    "threading",
    "_thread",
    "time",
    "traceback",
    "linecache",
    "contextlib",
    "codecs",
    "collections",
    "collections.abc",
    "functools",
    "itertools",
    "weakref",
    "types",
    "enum",
    "math",
    "struct",
    "re",
    "textwrap",
    "tokenize",
    "resource",
    "mmap",
    "faulthandler",
    "torch",
    "torch.overrides",
)
ESSENTIAL = ("sys", "builtins", "os", "torch")  # without these a process is broken, whoever looks


def _noted(names: list[str]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    spaces = [vars(module) for name in names if (module := sys.modules.get(name)) is not None]
    return [(space, dict(space)) for space in spaces]


class Kept:
    """The interpreter as it is now, before a program; made after the modules of the recorder were imported.

    What gives it back calls no builtin: there may be none.
    """

    def __init__(self) -> None:
        self._own = _noted([name for name in sys.modules if name.startswith(OURS)])
        self._world = _noted(list(WORLD))
        self._filled = _noted(["builtins", "sys"])
        self._table = sys.modules
        self._modules = {name: module for name, module in sys.modules.items() if not name.startswith(OURS)}
        self._system: dict[str, Any] = sys.__dict__

    def put_back_ours(self) -> None:
        """The recorder's own modules, which no program has any business with, and what is missing of Python's."""
        for space, names in self._own:
            space.update(names)
        for space, names in self._filled:
            for name, thing in names.items():
                space.setdefault(name, thing)

    def put_back(self) -> None:
        """All of it. What the program put into sys (hooks, streams) stays."""
        for space, names in self._world:
            space.update(names)
        self.put_back_ours()
        self._system["modules"] = self._table
        for name, module in self._modules.items():
            if self._table.get(name) is None:
                self._table[name] = module

    def is_gutted(self) -> bool:
        """Whether something is gone without which nothing can be imported or called."""
        for space, names in self._filled:
            if not space.keys() >= names.keys():
                return True
        for name in ESSENTIAL:
            if self._table.get(name) is None:
                return True
        return self._system["modules"] is not self._table


class Steps:
    """The recorder's last work, step by step."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self.is_broken = False  # the process, when the program had ended
        self.line: int | None = None  # of the program's module, where it ended

    def begin(self, *, is_given_back: bool) -> None:
        """The program has ended. ``is_given_back``: nothing of it will run again, so everything is put back now."""
        self.is_broken = self.is_broken or self._kept.is_gutted()
        if is_given_back:
            self._kept.put_back()
        else:
            self._kept.put_back_ours()

    def do(
        self,
        step: Callable[[], T],
        otherwise: T,
        limit: type[BaseException] = TimeLimit,
        anything: type[BaseException] = BaseException,
    ) -> T:
        """The step's result; ``otherwise`` when it fails twice: then the process is broken. Raises TimeLimit."""
        try:
            return step()
        except limit:
            raise
        except anything:
            self.is_broken = self.is_broken or self._kept.is_gutted()
            self._kept.put_back()
        try:
            return step()
        except limit:
            raise
        except anything:
            self.is_broken = True
            return otherwise
