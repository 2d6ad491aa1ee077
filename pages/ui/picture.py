"""A result as the bytes the player is given. Drawn once for each view, run and language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from engine.language import Language, translator
from graphviz_tools.player.comparison import Comparison
from graphviz_tools.player.payload import Payload
from graphviz_tools.show import show
from pages.ui.address import View
from pages.ui.bounded import Bounded
from pages.ui.session import Result

CACHE_BYTES = 32_000_000  # some hundreds of pictures, kept as JSON: what Python makes of them takes four times as much
_drawn: Bounded[bytes] = Bounded(CACHE_BYTES)


def picture(result: Result, view: View, run: int, language: Language, tensor: int | None = None) -> Payload:
    """The payload of a result, opening at a tensor if one is given. A program that has not run yet is its code and
    a word about the wait."""

    def draw() -> tuple[bytes, int]:
        drawn = msgspec.json.encode(_draw(result, view, run, language, tensor))
        return drawn, len(drawn)

    return msgspec.json.decode(_drawn.get((result.key, view, run, language, tensor), draw), type=Payload)


def _draw(result: Result, view: View, run: int, language: Language, tensor: int | None) -> Payload:
    _ = translator(language)
    payload = show(result.trace, view=view, _=_, language=language, editable=True, run=run, tensor=tensor)
    payload = msgspec.structs.replace(payload, run_key=result.key)
    if not result.is_blank:
        return payload
    waiting = _("PyTorch is starting. The picture appears by itself.")
    return msgspec.structs.replace(payload, svg=None, no_picture=waiting, notices=())


Shown = TypeVar("Shown", Payload, Comparison)


def at_step(payload: Shown, step: int | None) -> Shown:
    """The payload opening at ``step``, as far as it has one; None: where it opens by itself."""
    if step is None:
        return payload
    return msgspec.structs.replace(payload, start_step=min(step, len(payload.steps) - 1))


def envelope(
    payload: Payload | Comparison | None, *, is_running: bool, folder: str, module: str = "player.js",
    styles: Sequence[str] = ("player.css",),
) -> bytes:  # fmt: skip
    """What player_mount.js reads. Without a payload the browser keeps the picture it has."""
    raw = msgspec.Raw(msgspec.json.encode(payload) if payload is not None else b"null")
    said = {"payload": raw, "running": is_running, "folder": folder, "module": module, "styles": styles}
    return msgspec.json.encode(said)
