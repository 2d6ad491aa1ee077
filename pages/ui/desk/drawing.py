"""What pages show of a recording, made in the drawing processes, each answer kept for the next time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeVar, cast

import msgspec

from engine.contract.bounded import Bounded
from engine.text.language import Translate
from graphviz_tools.drawing.processes import TIME_LIMIT_S, Drawing, DrawingError
from graphviz_tools.drawing.requests import Asked
from graphviz_tools.picture import shared_layout
from pages.ui.desk.results import Result

CACHE_BYTES = 8_000_000  # some sixty pictures in MessagePack: what Python makes of them takes four times as much

Answer = TypeVar("Answer")
_answers: Bounded[tuple[object, ...], bytes] = Bounded(CACHE_BYTES, len)


@cache
def drawing() -> Drawing:
    """The server's drawing processes."""
    return Drawing(shared_layout())


def drawn(request: Asked[Answer], results: Sequence[Result], visitor: str = "") -> Answer:
    """What the request gives for these results, drawn once for each content. Raises: DrawingError."""
    recorded = [result.packed for result in results]
    key = (request, *(one.key for one in recorded))
    data = _answers.get_or_make(key, lambda: drawing().ask_bytes(request, recorded, visitor))
    return cast(Answer, msgspec.msgpack.decode(data, type=request.answer))


def why_not_drawn(error: DrawingError, _: Translate) -> str:
    """What to tell and to do where there is no drawing."""
    match error.why:
        case "time":
            text = _(
                "This recording is too large to be drawn within {seconds} seconds, so that was given up. Let the "
                "program take fewer steps, or a smaller model, and run it again."
            )
            return text.format(seconds=f"{TIME_LIMIT_S:g}")
        case "memory" | "size":
            return _(
                "This recording is too large to be drawn. Let the program take fewer steps, or a smaller model, and "
                "run it again."
            )
        case "error":
            return _("This recording could not be drawn. What the program printed is below.")
