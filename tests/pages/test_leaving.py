"""What a session leaves behind is ended soon, and once more if something new began meanwhile."""

from __future__ import annotations

from pages.ui.desk.leaving import GRACE_S, LOOK_S, MEMORY_S, Leaving


class Thing:
    def __init__(self) -> None:
        self.n_left = 0

    def leave(self) -> None:
        self.n_left += 1


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def left_after(leaving: Leaving, clock: Clock, thing: Thing, seconds: float) -> int:
    """How often the thing was told, ``seconds`` later."""
    clock.now += seconds
    leaving.sweep()
    return thing.n_left


def test_a_thing_is_told_when_its_session_has_been_gone_for_a_moment_and_again_until_it_is_forgotten() -> None:
    here, clock, thing = {"ada"}, Clock(), Thing()
    leaving = Leaving(here.__contains__, clock)
    leaving.keep("ada", thing)
    leaving.keep("ada", thing)
    assert left_after(leaving, clock, thing, 3600) == 0
    here.clear()
    assert left_after(leaving, clock, thing, LOOK_S) == 0
    assert left_after(leaving, clock, thing, GRACE_S - LOOK_S) == 0
    assert left_after(leaving, clock, thing, LOOK_S) == 1
    assert left_after(leaving, clock, thing, LOOK_S) == 2
    assert left_after(leaving, clock, thing, MEMORY_S) == 3
    assert left_after(leaving, clock, thing, LOOK_S) == 3
    assert GRACE_S + LOOK_S < 2.5  # and some for the process: over within three seconds


def test_who_comes_back_in_time_has_lost_nothing() -> None:
    here, clock, thing = {"ada"}, Clock(), Thing()
    leaving = Leaving(here.__contains__, clock)
    leaving.keep("ada", thing)
    here.clear()
    left_after(leaving, clock, thing, LOOK_S)
    here.add("ada")
    left_after(leaving, clock, thing, GRACE_S)
    here.clear()
    left_after(leaving, clock, thing, LOOK_S)
    assert left_after(leaving, clock, thing, GRACE_S - LOOK_S) == 0


def test_memory_is_given_back_once_for_each_who_leaves() -> None:
    here, now, calls = {"ada", "bob"}, [0.0], []
    leaving = Leaving(here.__contains__, lambda: now[0], lambda: calls.append(now[0]))
    for who in ("ada", "bob"):
        leaving.keep(who, Thing())
    for now[0] in (0.0, 1.0, 5.0):
        leaving.sweep()
    here.discard("ada")
    for now[0] in (6.0, 6.5, 8.5, 9.0, 9.5):
        leaving.sweep()
    here.discard("bob")
    for now[0] in (10.0, 12.5, 13.0):
        leaving.sweep()
    assert calls == [8.5, 12.5]
