"""Which programs are ours, so that they run under every policy."""

from __future__ import annotations

import threading
from collections import OrderedDict

from engine.contract.trace import Program

MOST_WRITTEN = 1024


class Ours:
    """The lessons' programs, and those that our pages wrote last. Safe to use from many threads."""

    def __init__(self, programs: frozenset[Program]) -> None:
        self._programs = programs
        self._lock = threading.Lock()
        self._written: OrderedDict[Program, None] = OrderedDict()

    def write(self, program: Program) -> Program:
        """Count in a program that a page made of numbers and choices, without a visitor's text."""
        with self._lock:
            self._written[program] = None
            self._written.move_to_end(program)
            while len(self._written) > MOST_WRITTEN:
                self._written.popitem(last=False)
        return program

    def __contains__(self, program: object) -> bool:
        with self._lock:
            return program in self._programs or program in self._written
