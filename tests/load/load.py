"""Many visitors at once on one server in the classroom policy, and what they saw."""

from __future__ import annotations

import os
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, quantiles

from tests.e2e.serving import Server
from tests.load.programs import LESSONS, hostile, own
from tests.load.visitor import Visitor, visit

PAGES = ("gradients", "")
LOOK_S = 2.0  # between looks at the server's memory


@dataclass(frozen=True)
class Plan:
    """How many visitors, for how long, how quick they are."""

    n_sessions: int = 30
    rounds: int = 4  # of: a lesson, one's own program, two pages
    think_s: tuple[float, float] = (5.0, 15.0)
    n_hostile: int = 0  # further visitors who run the abuse battery only
    minutes: float = 0.0  # go on for so long instead of counting rounds


@dataclass
class Seen:
    """What all visitors saw; times in seconds."""

    opened: list[float] = field(default_factory=list)
    lessons: list[float] = field(default_factory=list)
    runs: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    n_hostile: int = 0
    n_queued: int = 0
    server_mb: list[float] = field(default_factory=list)  # before, with all sessions, then every other second
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float) -> None:
        with self.lock:
            getattr(self, kind).append(seconds)


def run_load(server: Server, plan: Plan, seed: int = 0) -> Seen:
    """Let everybody work at once; returns when all have left."""
    seen, stop_at = Seen(), time.monotonic() + 60 * plan.minutes
    everybody_in = threading.Barrier(plan.n_sessions + plan.n_hostile + 1)
    with visit(server.url) as first:
        first.open()  # what the first visitor makes the server import belongs to nobody's session
    seen.server_mb.append(memory_mb(server.pid))
    jobs = [(_work, seed + n) for n in range(plan.n_sessions)] + [(_harm, seed - 1 - n) for n in range(plan.n_hostile)]
    threads = [
        threading.Thread(target=_guarded, args=(job, server, plan, seen, random.Random(number), everybody_in, stop_at))
        for job, number in jobs
    ]
    for thread in threads:
        thread.start()
    everybody_in.wait(600)
    seen.server_mb.append(memory_mb(server.pid))
    everybody_in.wait(600)
    while any(thread.is_alive() for thread in threads):
        time.sleep(LOOK_S)
        seen.server_mb.append(memory_mb(server.pid))
    return seen


def p(percent: int, times: list[float]) -> float:
    """A percentile; 0 for nothing."""
    if len(times) < 2:
        return times[0] if times else 0.0
    return quantiles(times, n=100, method="inclusive")[percent - 1]


def rise_mb_per_minute(server_mb: list[float], seconds: float = LOOK_S) -> float:
    """How fast the last two thirds of these looks, ``seconds`` apart, rise: the slope of the straight line through them.

    >>> rise_mb_per_minute([50.0, 90.0, 100.0, 100.1, 100.2, 100.3, 100.4, 100.5], 6.0)
    1.0
    """
    late = server_mb[len(server_mb) // 3 :]
    if len(late) < 2:
        return 0.0
    return round(linear_regression([n * seconds / 60 for n in range(len(late))], late).slope, 2)


def memory_mb(pid: int) -> float:
    """Memory of a process that is its own, in MB."""
    pages = [int(number) for number in Path(f"/proc/{pid}/statm").read_text().split()]
    return (pages[1] - pages[2]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _guarded(
    job, server: Server, plan: Plan, seen: Seen, chance: random.Random, together: threading.Barrier, stop_at: float
) -> None:
    try:
        with visit(server.url) as visitor:
            seen.add("opened", visitor.open())
            together.wait(600)
            together.wait(600)  # the server was measured in between
            job(visitor, plan, seen, chance, stop_at)
            seen.n_queued += visitor.place_seen
    except Exception as error:
        together.abort()
        with seen.lock:
            seen.errors.append(f"{type(error).__name__}: {error}"[:300])


def _work(visitor: Visitor, plan: Plan, seen: Seen, chance: random.Random, stop_at: float) -> None:
    n = 0
    while n < plan.rounds if not plan.minutes else time.monotonic() < stop_at:
        n += 1
        time.sleep(chance.uniform(*plan.think_s))
        seen.add("lessons", visitor.open(f"lesson={chance.choice(LESSONS)}"))
        if visitor.steps < 2:
            raise AssertionError("a lesson without steps")
        time.sleep(chance.uniform(*plan.think_s))
        seen.add("runs", visitor.run(own(chance)))
        for page in PAGES:
            time.sleep(chance.uniform(*plan.think_s) / 4)
            seen.add("pages", visitor.go(page))


def _harm(visitor: Visitor, plan: Plan, seen: Seen, chance: random.Random, stop_at: float) -> None:
    n = 0
    while n < plan.rounds if not plan.minutes else time.monotonic() < stop_at:
        n += 1
        visitor.run(hostile(chance))
        with seen.lock:
            seen.n_hostile += 1
        time.sleep(chance.uniform(*plan.think_s) / 4)
