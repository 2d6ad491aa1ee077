"""Recording a program against running it plainly, and what the trace weighs.

    python -m tests.benchmarks.recording

Pairs in one process, in turn, warm; medians of the ratio. ``steps only`` records with previews of one element,
so the difference to ``recorded`` is the cost of looking at values.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from statistics import median
from time import perf_counter

import msgspec

from engine.contract.events import Chunk
from engine.contract.trace import Limits, Program
from engine.recording.recorder import record
from tests.benchmarks.programs import PROGRAMS

N_PAIRS = 9


def main() -> None:
    """Print the table."""
    print(
        f"{'program':22} {'nodes':>6} {'steps':>6} {'plain ms':>9} {'recorded ms':>12} {'ratio':>7} {'steps only':>11} "
        f"{'trace kB':>9}"
    )
    for name, source in PROGRAMS.items():
        code = compile(source, "program.py", "exec")
        small = Limits(items=1, edge=1, stats_items=0)
        plain, full, bare, chunks = [], [], [], []
        for _ in range(N_PAIRS):
            plain.append(timed(lambda code=code: exec(code, {"__name__": "__main__"})))
            chunks.clear()
            full.append(timed(lambda source=source, chunks=chunks: recorded(source, Limits(), chunks)))
            bare.append(timed(lambda source=source, small=small: recorded(source, small, [])))
        ratio = median(f / p for f, p in zip(full, plain, strict=True))
        ratio_bare = median(b / p for b, p in zip(bare, plain, strict=True))
        n_nodes, n_steps = (sum(len(getattr(c, table)) for c in chunks) for table in ("nodes", "steps"))
        size = sum(len(msgspec.msgpack.encode(c)) for c in chunks) / 1e3
        print(
            f"{name:22} {n_nodes:6} {n_steps:6} {median(plain) * 1e3:9.1f} {median(full) * 1e3:12.1f} {ratio:6.1f}x "
            f"{ratio_bare:10.1f}x {size:9.0f}"
        )


def recorded(source: str, limits: Limits, chunks: list[Chunk]) -> None:
    """Record once; encoding is counted, sending is not."""

    def emit(chunk: Chunk) -> None:
        chunks.append(chunk)
        msgspec.msgpack.encode(chunk)

    ended = record(Program(source), limits, emit)
    assert ended.ending == "ok", ended.failure


def timed(act: Callable[[], object]) -> float:
    """Seconds that ``act`` takes, its output thrown away."""
    with redirect_stdout(io.StringIO()):
        started = perf_counter()
        act()
        return perf_counter() - started


if __name__ == "__main__":
    main()
