"""What an explanation of an error is, and one entry of the tables that give it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.language import Translate
from engine.trace import Failure, Trace


@dataclass(frozen=True)
class Explanation:
    """What an error means and what cures it: two message ids and the values of their placeholders."""

    meaning: str
    cure: str
    values: tuple[tuple[str, str], ...] = ()

    def text(self, _: Translate) -> tuple[str, str]:
        """(meaning, cure) in the reader's language, Markdown with `code`."""
        values = dict(self.values)
        return _(self.meaning).format(**values), _(self.cure).format(**values)


Finder = Callable[[Trace, Failure, "re.Match[str]"], "Explanation | None"]


@dataclass(frozen=True)
class Case:
    """An error known by its type (any, when empty) and a pattern in its message. ``find`` may decline with None."""

    types: tuple[str, ...]
    pattern: re.Pattern[str]
    find: Finder


def said(meaning: str, cure: str, **values: object) -> Explanation:
    """An explanation with the placeholders' values as text."""
    return Explanation(meaning, cure, tuple((name, str(value)) for name, value in values.items()))


def plain(types: str, pattern: str, meaning: str, cure: str) -> Case:
    """A case whose placeholders are the pattern's named groups. ``types`` is separated by spaces."""

    def find(_trace: Trace, _failure: Failure, match: re.Match[str]) -> Explanation:
        return said(meaning, cure, **{name: text or "" for name, text in match.groupdict().items()})

    return Case(tuple(types.split()), re.compile(pattern, re.DOTALL), find)


def clever(types: str, pattern: str, find: Finder) -> Case:
    """A case that looks into the trace."""
    return Case(tuple(types.split()), re.compile(pattern, re.DOTALL), find)
