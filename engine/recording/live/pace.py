"""How many backward runs a second a program may make, so that one can watch a fast one."""

from __future__ import annotations

import math


class Pace:
    """Runs are let go at least ``1 / runs_per_s`` after each other, in seconds of any clock that rises.

    >>> pace = Pace(10)
    >>> pace.let_go(5.0)
    >>> pace.left_s(5.0), pace.left_s(7.0)
    (0.1, 0.0)
    """

    def __init__(self, runs_per_s: float = 0.0) -> None:
        self._last_s = -math.inf
        self.set(runs_per_s)

    def set(self, runs_per_s: float) -> None:
        """From now on another pace, also for the run that waits; 0, or what is no such number: none."""
        self.runs_per_s = runs_per_s if math.isfinite(runs_per_s) and runs_per_s > 0 else 0.0

    def left_s(self, now_s: float) -> float:
        """How long a run that came to its end still has to wait."""
        return max(0.0, round(self._last_s + 1 / self.runs_per_s - now_s, 9)) if self.runs_per_s else 0.0

    def let_go(self, now_s: float) -> None:
        """The run goes on now."""
        self._last_s = now_s
