"""Whose run goes next: the rules alone, without threads and without a clock.

NOTE [Turns]
1. A run begins in a *first* place. There it stays for its first moments only, so that first places come free
   again and again, whatever programs do.
2. A run that outlives them goes on *aside*, where it has the processor when nobody else wants it; somewhat sooner,
   when others wait. When all of these places are taken it is *parked*: it stands still, its time limit too, and goes
   on when one comes free. When there is no room for another process that stands still, it is out.
3. A visitor has at most ``per_visitor`` runs under way, over all tabs. More of them wait, of one desk only: a run of
   another desk takes their place in the line.
4. Who has used the least of late goes first: seconds fade with a half-life, each run under way or in line before
   counts as one more second. Equal ones go by who was served longest ago, then by who came first.
5. What its visitor pauses is *held*: it gives its place up and is in no line until it is resumed. When too many
   stand still, the visitor with the most of them loses the one that has stood longest.
6. A queue without first places is one of long runs (trainings): they begin aside. When all places are taken and
   somebody else waits, the visitor with the most of them gives one up after ``SLICE_S`` and waits in turn.

Requests that never stand still, as for a drawing, have simpler turns (``graphviz_tools/workers/turns.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

MOST_VISITORS = 10_000  # remembered at once
MOST_WAITING = 8  # of one visitor: as many as a page needs for one press, and some
HALF_LIFE_S = 10.0  # of what a visitor has used
SLICE_S = 5.0  # a training keeps its place for so long, however many wait
HELD_MOST_S = 900.0  # for so long a run may be paused by its visitor

State = Literal["new", "waiting", "first", "aside", "parked", "held", "out"]
Reason = Literal["left", "replaced", "full", "held"]  # why a run is out: its own end, or what took its place
Why = Literal["others", "own", "parked"]
OUT: dict[Reason, str] = {  # what is said of a run that its turn was taken from
    "left": "stopped before it began",
    "replaced": "not run: another run of this browser took its place in the queue",
    "full": "stopped: the server is full of long programs; run it again later",
    "held": "stopped: it was paused for too long",
}


@dataclass(frozen=True)
class Asker:
    """Who asks for a run. Runs of one desk belong to one press of a button, or to one that replaced it."""

    visitor: str = ""  # a browser's name; "": somebody of its own
    desk: str = ""
    address: str = ""


NOBODY = Asker()


@dataclass(frozen=True)
class Places:
    """How many runs may be where."""

    first: int
    aside: int
    stopped: int  # parked and held together
    per_visitor: int = 1
    per_address: int | None = None


class Place(NamedTuple):
    """Where a run is in its line, 1 for the next, and what it waits for."""

    number: int
    why: Why = "others"


@dataclass(eq=False)
class Ticket:
    """One run. ``follow`` is called after each change of ``state`` that another run brought about."""

    asker: Asker
    follow: Callable[[], None] = lambda: None
    state: State = "new"
    reason: Reason | None = None  # once it is out
    has_begun: bool = False
    number: int = 0  # in the order of lining up
    since: float = 0.0  # in this state

    @property
    def runs(self) -> bool:
        """Whether its process may have the processor."""
        return self.state in ("first", "aside")

    @property
    def is_held(self) -> bool:
        """Whether its visitor has paused it."""
        return self.state == "held"

    @property
    def is_stopped(self) -> bool:
        """Whether it has a process that stands still."""
        return self.has_begun and self.state in ("parked", "held")

    @property
    def is_under_way(self) -> bool:
        return self.runs or self.state == "parked"

    @property
    def is_in_line(self) -> bool:
        return self.state in ("waiting", "parked")


@dataclass
class Used:
    """What a visitor has used of late: ``seconds`` as they were ``at``. They fade."""

    seconds: float = 0.0
    at: float = 0.0
    served: int = 0  # the number of the last beginning

    def add(self, seconds: float, now: float) -> None:
        self.seconds, self.at = self.faded(now) + seconds, now

    def faded(self, now: float) -> float:
        return self.seconds * 0.5 ** ((now - self.at) / HALF_LIFE_S)


@dataclass
class Turns:
    """All runs of a server, each in its state. ``now`` is in seconds and never falls."""

    places: Places
    tickets: list[Ticket] = field(default_factory=list[Ticket])
    moved: list[Ticket] = field(default_factory=list[Ticket])  # since somebody looked
    _n: Counter[State] = field(default_factory=Counter[State])
    _used: dict[str, Used] = field(default_factory=dict[str, Used])
    _n_lined_up: int = 0
    _n_served: int = 0

    def line_up(self, ticket: Ticket, now: float) -> None:
        """Wait for a place; what its visitor has waiting for another desk, or too much of it, is out."""
        if ticket.state != "new":
            return
        mine = [one for one in self.tickets if one.state == "waiting" and one.asker.visitor == ticket.asker.visitor]
        same = [one for one in mine if one.asker.desk == ticket.asker.desk]
        for one in mine:
            if one not in same[max(0, len(same) - MOST_WAITING + 1) :]:
                self._out(one, "replaced", now)
        self._n_lined_up += 1
        ticket.number = self._n_lined_up
        self.tickets.append(ticket)
        self._move(ticket, "waiting", now)
        self._settle(now)

    def step_aside(self, ticket: Ticket, now: float) -> None:
        """Make room for those who wait, where that costs the run nothing but its priority."""
        if ticket.state == "first" and self._n["waiting"] and self._n["aside"] < self.places.aside:
            self._move(ticket, "aside", now)
            self._settle(now)

    def outlive(self, ticket: Ticket, now: float) -> None:
        """Its first moments are over."""
        if ticket.state == "first":
            self._move(ticket, "parked", now)
            self._settle(now)
            if ticket.is_stopped and self._count(lambda one: one.is_stopped) > self.places.stopped:
                self._out(ticket, "full", now)

    def hold(self, ticket: Ticket, now: float) -> bool:
        """Its visitor pauses it; whether that is so now. Its place is free for others."""
        if ticket.state in ("new", "held", "out"):
            return False
        self._move(ticket, "held", now)
        while self._count(lambda one: one.is_stopped) > self.places.stopped:
            self._out(self._longest_of_the_greediest(), "full", now)
        self._settle(now)
        return ticket.is_held

    def resume(self, ticket: Ticket, now: float) -> bool:
        """Its visitor wants it to go on: it takes a place again, or waits for one. Whether it was held."""
        if not ticket.is_held:
            return False
        self._move(ticket, "parked" if ticket.has_begun else "waiting", now)
        self._settle(now)
        return True

    def expire(self, now: float) -> None:
        """End what is paused for too long."""
        for ticket in self.tickets:
            if ticket.is_held and now - ticket.since >= HELD_MOST_S:
                self._out(ticket, "held", now)

    def rotate(self, now: float) -> None:
        """Let the next one have the place of a training that has had its slice; to be called now and then."""
        is_full = self._n["aside"] >= self.places.aside and self.places.first == 0
        if not is_full or self._count(lambda one: one.is_stopped) >= self.places.stopped:
            return
        long = [one for one in self.tickets if one.state == "aside"]
        n = Counter(one.asker.visitor for one in long)
        had = [one for one in long if now - one.since >= SLICE_S]
        loser = min(had, key=lambda one: (-n[one.asker.visitor], one.since, one.number), default=None)
        if loser is not None:
            others = [one for one in self._in_order(now) if one.asker.visitor != loser.asker.visitor]
            following = next((one for one in others if self._may_have_one_more(one)), None)
            if following is not None:
                self._move(loser, "parked", now)
                self._enter(following, now)

    def leave(self, ticket: Ticket, now: float) -> None:
        """It is over, or was not wanted before it began."""
        self._out(ticket, "left", now)
        self._settle(now)

    def place(self, ticket: Ticket, now: float) -> Place | None:
        """None when it is in no line."""
        if not ticket.is_in_line:
            return None
        line = [one for one in self._in_order(now) if one.state == ticket.state]
        others = [one for one in self.tickets if one.asker.visitor == ticket.asker.visitor and one.is_under_way]
        if ticket.state == "waiting" and len(others) >= self.places.per_visitor:
            return Place(line.index(ticket) + 1, "own")
        return Place(line.index(ticket) + 1, "parked" if ticket.state == "parked" else "others")

    def count(self, *states: State) -> int:
        return sum(self._n[state] for state in states)

    def _settle(self, now: float) -> None:
        """Let in whoever may be let in."""
        while (ticket := next((one for one in self._in_order(now) if self._may_enter(one)), None)) is not None:
            self._enter(ticket, now)

    def _enter(self, ticket: Ticket, now: float) -> None:
        self._n_served += 1
        self._of(ticket).served = self._n_served
        pool = self._pool(ticket)
        ticket.has_begun = True
        self._move(ticket, pool, now)

    def _may_enter(self, ticket: Ticket) -> bool:
        pool = self._pool(ticket)
        n_places = self.places.first if pool == "first" else self.places.aside
        return self._n[pool] < n_places and self._may_have_one_more(ticket)

    def _may_have_one_more(self, ticket: Ticket) -> bool:
        """Whether its visitor and its address may."""
        mine = [one for one in self.tickets if one.asker.visitor == ticket.asker.visitor]
        n_mine = sum(one.is_under_way if ticket.state == "waiting" else one.runs for one in mine)
        return n_mine < self.places.per_visitor and self._is_address_free(ticket.asker.address)

    def _pool(self, ticket: Ticket) -> Literal["first", "aside"]:
        """Where it would enter."""
        return "first" if ticket.state == "waiting" and self.places.first > 0 else "aside"

    def _is_address_free(self, address: str) -> bool:
        most = self.places.per_address
        return most is None or not address or self._count(lambda one: one.runs and one.asker.address == address) < most

    def _in_order(self, now: float) -> list[Ticket]:
        """Those in line, the next one first."""
        before = Counter(one.asker.visitor for one in self.tickets if one.runs)
        keys: list[tuple[int, int, int, Ticket]] = []
        for one in self.tickets:  # each visitor's in the order they came
            if one.is_in_line:
                used = self._used.get(one.asker.visitor, Used())
                owed = int(used.faded(now)) + before[one.asker.visitor]
                before[one.asker.visitor] += 1
                keys.append((owed, used.served, one.number, one))
        return [ticket for *_, ticket in sorted(keys, key=lambda key: key[:3])]

    def _move(self, ticket: Ticket, state: State, now: float) -> None:
        if ticket.runs:
            self._of(ticket).add(now - ticket.since, now)
        self._n[ticket.state] -= 1
        self._n[state] += 1
        ticket.state, ticket.since = state, now
        self.moved.append(ticket)

    def _out(self, ticket: Ticket, reason: Reason, now: float) -> None:
        if ticket.state != "out":
            self._move(ticket, "out", now)
            ticket.reason = reason
            self.tickets = [one for one in self.tickets if one is not ticket]

    def _longest_of_the_greediest(self) -> Ticket:
        stopped = [one for one in self.tickets if one.is_stopped]
        n = Counter(one.asker.visitor for one in stopped)
        return min(stopped, key=lambda one: (-n[one.asker.visitor], one.since, one.number))

    def _of(self, ticket: Ticket) -> Used:
        if len(self._used) >= MOST_VISITORS and ticket.asker.visitor not in self._used:
            newest = sorted(self._used.items(), key=lambda item: item[1].at)[MOST_VISITORS // 2 :]
            self._used = dict(newest)
        return self._used.setdefault(ticket.asker.visitor, Used())

    def _count(self, holds: Callable[[Ticket], bool]) -> int:
        return sum(map(holds, self.tickets))
