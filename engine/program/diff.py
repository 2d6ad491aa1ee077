"""What changed between two programs: line by line, and the words in a line that was rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

LineKind = Literal["same", "removed", "added"]

ALIKE = 0.45  # share of common words, signs and spaces aside, from which two lines count as one line rewritten
_NAME = re.compile(r"\w+")
_WORD = re.compile(r"\s+|\w+|[-+*/%@&|^~=<>!]+|[^\w\s]")  # "+=" is one word


@dataclass(frozen=True)
class Piece:
    """A part of a line. Marked: only this program's line has it."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True)
class DiffLine:
    """A line of one program or of both; the numbers are 1-based, None where the program has no such line."""

    kind: LineKind
    before: int | None
    after: int | None
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def program_diff(before: str, after: str) -> tuple[DiffLine, ...]:
    """Every line of both programs, in reading order: a rewritten line is removed, then added.

    >>> [(line.kind, line.text) for line in program_diff("a = 1\\nb = a\\n", "a = 1\\nb = a + 1\\n")]
    [('same', 'a = 1'), ('removed', 'b = a'), ('added', 'b = a + 1')]
    """
    old, new = before.splitlines(), after.splitlines()
    return tuple(_lines(old, new))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for offset in range(i_end - i):
                yield DiffLine("same", i + offset + 1, j + offset + 1, (Piece(old[i + offset]),))
        else:
            yield from _rewritten(old, new, range(i, i_end), range(j, j_end))


def _rewritten(old: Sequence[str], new: Sequence[str], gone: range, come: range) -> Iterator[DiffLine]:
    """The lines of a stretch that differs: the two most alike are one line rewritten, the rest lies around them."""
    pairs = ((_likeness(old[i], new[j]), i, j) for i in gone for j in come)
    likeness, i, j = max(pairs, key=lambda pair: (pair[0], -pair[1], -pair[2]), default=(0.0, 0, 0))
    if likeness < ALIKE:
        yield from (DiffLine("removed", n + 1, None, (Piece(old[n]),)) for n in gone)
        yield from (DiffLine("added", None, n + 1, (Piece(new[n]),)) for n in come)
        return
    yield from _rewritten(old, new, range(gone.start, i), range(come.start, j))
    before, after = _pieces(old[i], new[j])
    yield DiffLine("removed", i + 1, None, before)
    yield DiffLine("added", None, j + 1, after)
    yield from _rewritten(old, new, range(i + 1, gone.stop), range(j + 1, come.stop))


def _likeness(before: str, after: str) -> float:
    """0..1, by names and numbers. Lines without any are like nothing."""
    old, new = _NAME.findall(before), _NAME.findall(after)
    return SequenceMatcher(None, old, new, autojunk=False).ratio() if old and new else 0.0


def _pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    olds: list[Piece] = []
    news: list[Piece] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_marked = tag != "equal"
        if i < i_end:
            olds.append(Piece("".join(old[i:i_end]), is_marked))
        if j < j_end:
            news.append(Piece("".join(new[j:j_end]), is_marked))
    return tuple(olds), tuple(news)
