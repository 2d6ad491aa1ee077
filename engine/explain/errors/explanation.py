"""What an explanation of an error is, and one entry of the tables that give it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.contract.trace import Failure, Trace
from engine.reading.operands import UNKNOWN, operands_of_failure
from engine.text.language import Translate
from engine.text.quoting import unquoted


@dataclass(frozen=True)
class Explanation:
    """What an error means and what cures it: two message ids and the values of their placeholders."""

    meaning: str
    cure: str
    values: tuple[tuple[str, str], ...] = ()

    def text(self, _: Translate) -> tuple[str, str]:
        """(meaning, cure) in the reader's language: words with `code` between backticks, no other markup."""
        return _filled(_(self.meaning), dict(self.values)), _filled(_(self.cure), dict(self.values))


def _filled(text: str, values: dict[str, str]) -> str:
    """The text with its values; one that stands between backticks has none of its own."""
    inside = {name: unquoted(value) for name, value in values.items()}
    return "`".join(part.format(**(inside if i % 2 else values)) for i, part in enumerate(text.split("`")))


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
    """A case whose placeholders are the pattern's named groups, and ``{this}`` and ``{other}``: what the failing call
    was given, in the program's words. ``types`` is separated by spaces."""

    def find(trace: Trace, failure: Failure, match: re.Match[str]) -> Explanation:
        values = {name: text or "" for name, text in match.groupdict().items()}
        if "{this}" in cure or "{other}" in cure:
            this, other, *_ = (*operands_of_failure(trace, failure), UNKNOWN, UNKNOWN)
            values |= {"this": this, "other": other}
        return said(meaning, cure, **values)

    return Case(tuple(types.split()), re.compile(pattern, re.DOTALL), find)


def clever(types: str, pattern: str, find: Finder) -> Case:
    """A case that looks into the trace."""
    return Case(tuple(types.split()), re.compile(pattern, re.DOTALL), find)
