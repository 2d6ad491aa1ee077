"""What a training tells has bounds, however long it goes on."""

from __future__ import annotations

import pytest

from engine.contract.codec import CodecError
from engine.contract.events import Live
from engine.contract.live import Changed, LeafSample, LiveLeaf, LiveOptimizer, Series, TickBlock
from engine.contract.trace import Limits, LiveLimits
from engine.running.checks import live_rows
from engine.running.checks.live_rows import LiveRows

LIMITS = Limits(live=LiveLimits(series=("x",), points=3, values=2))
GOOD = Live(
    leaves=(LiveLeaf(0, "w", (2,), "cpu"), LiveLeaf(1, None, (), "cpu")),
    optimizers=(LiveOptimizer(0, "SGD", (0.1,)),),
    blocks=(TickBlock(0, (0.0, 0.1), (1.0, None), ((0, 3),), ((0, 0), (1, 1))),),
    samples=(LeafSample(0, 1, 1.0, 0.0, 1.0, 0.5, (1.0, 2.0)),),
    series=(Series(0, 0.1, "x", (1.0, 2.0, 3.0), 9),),
    changes=(Changed(0, 0, 0, 0.2, "program"),),
)


def told() -> LiveRows:
    """With what an honest program has told."""
    rows = LiveRows(LIMITS)
    rows.check(GOOD, 3)
    return rows


def test_what_the_recorder_tells_passes() -> None:
    told().check(
        Live(
            leaves=(LiveLeaf(2, "b", (), "cpu"),),
            blocks=(
                TickBlock(2, (0.2, 0.3), (1.0, 2.0), ((0, 3),), ((1, 2),), (0, 7)),
                TickBlock(10, (0.4,), (1.0,)),
            ),
        ),
        3,
    )


@pytest.mark.parametrize(
    "bad",
    [
        Live(leaves=(LiveLeaf(3, "w", (), "cpu"),)),
        Live(leaves=(LiveLeaf(1, "w", (), "cpu"),)),
        Live(leaves=(LiveLeaf(2, "w" * 1_001, (), "cpu"),)),
        Live(leaves=(LiveLeaf(2, "w", (1,) * 65, "cpu"),)),
        Live(optimizers=(LiveOptimizer(0, "SGD", ()),)),
        Live(optimizers=(LiveOptimizer(1, "SGD", (0.1,) * 65),)),
        Live(blocks=(TickBlock(1, (0.0,), (1.0,)),)),
        Live(blocks=(TickBlock(2, (0.0,), (1.0, 2.0)),)),
        Live(blocks=(TickBlock(2, (0.0, 0.1), (1.0, 2.0), at=(1, 1)),)),
        Live(blocks=(TickBlock(2, (0.0, 0.1), (1.0, 2.0), at=(-1, 1)),)),
        Live(blocks=(TickBlock(2, (0.0, 0.1), (1.0, 2.0), at=(1,)),)),
        Live(blocks=(TickBlock(2, (0.0,), (1.0,), runs=((0, 1),)),)),
        Live(blocks=(TickBlock(2, (0.0,), (1.0,), runs=((0, 3),)),)),
        Live(blocks=(TickBlock(2, (0.0,), (1.0,), runs=((1, 2),)),)),
        Live(samples=(LeafSample(0, 2, 1.0, 0.0, 1.0, 0.5),)),
        Live(samples=(LeafSample(0, 0, 1.0, 0.0, 1.0, 0.5, (1.0,) * 3),)),
        Live(series=(Series(0, 0.1, "y", (1.0,)),)),
        Live(series=(Series(0, 0.1, "x", (1.0,) * 4),)),
        Live(changes=(Changed(0, 1, 0, 0.2, "program"),)),
        Live(changes=(Changed(0, 0, 64, 0.2, "program"),)),
    ],
)
def test_what_it_never_tells_is_refused(bad: Live) -> None:
    with pytest.raises(CodecError):
        told().check(bad, 3)


def test_leaves_optimizers_and_lines_are_counted_over_the_whole_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOST_LEAVES", "MOST_OPTIMIZERS", "MOST_LINES"):
        monkeypatch.setattr(live_rows, name, 2)
    rows = told()
    rows.check(Live(optimizers=(LiveOptimizer(1, "SGD", ()),), blocks=(TickBlock(2, (0.0,), (1.0,), ((0, 4),)),)), 3)
    for bad in (
        Live(leaves=(LiveLeaf(2, "w", (), "cpu"),)),
        Live(optimizers=(LiveOptimizer(2, "SGD", ()),)),
        Live(blocks=(TickBlock(3, (0.0,), (1.0,), ((0, 5),)),)),
    ):
        with pytest.raises(CodecError):
            rows.check(bad, 3)
