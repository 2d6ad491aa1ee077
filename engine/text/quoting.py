"""A program's texts where they are shown: nothing in them becomes markup or breaks a picture."""

from __future__ import annotations

import unicodedata

CONTROL_SIGNS = 0x2400  # U+2400 is the sign of U+0000, and so on


def visible(text: str) -> str:
    """``text`` without what neither DOT nor SVG can hold: control characters as their signs, odd surrogates as U+FFFD.

    >>> visible(chr(0) + "b" + chr(27) + chr(0xD800)) == "␀b␛" + chr(0xFFFD)
    True
    """
    return "".join(_sign(c) if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)


def _sign(control: str) -> str:
    number = ord(control)
    return chr(CONTROL_SIGNS + number) if number < 0x20 else chr(0xFFFD)


def quoted(name: str) -> str:
    """A program's name between backticks; one in the name itself becomes a look-alike, so that it ends nothing.

    >>> quoted("w"), quoted("a`b")
    ('`w`', '`aˋb`')
    """
    return f"`{unquoted(name)}`"


def unquoted(name: str) -> str:
    """``name`` as it can stand between backticks, in one line."""
    return name.replace("`", "ˋ").replace("\n", "␊").replace("\r", "␍")
