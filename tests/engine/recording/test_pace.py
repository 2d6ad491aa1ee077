"""A fast program slowed so that it can be watched."""

from __future__ import annotations

import time

import pytest

from engine.contract.live import SetPace
from engine.contract.trace import LiveLimits
from engine.recording.live import feed
from engine.recording.live.pace import Pace
from tests.engine.recording.living import lived
from tests.engine.recording.runs import plain

LOOP = """
import torch
torch.manual_seed(0)
w = torch.tensor([0.0, 0.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for step in range(12):
    optimizer.zero_grad()
    loss = ((w - torch.rand(2)) ** 2).sum()
    loss.backward()
    optimizer.step()
print(w.tolist(), torch.rand(1).item())
"""


def test_runs_are_let_go_so_far_apart_and_the_rest_is_the_same() -> None:
    live = lived(LOOP, LiveLimits(pace=40))
    times = [tick.time_s for tick in live.ticks]
    assert len(times) == 12 and times[-1] - times[0] > 10 / 40
    assert live.stdout == plain(LOOP).stdout


def test_a_pace_can_be_taken_away_while_it_holds_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "INTERVAL_S", 0.0)
    started = time.perf_counter()
    live = lived(LOOP, LiveLimits(pace=0.05), commands={1: SetPace(0)})
    assert len(live.ticks) == 12
    assert time.perf_counter() - started < 15  # 11 runs by the old pace would take 220 s


def test_a_pace_can_begin_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "INTERVAL_S", 0.0)
    times = [tick.time_s for tick in lived(LOOP, commands={5: SetPace(20)}).ticks]
    assert times[-1] - times[-3] > 0.09


@pytest.mark.parametrize("pace", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_pace_holds_nothing(pace: float) -> None:
    clock = Pace(pace)
    clock.let_go(1.0)
    assert clock.left_s(1.0) == 0.0
