"""The moments of several runs side by side, so that each row shows the same moment of every run.

NOTE [Lining up]
1. Each beat of a run has a key: where (a common line, the variant's own lines, a backward run) and what (a write,
   a call, a node by name). A run that stops at a node has reached that node.
2. Two lists of keys are joined like the lines of two texts: equal keys stand in one row. What differs between them is
   joined by *where* alone, in order; what still has no partner gets a row to itself.
3. The third run is joined to the rows of the first two, and so on. In a row without a beat of its own a run stays
   where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from typing_extensions import assert_never

from engine.contract.trace import (
    AccumulatedStep,
    CalledStep,
    FailedStep,
    GradSetStep,
    NodeRanStep,
    RunEndedStep,
    RunStartedStep,
    Step,
    Trace,
)
from engine.program.template import Common, Own, Place
from engine.variants.beats import Beat, beats

PlaceOf = Callable[[int], Place]


class Key(NamedTuple):
    """Where a beat happens and what it does."""

    where: Hashable
    what: Hashable


class Row(NamedTuple):
    """One moment: the beat of each run that has one here."""

    key: Key
    beats: dict[int, int]  # run -> beat


def in_step(
    traces: Sequence[Trace], places: Sequence[PlaceOf] | None = None, most: int | None = None
) -> tuple[tuple[int, ...], ...]:
    """Rows of beat numbers, one for each trace. Row 0 is before the first line.

    ``places`` say which lines the programs have in common; without them lines of one number are the same. ``most``:
    beats of each run that are looked at, since lining up takes the square of their number.
    """
    places = places or [Common] * len(traces)
    rows: list[Row] = []
    for number, (trace, place) in enumerate(zip(traces, places)):
        own = [Row(key, {number: beat}) for beat, key in enumerate(keys(trace, place, most), 1)]
        rows = list(_joined(rows, own))
    return tuple(_carried(rows, len(traces)))


def keys(trace: Trace, place: PlaceOf = Common, most: int | None = None) -> list[Key]:
    """The key of each beat from the first step on."""
    return [_key(trace, beat, place) for beat in beats(trace)[1:most]]


def _carried(rows: Sequence[Row], n: int) -> Iterator[tuple[int, ...]]:
    at = [0] * n
    yield tuple(at)
    for row in rows:
        for number, beat in row.beats.items():
            at[number] = beat
        yield tuple(at)


def _joined(rows: Sequence[Row], own: Sequence[Row]) -> Iterator[Row]:
    keys_of = ([row.key for row in rows], [row.key for row in own])
    for is_same, (i, i_end), (j, j_end) in _matched(*keys_of):
        if is_same:
            yield from map(_together, rows[i:i_end], own[j:j_end])
        else:
            yield from _joined_by_place(rows[i:i_end], own[j:j_end])


def _joined_by_place(rows: Sequence[Row], own: Sequence[Row]) -> Iterator[Row]:
    places_of = ([row.key.where for row in rows], [row.key.where for row in own])
    for is_near, (i, i_end), (j, j_end) in _matched(*places_of):
        if is_near:
            yield from map(_together, rows[i:i_end], own[j:j_end])
        else:
            yield from (*rows[i:i_end], *own[j:j_end])


def _together(row: Row, own: Row) -> Row:
    return Row(row.key, {**row.beats, **own.beats})


def _matched(one: Sequence[object], other: Sequence[object]) -> Iterator[tuple[bool, tuple[int, int], tuple[int, int]]]:
    for tag, i, i_end, j, j_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield tag == "equal", (i, i_end), (j, j_end)


def _key(trace: Trace, beat: Beat, place: PlaceOf) -> Key:
    if beat.writes:
        return Key(_where(beat.writes[0].line, place), "write")
    return _step_key(trace, trace.steps[beat.step - 1], place)


def _step_key(trace: Trace, step: Step, place: PlaceOf) -> Key:
    match step:
        case CalledStep(call=number):
            call = trace.calls[number]
            return Key(_where(call.line, place), "write" if call.in_place else call.function)
        case RunStartedStep(run=run):
            return Key(_where(trace.runs[run].line, place), "starts")
        case NodeRanStep(run=run, node=node):
            return Key(("run", run), trace.nodes[node].name)
        case AccumulatedStep(run=run, tensor=tensor):
            return Key(("run", run), (".grad", trace.tensors[tensor].name))
        case RunEndedStep(run=run, failed_node=node):
            return Key(("run", run), "ends" if node is None else trace.nodes[node].name)
        case GradSetStep(line=line):
            return Key(_where(line, place), ".grad")
        case FailedStep():
            return Key("end", "failed")
        case _:
            assert_never(step)


def _where(line: int | None, place: PlaceOf) -> Hashable:
    """Own lines are one place: variants have different ones."""
    found = None if line is None else place(line)
    return "own" if isinstance(found, Own) else found
