"""The gate before the processes: fair between sessions."""

from __future__ import annotations

import threading

from engine.running.queue import MOST_ASIDE, Queue, Ticket
from tests.engine.running.processes import comes_true


def passed(queue: Queue, asked: list[str]) -> list[str]:
    """The order in which runs of these sessions pass a gate of one place that somebody holds until all have asked."""
    order: list[str] = []
    holder = Ticket("holder")
    assert queue.enter(holder, threading.Event())

    def go(name: str) -> None:
        ticket = Ticket(name[0])
        queue.enter(ticket, threading.Event())
        order.append(name)
        queue.leave(ticket)

    threads = []
    for n, name in enumerate(asked, 1):
        threads.append(threading.Thread(target=go, args=(name,)))
        threads[-1].start()
        assert comes_true(lambda n=n: queue.n_waiting == n, 10)  # type: ignore[misc]
    queue.leave(holder)
    for thread in threads:
        thread.join(10)
    return order


def test_a_sessions_second_run_waits_behind_everybodys_first() -> None:
    assert passed(Queue(1), ["a1", "a2", "a3", "b1", "c1", "b2"]) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def waiting(queue: Queue, session: str, cancelled: threading.Event | None = None) -> Ticket:
    """A run that has got in line."""
    ticket = Ticket(session)
    threading.Thread(target=queue.enter, args=(ticket, cancelled or threading.Event()), daemon=True).start()
    assert comes_true(lambda: queue.place(ticket) is not None, 10)
    return ticket


def inside(queue: Queue, session: str) -> Ticket:
    """A run that got its place at once."""
    ticket = Ticket(session)
    assert queue.enter(ticket, threading.Event())
    return ticket


def test_who_has_a_run_under_way_comes_after_who_has_none() -> None:
    queue = Queue(2)
    loops, other = inside(queue, "loops"), inside(queue, "other")
    second, first = waiting(queue, "loops"), waiting(queue, "new")
    assert (queue.place(first), queue.place(second)) == (1, 2)
    queue.leave(other)
    assert comes_true(lambda: queue.place(first) is None, 10)
    assert (queue.place(second), queue.n_inside, queue.n_waiting) == (1, 2, 1)
    queue.leave(loops)
    assert comes_true(lambda: queue.place(second) is None, 10)


def test_a_cancelled_run_leaves_the_queue_without_a_place() -> None:
    queue, cancelled = Queue(1), threading.Event()
    a = inside(queue, "a")
    b = waiting(queue, "b", cancelled)
    cancelled.set()
    queue.wake()
    assert comes_true(lambda: queue.n_waiting == 0, 10)
    assert not b.is_inside
    queue.leave(a)
    inside(queue, "c")


def test_a_long_run_makes_room_and_takes_its_place_back_from_nobody() -> None:
    queue = Queue(1, 1)
    long = inside(queue, "long")
    assert queue.step_aside(long) and not queue.step_aside(long)
    short = inside(queue, "short")
    assert queue.n_inside == 2
    assert not queue.step_aside(short)  # one at most
    next_one = waiting(queue, "next")
    queue.leave(long)
    assert queue.place(next_one) == 1  # its place had gone to the short one
    assert queue.step_aside(short)
    assert comes_true(lambda: queue.place(next_one) is None, 10)
    queue.leave(short)
    queue.leave(next_one)
    assert queue.n_inside == 0 and not queue.step_aside(long)
    inside(queue, "last")


def test_a_session_cannot_fill_the_room_beside() -> None:
    queue = Queue(1, 10)
    for _ in range(MOST_ASIDE):
        assert queue.step_aside(inside(queue, "loops"))
    third = inside(queue, "loops")
    assert not queue.step_aside(third)
    queue.leave(third)
    assert queue.step_aside(inside(queue, "other"))
