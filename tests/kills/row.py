"""One line of the table of deaths and odd surroundings."""

from __future__ import annotations

from dataclasses import dataclass

WANTED_S = 3.0


@dataclass(frozen=True)
class Row:
    """``seconds``: until an honest program ran again; None where that is not asked."""

    what: str
    when: str
    seen: str  # by the visitor who was there
    lost: str  # of what had been recorded
    seconds: float | None
    holds: bool
