"""Loop rounds read off a recording: the same source lines, called again and again.

NOTE [Rounds]
1. List the calls that made nodes, in order, each with its place: function and line.
2. Consecutive calls on one line belong together. A long stretch of them is a loop on one line: its
   rounds are the smallest period of the calls' names (``h = tanh(x @ U + h @ W)`` has four calls).
3. Otherwise a round begins where a line comes again that the current round already had.
Rounds are intervals in the order of making, so putting each into one box cannot make a cycle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.contract.trace import CallRecord, Trace

LONG_STRETCH = 8  # calls on one line before they are taken for a loop

CallPlace = tuple[str, int]


@dataclass(frozen=True)
class Round:
    """One round of a loop: calls first..last (ids), which round it is, and the lines it covers."""

    calls: tuple[int, ...]
    number: int  # 1-based
    lines: tuple[int, int]


def rounds(trace: Trace) -> tuple[Round, ...]:
    """All rounds found, in order. Empty for a program without loops."""
    calls = [n for n, call in enumerate(trace.calls) if call.nodes and call.line is not None]
    pieces: list[list[int]] = []
    for stretch in _stretches(trace, calls):
        pieces.extend(_periods(trace, stretch))
    return tuple(_numbered(trace, _repeated(trace, pieces)))


def _place(call: CallRecord) -> CallPlace:
    return (call.frame, call.line or 0)


def _stretches(trace: Trace, calls: Sequence[int]) -> list[list[int]]:
    """Consecutive calls at one place."""
    stretches: list[list[int]] = []
    for n in calls:
        if stretches and _place(trace.calls[stretches[-1][-1]]) == _place(trace.calls[n]):
            stretches[-1].append(n)
        else:
            stretches.append([n])
    return stretches


def _periods(trace: Trace, stretch: list[int]) -> list[list[int]]:
    """A long stretch cut into its periods; any other as it is."""
    period = smallest_period([trace.calls[n].name for n in stretch])
    if len(stretch) < LONG_STRETCH or period > len(stretch) // 4:
        return [stretch]
    return [stretch[i : i + period] for i in range(0, len(stretch), period)]


def smallest_period(words: Sequence[str]) -> int:
    """The least p with words[i] == words[i + p] for all i; len(words) when nothing repeats.

    >>> smallest_period(["mm", "add", "mm", "add", "mm"])
    2
    """
    border = [0] * len(words)
    for i in range(1, len(words)):
        k = border[i - 1]
        while k and words[i] != words[k]:
            k = border[k - 1]
        border[i] = k + 1 if words[i] == words[k] else 0
    return len(words) - border[-1] if words else 0


def _repeated(trace: Trace, pieces: list[list[int]]) -> list[list[list[int]]]:
    """Pieces gathered into rounds, rounds into loops: a loop is a list of rounds of the same first place."""
    loops: list[list[list[int]]] = []
    current: list[list[int]] = []
    seen: set[CallPlace] = set()
    start: CallPlace | None = None
    for piece in pieces:
        place = _place(trace.calls[piece[0]])
        if place in seen:
            if place != start:  # the loop begins later than this round did: what came before is no part of it
                at = next(i for i, p in enumerate(current) if _place(trace.calls[p[0]]) == place)
                loops.append([])
                current, start = current[at:], place
            if not loops:
                loops.append([])
            loops[-1].append([n for p in current for n in p])
            current, seen = [], set()
        current.append(piece)
        seen.add(place)
        start = start or place
    if loops and current:
        body = {_place(trace.calls[n]) for round_ in loops[-1] for n in round_}
        inside = [p for p in current if _place(trace.calls[p[0]]) in body]
        loops[-1].append([n for p in inside for n in p])
    return loops


def _numbered(trace: Trace, loops: list[list[list[int]]]) -> list[Round]:
    found: list[Round] = []
    for loop in loops:
        for number, calls in enumerate((c for c in loop if c), 1):
            lines = [trace.calls[n].line or 0 for n in calls]
            found.append(Round(tuple(calls), number, (min(lines), max(lines))))
    return found
