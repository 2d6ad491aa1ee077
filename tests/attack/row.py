"""One line of the attack's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``seen`` is what was measured or answered, ``wanted`` what must hold, in words for the table."""

    what: str
    wanted: str
    seen: str
    holds: bool
