"""What turns a recording into words and pictures is linear in it, whatever is in it. Counted in lines, not seconds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from engine.contract.trace import Trace
from engine.explain.errors.explain_error import explain
from engine.gradients.central_differences import checks
from engine.program.template import Variant
from engine.reading import index, replay
from engine.reading.replay import snapshot
from engine.referee.rules import rebound
from engine.report import report
from engine.variants import memory
from graphviz_tools.drawing.requests import ComparisonOf, FindingsOf, FlowOf, GradientsOf, PairOf, PayloadOf, Request
from graphviz_tools.payload import encode
from graphviz_tools.picture import dot_text
from tests.graphviz_tools.counted import n_lines
from tests.graphviz_tools.hostile_traces import FAMILIES
from tests.graphviz_tools.test_any_trace import LAYOUT

SMALL, LARGE = 20, 80  # four times as many
MOST_GROWTH = 4 * 1.4
MOST_SQUARE = 4 * 2.2  # lining runs up takes the square, of at most 600 moments (compare.MOST_ROWS)
PATIENCE = 150  # of searches, instead of the real one that the sizes here never reach

VARIANTS = ((Variant("a", "a", "x"), False), (Variant("b", "b", "x"), False))


def made(request: Request, n: int = 1) -> Callable[[Trace], object]:
    return lambda trace: request.make([trace] * n, LAYOUT)


ENTRIES: dict[str, Callable[[Trace], object]] = {
    "backward": made(PayloadOf("backward", None, "en")),
    "combined": made(PayloadOf("combined", None, "zh")),
    "one run": lambda trace: PayloadOf("combined", 0, "en", 0 if trace.tensors else None).make([trace], LAYOUT),
    "flow": lambda trace: FlowOf(0, "en", "dark").make([trace], LAYOUT) if trace.runs else None,
    "findings": made(FindingsOf()),
    "gradients": made(GradientsOf()),
    "comparison": made(ComparisonOf("x\n", VARIANTS, "en"), 2),
    "pair": made(PairOf("en"), 2),
    "explain": explain,
    "checks": checks,
    "report": lambda trace: report(trace, ""),
    "snapshot": lambda trace: snapshot(trace, len(trace.steps)),
    "dot": lambda trace: dot_text(trace, _=str),
}


CAPS = ((memory, "MOST_TAGS"), (replay, "MOST_FOLLOWED"), (rebound, "MOST_OWNERS"))  # below them, work grows faster


@pytest.fixture(autouse=True)
def short_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "PATIENCE", PATIENCE)
    for module, cap in CAPS:
        monkeypatch.setattr(module, cap, 4)


@pytest.mark.slow
@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("family", FAMILIES)
def test_work_grows_with_the_recording_and_no_faster(family: str, entry: str) -> None:
    small, large = FAMILIES[family](SMALL), FAMILIES[family](LARGE)
    before, after = n_lines(lambda: ENTRIES[entry](small)), n_lines(lambda: ENTRIES[entry](large))
    allowed = MOST_SQUARE if entry == "comparison" else MOST_GROWTH
    assert after <= max(allowed * before, 20_000)


@pytest.mark.parametrize("n", [10, 64, 5_000])
def test_a_shape_costs_nothing_before_it_is_known_to_be_small(n: int) -> None:
    trace = FAMILIES["dimensions"](n)
    for entry in ENTRIES.values():
        assert n_lines(partial(entry, trace)) < 1_000_000 + 1_500 * n


@pytest.mark.slow
def test_long_words_are_not_told_in_full_again_and_again() -> None:
    trace = FAMILIES["long_words"](100_000)
    assert len(encode(_payload(trace))) < 3 * len(msgspec.msgpack.encode(trace))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("n", [2, 3])
def test_the_smallest_of_them_are_told_too(family: str, n: int) -> None:
    trace = FAMILIES[family](n)
    for entry in ENTRIES.values():
        entry(trace)


def _payload(trace: Trace) -> Any:
    return PayloadOf("backward", None, "en").make([trace], LAYOUT)
