"""Translations: English message ids, one gettext catalogue for each other language.

Every user-facing string is written in English at its place, marked with ``_("...")`` where a
:data:`Translate` is at hand and with ``N_("...")`` where it is only declared (tables of rules).
Placeholders are named: ``_("line {line}").format(line=3)``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Translate = Callable[[str], str]

CATALOGUES = Path(__file__).parent / "locale"


def N_(message: str) -> str:
    """Mark a message for extraction without translating it."""
    return message


def translator(language: Language) -> Translate:
    """A function from the English message to its text in ``language``; unknown messages stay English."""
    if language == "en":
        return N_
    texts = _catalogue(language)
    return lambda message: texts.get(message) or message


def from_locale(locale: str | None) -> Language:
    """The language for a browser's locale: ``zh-CN``, ``zh_TW`` ... give "zh", anything else "en"."""
    return "zh" if (locale or "").lower().startswith("zh") else "en"


@cache
def _catalogue(language: Language) -> dict[str, str]:
    from babel.messages.pofile import read_po  # 10 ms that only a reader of another language waits for

    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {m.id: m.string for m in catalogue if m.id and isinstance(m.id, str) and isinstance(m.string, str)}
