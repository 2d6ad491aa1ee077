"""Whose run goes next, with a clock made by hand."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.running.turns import HELD_MOST_S, MOST_WAITING, SLICE_S, Asker, Place, Places, Ticket, Turns

TRAININGS = Places(first=0, aside=2, stopped=2, per_visitor=2)


def asked(turns: Turns, visitor: str, desk: str = "", now: float = 0.0, address: str = "") -> Ticket:
    ticket = Ticket(Asker(visitor, desk, address))
    turns.line_up(ticket, now)
    return ticket


def order_of(turns: Turns, tickets: dict[str, Ticket]) -> list[str]:
    """The order in which these begin, each over at once."""
    order: list[str] = []
    while running := [name for name, ticket in tickets.items() if ticket.runs]:
        order += running
        for name in running:
            turns.leave(tickets[name], 0.0)
    return order


def test_a_visitors_second_run_waits_behind_everybodys_first() -> None:
    turns = Turns(Places(1, 1, 1))
    holder = asked(turns, "holder")
    tickets = {name: asked(turns, name[0]) for name in ("a1", "a2", "a3", "b1", "c1", "b2")}
    turns.leave(holder, 0.0)
    assert order_of(turns, tickets) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_who_used_much_of_late_comes_after_who_did_not_until_it_has_faded() -> None:
    for pause_s, expected in ((1.0, ["new", "heavy"]), (100.0, ["heavy", "new"])):
        turns = Turns(Places(1, 1, 1))
        heavy = asked(turns, "heavy")
        turns.leave(heavy, 8.0)
        now = 8.0 + pause_s
        holder = asked(turns, "holder", now=now)
        tickets = {name: asked(turns, name, now=now) for name in ("heavy", "new")}
        turns._used["new"] = turns._used["heavy"].__class__(served=99)  # served after the heavy one
        turns.leave(holder, now)
        assert order_of(turns, tickets) == expected


def test_a_visitor_has_one_run_under_way_and_another_desks_run_takes_the_place_of_the_one_that_waits() -> None:
    turns = Turns(Places(4, 4, 4))
    first, second = asked(turns, "ada", "tab 1"), asked(turns, "ada", "tab 2")
    assert (first.state, second.state, turns.place(second, 0.0)) == ("first", "waiting", Place(1, "own"))
    third = asked(turns, "ada", "tab 3")
    assert (second.state, second.reason, third.state) == ("out", "replaced", "waiting")
    turns.outlive(first, 0.5)
    assert (first.state, third.state) == ("aside", "waiting")
    turns.leave(first, 1.0)
    assert third.state == "first"


def test_the_runs_of_one_desk_wait_together_up_to_a_number() -> None:
    turns = Turns(Places(4, 4, 4))
    tickets = [asked(turns, "ada", "bench") for _ in range(MOST_WAITING + 3)]
    assert [ticket.state for ticket in tickets] == ["first", "out", "out", *["waiting"] * MOST_WAITING]


def test_a_long_run_goes_on_aside_then_is_parked_then_there_is_no_room() -> None:
    turns = Turns(Places(first=1, aside=1, stopped=1))
    runs = []
    for name in "abc":
        runs.append(asked(turns, name))
        turns.outlive(runs[-1], 1.0)
    assert [(run.state, run.reason) for run in runs] == [("aside", None), ("parked", None), ("out", "full")]
    assert turns.place(runs[1], 1.0) == Place(1, "parked")
    turns.leave(runs[0], 2.0)
    assert runs[1].state == "aside" and turns.count("parked") == 0


def test_when_others_wait_a_run_steps_aside_sooner_but_is_not_parked_sooner() -> None:
    turns = Turns(Places(first=1, aside=1, stopped=1))
    a = asked(turns, "a")
    turns.step_aside(a, 0.2)
    assert a.state == "first"  # nobody waits
    b = asked(turns, "b")
    turns.step_aside(a, 0.2)
    assert (a.state, b.state) == ("aside", "first")
    asked(turns, "c")
    turns.step_aside(b, 0.4)
    assert b.state == "first"


def test_a_training_gives_its_place_up_when_it_is_paused_and_takes_one_again() -> None:
    turns = Turns(TRAININGS)
    a, b, c = (asked(turns, name) for name in "abc")
    assert (a.state, b.state, c.state) == ("aside", "aside", "waiting")
    assert turns.hold(a, 1.0) and not turns.hold(a, 1.0)
    assert c.state == "aside"
    assert turns.resume(a, 2.0) and (a.state, turns.place(a, 2.0)) == ("parked", Place(1, "parked"))
    turns.leave(b, 3.0)
    assert a.state == "aside" and not turns.resume(a, 3.0)


def test_what_is_paused_before_it_began_begins_when_it_is_resumed() -> None:
    turns = Turns(Places(first=0, aside=1, stopped=1))
    a, b = asked(turns, "a"), asked(turns, "b")
    assert turns.hold(b, 0.0)
    turns.leave(a, 1.0)
    assert b.state == "held" and turns.resume(b, 2.0) and b.state == "aside"


def test_a_visitors_trainings_beyond_the_number_wait_and_let_others_pass() -> None:
    turns = Turns(Places(first=0, aside=3, stopped=2, per_visitor=2))
    mine, other = [asked(turns, "ada") for _ in range(3)], asked(turns, "bob")
    assert [each.state for each in (*mine, other)] == ["aside", "aside", "waiting", "aside"]
    turns.hold(mine[0], 1.0)
    assert mine[2].state == "aside"


def test_trainings_take_turns_when_others_wait() -> None:
    turns = Turns(Places(first=0, aside=2, stopped=2, per_visitor=2))
    a, b = asked(turns, "a"), asked(turns, "a")
    turns.rotate(SLICE_S)
    assert (a.state, b.state) == ("aside", "aside")  # nobody waits
    c = asked(turns, "c", now=SLICE_S - 1)
    turns.rotate(SLICE_S - 1)
    assert c.state == "waiting"
    turns.rotate(SLICE_S)
    assert (a.state, b.state, c.state) == ("parked", "aside", "aside")
    turns.rotate(2 * SLICE_S - 2)
    assert a.state == "parked"  # the others have not had theirs
    turns.rotate(2 * SLICE_S)
    assert (a.state, b.state, c.state) == ("parked", "aside", "aside")  # one of each
    d = asked(turns, "d", now=3 * SLICE_S)
    turns.rotate(3 * SLICE_S)
    assert (b.state, c.state, d.state) == ("parked", "aside", "aside")
    turns.leave(d, 4 * SLICE_S)
    assert [a.state, b.state].count("aside") == 1 and c.state == "aside"


def test_when_too_many_are_paused_the_one_who_has_most_loses_the_oldest() -> None:
    turns = Turns(TRAININGS)
    greedy = [asked(turns, "greedy") for _ in range(2)]
    for n, ticket in enumerate(greedy):
        turns.hold(ticket, float(n))
    honest = asked(turns, "honest")
    assert turns.hold(honest, 3.0)
    assert [(each.state, each.reason) for each in greedy] == [("out", "full"), ("held", None)]


def test_a_pause_ends_some_day() -> None:
    turns = Turns(TRAININGS)
    ticket = asked(turns, "a")
    turns.hold(ticket, 0.0)
    turns.expire(HELD_MOST_S - 1)
    assert ticket.state == "held"
    turns.expire(HELD_MOST_S)
    assert (ticket.state, ticket.reason) == ("out", "held")


@pytest.mark.parametrize(("per_address", "expected"), [(None, 3), (2, 2)])
def test_an_address_has_a_limit_only_where_one_is_set(per_address: int | None, expected: int) -> None:
    turns = Turns(Places(4, 4, 4, per_address=per_address))
    near = [asked(turns, name, address="10.0.0.1") for name in "abc"]
    far = asked(turns, "d", address="10.0.0.2")
    assert sum(each.runs for each in near) == expected and far.runs


class Crowd(RuleBasedStateMachine):
    """Visitors do whatever they like; first places come free by the clock alone."""

    places = Places(first=2, aside=3, stopped=2)

    def __init__(self) -> None:
        super().__init__()
        self.turns, self.now, self.all = Turns(self.places), 0.0, []

    @property
    def alive(self) -> list[Ticket]:
        return [ticket for ticket in self.all if ticket.state not in ("new", "out")]

    @rule(visitor=st.sampled_from("abcdefghij"), desk=st.sampled_from("xy"))
    def ask(self, visitor: str, desk: str) -> None:
        self.all.append(asked(self.turns, visitor, desk, self.now))

    @precondition(lambda self: self.alive)
    @rule(data=st.data(), what=st.sampled_from(["leave", "hold", "resume", "outlive", "step_aside"]))
    def change(self, data: st.DataObject, what: str) -> None:
        getattr(self.turns, what)(data.draw(st.sampled_from(self.alive)), self.now)

    @rule(seconds=st.floats(0.0, 30.0))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def a_short_run_of_somebody_new_begins_when_those_before_it_have_had_their_moments(self) -> None:
        """However many hold on: no run has to end by itself, and only who waited already goes before."""
        before = {ticket.asker.visitor for ticket in self.alive if ticket.state == "waiting"}
        n_begun = sum(ticket.has_begun for ticket in self.all)
        new = asked(self.turns, f"new {len(self.all)}", now=self.now)
        self.all.append(new)
        for _ in range(len(before) + self.places.first):
            if new.state != "first":
                self.now += 0.5
                for ticket in [ticket for ticket in self.alive if ticket.state == "first"]:
                    self.turns.outlive(ticket, self.now)
        assert new.state in ("first", "aside") or new.reason == "full"
        assert sum(ticket.has_begun for ticket in self.all) - n_begun <= len(before) + 1
        self.turns.leave(new, self.now)

    @invariant()
    def nobody_has_more_than_there_is(self) -> None:
        count = self.turns.count
        assert count("first") <= self.places.first and count("aside") <= self.places.aside
        assert sum(ticket.is_stopped for ticket in self.alive) <= self.places.stopped
        assert sorted(map(id, self.turns.tickets)) == sorted(map(id, self.alive))
        for visitor in {ticket.asker.visitor for ticket in self.alive}:
            mine = [ticket for ticket in self.alive if ticket.asker.visitor == visitor]
            assert sum(ticket.runs for ticket in mine) <= self.places.per_visitor
            assert sum(ticket.state == "waiting" for ticket in mine) <= MOST_WAITING

    @invariant()
    def no_place_is_empty_while_somebody_could_have_it(self) -> None:
        assert not any(self.turns._may_enter(ticket) for ticket in self.alive if ticket.is_in_line)


TestCrowd = Crowd.TestCase
TestCrowd.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
