"""The first number that is not finite: where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.contract.trace import Value


@dataclass(frozen=True)
class Birth:
    """A call (forward) or node (backward) that gave something not finite, what it was given, what it gave."""

    where: Literal["forward", "backward", "given"]
    line: int | None
    step: int
    name: str = ""  # of the call or the node
    node: int | None = None
    inputs: tuple[Value | None, ...] = ()  # values of the inputs, or grad_outputs
    outputs: tuple[Value | None, ...] = ()  # values of the outputs, or grad_inputs
    saved: tuple[tuple[str, Value | None], ...] = ()
    operands: tuple[str, ...] = ()  # what the call was given, in the program's words
    is_out_of_finite: bool = True
