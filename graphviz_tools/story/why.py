"""Why a tensor's ``.grad`` is None, zero or not finite, from which step on, and at which vertex it was decided."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.referee.why import Reason
from graphviz_tools.payload import WhyBlock
from graphviz_tools.story.context import Stage

ALWAYS = ("not_required", "not_leaf")  # true before the first backward too
NOT_YET = ("no_backward", "backward_failed")  # the gradient is not computed, rather than None
MAX_RUNS = 4  # backward runs after which it is asked: the last ones


@dataclass(frozen=True)
class Span:
    """A reason, and the steps it holds for: from ``since`` up to but without ``until`` (None: to the end)."""

    since: int
    until: int | None
    reason: Reason


def spans(stage: Stage, tensor: int) -> tuple[Span, ...]:
    """When a tensor's gradient has a reason to be told, in order. While a backward runs it has none."""
    last = stage.reasons.of(tensor)
    if last is not None and last.code in ALWAYS and tensor not in stage.index.accumulated:
        return (Span(0, None, last),)
    found: list[Span] = []
    for since, until, asked in _settled(stage, tensor):
        reason = last if asked is None else stage.reasons.of(tensor, asked)
        if reason is None:
            continue
        if found and found[-1].reason == reason:
            since = found.pop().since
        found.append(Span(since, until, reason))
    return tuple(found)


def why_blocks(stage: Stage, found: Sequence[Span]) -> Iterator[WhyBlock]:
    """The reasons as blocks of the inspector, each shown while it holds."""
    _ = stage._
    for span in found:
        meaning, cure = span.reason.explanation.text(_)
        place = None if span.reason.node is None else stage.vertex_of_node.get(span.reason.node)
        yield WhyBlock(
            title=_("why"),
            text=meaning,
            cure=cure,
            since=span.since,
            until=span.until,
            place=place,
            place_text=_place_text(stage, span.reason) if place is not None else "",
        )


def _settled(stage: Stage, tensor: int) -> Iterator[tuple[int, int | None, int | None]]:
    """Stretches (since, until) in which no backward runs, parted where ``.grad`` was cleared, and the step to ask
    the reason of (None: the end). Those steps are few and the same for all tensors."""
    made = stage.index.tensor_made.get(tensor, 0)
    ends = stage.run_ends[max(bisect_left(stage.run_ends, made), len(stage.run_ends) - MAX_RUNS) :]
    cleared = stage.index.cleared.get(tensor, [])
    if not ends:
        yield len(stage.trace.steps), None, None
    for end in ends:
        following = bisect_right(stage.run_starts, end)
        start = stage.run_starts[following] if following < len(stage.run_starts) else None
        until = len(cleared) if start is None else bisect_left(cleared, start)
        inside = cleared[bisect_right(cleared, end) : until]
        if inside:
            yield end, inside[0], end
        yield inside[-1] if inside else end, start, None if start is None else start - 1


def _place_text(stage: Stage, reason: Reason) -> str:
    assert reason.node is not None
    name = stage.trace.nodes[reason.node].name
    line = stage.trace.nodes[reason.node].line
    if line is None:
        return name
    return f"{name}, {stage._('line {line}').format(line=line)}"
