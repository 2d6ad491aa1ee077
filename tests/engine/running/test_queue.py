"""The gate before the processes: threads wait for their turn, and hear of what moves them."""

from __future__ import annotations

import threading

from engine.running.queue import Queue
from engine.running.turns import Asker, Place, Places, Ticket
from tests.engine.running.processes import comes_true


def waiting(queue: Queue, visitor: str) -> tuple[Ticket, list[bool]]:
    """A run that has got in line, and what its thread is told in the end."""
    ticket, told = Ticket(Asker(visitor)), []
    threading.Thread(target=lambda: told.append(queue.enter(ticket)), daemon=True).start()
    assert comes_true(lambda: queue.place(ticket) is not None, 10)
    return ticket, told


def test_who_waits_enters_when_a_place_comes_free() -> None:
    queue = Queue(Places(1, 1, 1))
    holder = Ticket(Asker("holder"))
    assert queue.enter(holder)
    ticket, told = waiting(queue, "next")
    assert queue.place(ticket) == Place(1) and (queue.n_running, queue.n_waiting) == (1, 1)
    queue.leave(holder)
    assert comes_true(lambda: told == [True], 10) and queue.place(ticket) is None


def test_a_run_that_is_given_up_leaves_the_line_without_a_place() -> None:
    queue = Queue(Places(1, 1, 1))
    holder = Ticket(Asker("holder"))
    queue.enter(holder)
    ticket, told = waiting(queue, "next")
    queue.give_up(ticket)
    assert comes_true(lambda: told == [False], 10) and queue.n_waiting == 0
    queue.give_up(holder)  # has begun: only its own end gives its place back
    assert queue.n_running == 1


def test_a_run_that_is_given_up_before_it_lined_up_never_enters() -> None:
    queue, ticket = Queue(Places(1, 1, 1)), Ticket(Asker("a"))
    queue.give_up(ticket)
    assert not queue.enter(ticket)


def test_a_run_hears_of_what_others_do_to_it() -> None:
    queue, heard = Queue(Places(1, 1, 1)), []
    runs = [Ticket(Asker(name)) for name in "ab"]
    for run in runs:
        run.follow = lambda run=run: heard.append((run.asker.visitor, run.state))  # type: ignore[misc]
        queue.enter(run)
        queue.outlive(run)
    assert heard[-1] == ("b", "parked") and queue.n_stopped == 1
    queue.leave(runs[0])
    assert heard[-1] == ("b", "aside")
