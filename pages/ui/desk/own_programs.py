"""Which programs are ours, so that they run under every policy."""

from __future__ import annotations

from engine.contract.bounded import Bounded
from engine.contract.trace import Program

MOST_WRITTEN = 1024


class Ours:
    """The lessons' programs, and those that our pages wrote last. Safe to use from many threads."""

    def __init__(self, programs: frozenset[Program]) -> None:
        self._programs = programs
        self._written: Bounded[Program, Program] = Bounded(MOST_WRITTEN)

    def write(self, program: Program) -> Program:
        """Count in a program that a page made of numbers and choices, without a visitor's text."""
        return self._written.put(program, program)

    def __contains__(self, program: object) -> bool:
        return program in self._programs or program in self._written
