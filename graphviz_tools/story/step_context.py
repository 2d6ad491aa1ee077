"""What a step's text needs beside the step itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.contract.trace import Value
from graphviz_tools.graph.labels import elided
from graphviz_tools.payload import Block, Phase, ShownStep

LONGEST_HEADLINE = 300


@dataclass(frozen=True)
class Told:
    line: int | None
    lit: tuple[str, ...]
    printed: int  # characters
    is_backward: bool
    values: Mapping[int, Value | None]  # tensor id -> its value before this step

    def step(self, headline: str, focus: str | None, *blocks: Block | None, phase: Phase | None = None) -> ShownStep:
        """A shown step with what is common to all; blocks that are None are left out."""
        headline = elided(headline, LONGEST_HEADLINE)
        return ShownStep(
            headline=headline,
            phase=phase or ("backward" if self.is_backward else "forward"),
            line=self.line,
            focus=focus,
            lit=self.lit,
            blocks=tuple(block for block in blocks if block is not None),
            printed=self.printed,
            short=headline,
        )
