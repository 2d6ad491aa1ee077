"""What watching saved tensors costs: recording with it against recording without, and the memory it holds.

    python -m tests.benchmarks.referee

Pairs in one process, in turn, warm; the median of the ratio. ``held MB`` is the most that copies of saved tensors
took at one time; the budget is ``Limits.watch_bytes``. A lesson is recorded without its docstring.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from unittest.mock import patch

from engine.contract.trace import Limits, Program
from engine.program.lesson import lessons
from engine.recording.graph.watch import Watch
from engine.recording.recorder import record
from tests.benchmarks.programs import PROGRAMS
from tests.benchmarks.recording import timed

N_PAIRS = 9


def main() -> None:
    """Print the table."""
    print(f"{'program':34} {'off ms':>8} {'on ms':>8} {'ratio':>7} {'held MB':>8} {'omitted':>8}")
    ratios: list[float] = []
    for name, source in programs():
        off, on = [], []
        for _ in range(N_PAIRS):
            off.append(timed(lambda source=source: once(source, Limits(watch=False))))
            on.append(timed(lambda source=source: once(source, Limits())))
        ratio = median(b / a for a, b in zip(off, on, strict=True))
        held, is_over = most_held(source)
        ratios.append(ratio)
        print(
            f"{name:34} {median(off) * 1e3:8.1f} {median(on) * 1e3:8.1f} {ratio:6.2f}x {held / 1e6:8.2f} "
            f"{'checksum' if is_over else '':>8}"
        )
    print(f"largest ratio {max(ratios):.2f}x, median {median(ratios):.2f}x")


def programs() -> Iterator[tuple[str, str]]:
    """The benchmark programs, then every lesson but the trainings."""
    yield from PROGRAMS.items()
    yield from ((lesson.slug, lesson.source) for lesson in lessons() if not lesson.is_training)


def once(source: str, limits: Limits) -> list[str]:
    """Record; returns what limits left out."""
    omitted: list[str] = []
    record(Program(source), limits, lambda chunk: omitted.extend(o.what for o in chunk.omissions))
    return omitted


def most_held(source: str) -> tuple[int, bool]:
    """(bytes of copies held at most, whether the budget was spent)."""
    most, taken = 0, Watch._take

    def take(watch: Watch, *arguments: object) -> object:
        nonlocal most
        snapshot = taken(watch, *arguments)  # type: ignore[arg-type]
        most = max(most, watch._n_bytes)
        return snapshot

    with patch.object(Watch, "_take", take):
        omitted: list[str] = []
        timed(lambda: omitted.extend(once(source, Limits())))
    return most, "watch" in omitted


if __name__ == "__main__":
    main()
