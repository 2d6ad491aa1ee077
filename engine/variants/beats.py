"""A trace's moments, one more than its steps tell: memory that NumPy writes to changes between two steps."""

from __future__ import annotations

from dataclasses import dataclass

from engine.contract.trace import Overwrite, Trace


@dataclass(frozen=True)
class Beat:
    """Just after ``step`` steps; ``writes``: just after memory was then written without a torch call."""

    step: int
    writes: tuple[Overwrite, ...] = ()


def beats(trace: Trace) -> tuple[Beat, ...]:
    """Beat 0 is before the first line; then one for each step, and one for each silent write after it."""
    silent: dict[int, dict[int | None, list[Overwrite]]] = {}
    for overwrite in trace.overwrites:
        if overwrite.by == "memory":
            silent.setdefault(overwrite.step, {}).setdefault(overwrite.line, []).append(overwrite)
    found: list[Beat] = []
    for step in range(len(trace.steps) + 1):
        found.append(Beat(step))
        found += [Beat(step, tuple(rows)) for rows in silent.get(step, {}).values()]
    return tuple(found)
