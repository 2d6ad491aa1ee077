"""What limits left out of a recording, in words, so that no picture passes for complete."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import assert_never

from engine.contract.trace import NotFinite, Omission, Trace
from engine.program.source import source_of
from engine.referee.findings import WORN_OUT
from engine.text.language import Translate
from engine.text.numbers import number_text
from graphviz_tools.graph.labels import elided
from graphviz_tools.story.brief import MOST_FULL
from graphviz_tools.story.context import Stage


def notices(stage: Stage) -> tuple[str, ...]:
    """The recording's omissions, then the picture's."""
    return tuple(_all(stage))


def _all(stage: Stage) -> Iterator[str]:
    for omission in stage.trace.omissions:
        yield omission_text(omission, stage.trace, stage._)
    if stage.is_worn_out:
        yield stage._(WORN_OUT)
    yield from stage.diagram.notices
    if len(stage.trace.steps) > MOST_FULL:
        yield stage._(
            "{n} steps: only the first and last ones and those around the first backward are told in full."
        ).format(n=f"{len(stage.trace.steps):,}")
    if stage.table.is_full:
        yield stage._("There are very many values here: later ones are shown by shape and statistics only.")


def omission_text(omission: Omission, trace: Trace, _: Translate) -> str:
    """One sentence on what was left out and where."""
    limit = f"{omission.limit:,}"
    text = _words(omission, trace, limit, _)
    if omission.line is not None:
        text += " " + _("(From line {line} on.)").format(line=omission.line)
    return text


def _words(omission: Omission, trace: Trace, limit: str, _: Translate) -> str:
    match omission.what:
        case "backward_runs":
            text = _("The first {limit} backward runs are recorded in full; of later ones only the loss.")
            return text.format(limit=limit) + _later_losses(trace, _)
        case "calls":
            return _("The first {limit} torch calls are recorded; later ones ran without being recorded.").format(
                limit=limit
            )
        case "rounds":
            return _(
                "Nothing here has a graph, so each call of a loop is recorded {limit} times; later rounds ran without "
                "being recorded."
            ).format(limit=limit)
        case "values":
            return _("Values are shown up to {limit} bytes in all; later ones only by their statistics.").format(
                limit=limit
            )
        case "output":
            return _("Output is shown up to {limit} characters.").format(limit=limit)
        case "nodes":
            return _("The first {limit} nodes are recorded; the graph goes on beyond them.").format(limit=limit)
        case "watch":
            return _(
                "Saved tensors are copied up to {limit} bytes; of later ones only a checksum is kept: a change is "
                "still found, its true gradient is not available."
            ).format(limit=limit)
        case "fault":
            return _("The recorder met something it could not handle; the program ran on, but a part is missing here.")
        case _:
            assert_never(omission.what)


def _later_losses(trace: Trace, _: Translate) -> str:
    if not trace.later_losses:
        return ""
    last = dict(trace.later_losses)
    if len(last) == 1:
        text = _("{n} more runs followed; the last loss was {value}.")
    else:
        text = _("{n} more runs followed; the last losses were {value}.")
    told = ", ".join(
        _loss_text(trace, line, value, is_named=len(last) > 1) for line, value in sorted(last.items(), key=_line)
    )
    return " " + text.format(n=len(trace.later_losses), value=told)


def _line(told: tuple[int | None, object]) -> int:
    return told[0] or 0


def _loss_text(trace: Trace, line: int | None, value: float | NotFinite | None, *, is_named: bool) -> str:
    """ "0.25"; where several losses are in turn "loss_d = 0.25", by what the program calls it on that line."""
    number = number_text(value) if value is not None else "?"
    written = source_of(trace.program.source).call_on_line(line, "backward") if is_named else None
    if written is None:
        return number
    return f"{elided(written.function.removesuffix('.backward'))} = {number}"
