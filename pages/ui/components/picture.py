"""A result as what the player is given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from engine.contract.trace import Trace
from engine.text.language import Language, translator
from graphviz_tools.compare.comparison import Comparison
from graphviz_tools.drawing.processes import DrawingError
from graphviz_tools.drawing.requests import PayloadOf
from graphviz_tools.payload import Payload
from graphviz_tools.picture import show
from pages.ui.desk.address import View
from pages.ui.desk.drawing import drawn, why_not_drawn
from pages.ui.desk.results import Result


def picture(
    result: Result, view: View, run: int, language: Language, tensor: int | None = None, visitor: str = ""
) -> Payload:
    """The payload of a result, opening at a tensor if one is given. A program that has not run yet is its code and
    a word about the wait; one whose recording cannot be drawn is its code, its output and why."""
    _ = translator(language)
    if result.is_blank:
        return plain(result, language, _("The picture appears by itself as soon as the program has run."))
    try:
        payload = drawn(PayloadOf(view, run, language, tensor), [result], visitor)
    except DrawingError as error:
        return plain(result, language, why_not_drawn(error, _))
    return msgspec.structs.replace(payload, run_key=result.key)


def plain(result: Result, language: Language, why: str) -> Payload:
    """The program and what it printed, without anything of its recording."""
    payload = show(unrecorded(result), _=translator(language), language=language, editable=True)
    return msgspec.structs.replace(payload, run_key=result.key, svg=None, no_picture=why, notices=())


def unrecorded(result: Result) -> Trace:
    """The program and what it printed, as a trace that has no more."""
    return msgspec.structs.replace(result.outline, failure=None)


Shown = TypeVar("Shown", Payload, Comparison)


def at_step(payload: Shown, step: int | None) -> Shown:
    """The payload opening at ``step``, as far as it has one; None: where it opens by itself."""
    if step is None:
        return payload
    return msgspec.structs.replace(payload, start_step=min(step, len(payload.steps) - 1))


def envelope(
    payload: Payload | Comparison | None,
    *,
    is_running: bool,
    folder: str,
    arrival: int = 0,
    module: str = "player.js",
    styles: Sequence[str] = ("player.css",),
    run: str = "",
) -> bytes:
    """What player_mount.js reads. Without a payload the browser keeps the picture it has. ``run``: the one under way,
    whose output it is told meanwhile. ``key``: the same for the same payload, so that nobody compares millions of
    letters."""
    data = msgspec.json.encode(payload)
    key = hashlib.blake2b(data, digest_size=8).hexdigest()
    place = {"arrival": arrival, "folder": folder, "module": module, "styles": styles}
    return msgspec.json.encode({"payload": msgspec.Raw(data), "key": key, "running": is_running, "run": run, **place})
