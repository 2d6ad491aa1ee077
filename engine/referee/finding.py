"""What the referee says about a gradient: a kind, the lines, a sentence, the cure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.contract.trace import NoTrueGradient, Value
from engine.explain.errors.explanation import Explanation

Kind = Literal[
    "silent-wrong-gradient",
    "inplace-error",
    "second-backward",
    "no-grad-fn",
    "non-scalar-root",
    "leaf-inplace",
    "grad-none-nonleaf",
    "grad-none-unreached",
    "grad-accumulated",
    "nan-gradient",
    "graph-retained",
    "rebound-leaf",
    "step-before-backward",
    "integer-requires-grad",
]
Role = Literal["saved", "changed", "used", "cut", "cause", "backward", "read"]


@dataclass(frozen=True)
class Compared:
    """One leaf's gradient as computed beside the true one. computed None: none was computed."""

    name: str
    tensor: int
    computed: Value | None
    true: Value | None
    unavailable: NoTrueGradient | None = None  # why ``true`` is None


@dataclass(frozen=True)
class Finding:
    """Something wrong, missing or dangerous, and where it came from."""

    kind: Kind
    line: int | None  # the line that caused it
    explanation: Explanation  # what is wrong and what cures it
    tensor: int | None = None
    name: str | None = None  # of the tensor
    node: int | None = None  # where it matters
    step: int | None = None  # the step at which it happened: replay position, 0 is before the first line
    lines: tuple[tuple[Role, int], ...] = ()  # every line that has a part in it
    gradients: tuple[Compared, ...] = ()


def on_lines(*parts: tuple[Role, int | None]) -> tuple[tuple[Role, int], ...]:
    """``Finding.lines`` of those parts whose line is known, each once."""
    return tuple(dict.fromkeys((role, line) for role, line in parts if line is not None))
