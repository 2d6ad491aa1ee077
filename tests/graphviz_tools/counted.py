"""How much work a call is, in lines of Python that were run: the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


class TooMuch(AssertionError):
    """More lines than were allowed."""


def n_lines(work: Callable[[], object], most: int = 50_000_000) -> int:
    """Lines run by ``work``, each round of a loop counted. Raises: TooMuch as soon as there are more than ``most``."""
    n = 0

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal n
        n += 1
        if n > most:
            raise TooMuch(f"more than {most:,} lines, in {frame.f_code.co_name} of {frame.f_code.co_filename}")
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return n
