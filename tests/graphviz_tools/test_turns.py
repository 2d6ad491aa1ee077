"""Who goes next, with a clock that stands where the test puts it."""

from __future__ import annotations

import threading
from contextlib import ExitStack

from engine.running.turns import HALF_LIFE_S
from graphviz_tools.workers.turns import HEAVY_S, MOST_REMEMBERED, ShortTurns


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Place:
    """The fake of a long request: begins in a thread, ends when told."""

    def __init__(self, turns: ShortTurns, visitor: str, expected_s: float = 0.0) -> None:
        self.has_begun, self._may_end = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(turns, visitor, expected_s))
        n = turns.n_waiting + 2 * turns.n_free
        self._thread.start()
        while turns.n_waiting + 2 * turns.n_free == n:  # until it has a place (-2) or waits (+1)
            self.has_begun.wait(0.001)

    def _hold(self, turns: ShortTurns, visitor: str, expected_s: float) -> None:
        with turns.turn(visitor, expected_s):
            self.has_begun.set()
            self._may_end.wait(10)

    def end(self) -> None:
        self._may_end.set()
        self._thread.join(10)


def used(turns: ShortTurns, clock: Clock, visitor: str, seconds: float) -> None:
    with turns.turn(visitor):
        clock.now += seconds


def test_who_used_less_goes_before_those_who_came_first() -> None:
    clock = Clock()
    turns = ShortTurns(1, clock)
    used(turns, clock, "greedy", 2.0)
    first = Place(turns, "somebody")
    greedy, honest = Place(turns, "greedy"), Place(turns, "honest")
    first.end()
    assert honest.has_begun.wait(10)
    assert not greedy.has_begun.is_set()
    honest.end()
    assert greedy.has_begun.wait(10)
    greedy.end()


def test_of_equals_the_first_that_came_goes_first() -> None:
    turns = ShortTurns(1, Clock())
    first, second, third = (Place(turns, name) for name in ("a", "b", "c"))
    first.end()
    assert second.has_begun.wait(10) and not third.has_begun.is_set()
    second.end()
    third.end()


def test_a_visitor_holds_one_place_however_many_requests_there_are() -> None:
    turns = ShortTurns(2, Clock())
    held, more = Place(turns, "greedy"), Place(turns, "greedy")
    other = Place(turns, "honest")
    assert held.has_begun.is_set() and other.has_begun.is_set() and not more.has_begun.is_set()
    for place in (held, more, other):
        place.end()


def test_the_last_place_is_kept_for_those_who_used_little() -> None:
    clock = Clock()
    turns = ShortTurns(2, clock)
    for name in ("greedy", "worse"):
        used(turns, clock, name, 2 * HEAVY_S)
    greedy, worse = Place(turns, "greedy"), Place(turns, "worse")
    assert greedy.has_begun.is_set() and not worse.has_begun.is_set()
    honest = Place(turns, "honest")
    assert honest.has_begun.is_set()
    for place in (greedy, honest, worse):
        place.end()


def test_a_request_that_will_take_long_leaves_the_last_place_and_goes_behind_short_ones() -> None:
    turns = ShortTurns(2, Clock())
    first, long = Place(turns, "somebody"), Place(turns, "new", 2 * HEAVY_S)
    short = Place(turns, "honest", 0.1)
    assert short.has_begun.is_set() and not long.has_begun.is_set()
    for place in (short, first, long):
        place.end()


def test_what_was_used_is_forgotten_by_halves() -> None:
    clock = Clock()
    turns = ShortTurns(2, clock)
    used(turns, clock, "greedy", 2 * HEAVY_S)
    clock.now += HALF_LIFE_S
    first, second = Place(turns, "somebody"), Place(turns, "greedy")
    assert second.has_begun.is_set()
    first.end()
    second.end()


def test_a_request_that_fails_gives_its_place_back() -> None:
    turns = ShortTurns(1, Clock())
    try:
        with turns.turn("a"):
            raise KeyError
    except KeyError:
        pass
    with ExitStack() as stack:
        stack.enter_context(turns.turn("a"))
        assert turns.n_free == 0
    assert turns.n_free == 1


def test_what_is_remembered_of_visitors_is_bounded() -> None:
    clock = Clock()
    turns = ShortTurns(1, clock)
    used(turns, clock, "greedy", 100.0)
    for n in range(2 * MOST_REMEMBERED):
        used(turns, clock, f"visitor {n}", 0.001)
    assert len(turns._used) <= MOST_REMEMBERED
    assert "greedy" in turns._used
