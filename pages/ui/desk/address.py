"""What a link says: ``?lesson=d5-data&view=combined&run=2&step=5&lang=zh&variants=detach,data``.

A link names a lesson and a place in it, never a program: opening one runs no visitor's code.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from engine.text.language import LANGUAGES, Language

View = Literal["backward", "combined"]
VIEWS: tuple[View, ...] = get_args(View)
NAMES = ("lesson", "view", "run", "step", "lang", "variants")  # a page has no more in its address than it shows
MOMENT = ("run", "step")  # in the Explorer the browser's own: they follow the player without asking the server


@dataclass(frozen=True)
class Address:
    """A place in the Explorer. Nothing in it is checked against the lessons or the trace."""

    lesson: str = ""  # an id (c1) or a slug (d5-data); "": the first lesson
    view: View = "backward"
    run: int = 0  # position of the backward run
    language: Language | None = None  # None: the browser's
    step: int | None = None  # None: where the picture starts by itself
    tensor: int | None = None  # selected when the picture opens; no part of a link, for it is of one recording
    variants: tuple[str, ...] = ()  # shown side by side; (): those the page opens with


def read(parameters: Mapping[str, str]) -> Address:
    """The address in a link's parameters; what is missing or makes no sense is left at its default."""
    view, language = parameters.get("view"), parameters.get("lang")
    return Address(
        lesson=parameters.get("lesson", "").lower(),
        view="combined" if view == "combined" else "backward",
        run=max((_number(parameters.get("run")) or 1) - 1, 0),
        language=next((known for known in LANGUAGES if known == language), None),
        step=_number(parameters.get("step")),
        variants=tuple(filter(None, parameters.get("variants", "").split(","))),
    )


def parameters(address: Address, browser: Language) -> dict[str, str]:
    """The parameters of the link to ``address``: only what a visitor with that browser would not get anyway."""
    said = {
        "lesson": address.lesson,
        "view": "" if address.view == "backward" else address.view,
        "run": str(address.run + 1) if address.run else "",
        "step": "" if address.step is None else str(address.step),
        "variants": ",".join(address.variants),
        "lang": "" if address.language in (None, browser) else str(address.language),
    }
    return {name: value for name, value in said.items() if value}


def moved(place: Address, link: Address, names: Container[str]) -> Address:
    """``place`` as far as a page with these parameters says where that is; the rest of it stays."""
    fields = {"lang": "language"}
    said = {fields.get(name, name) for name in NAMES if name in names}
    return replace(place, **{field: getattr(link, field) for field in said})


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else None
