"""Time that stands still while a program is paused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from engine.running import clock as module
from engine.running.clock import Clock


def test_a_clock_stands_still_while_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([10.0, 12.0, 15.0, 16.0])
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(times)))
    clock = Clock()
    assert clock.now() == 10.0
    assert clock.stop() and not clock.stop()
    assert clock.is_stopped and (clock.now(), clock.now()) == (12.0, 12.0)
    assert clock.go_on() == 3.0
    assert clock.go_on() is None
    assert clock.now() == 13.0
