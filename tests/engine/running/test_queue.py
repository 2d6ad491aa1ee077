"""The gate before the processes: fair between sessions."""

from __future__ import annotations

import threading

from engine.running.queue import Queue, Ticket
from tests.engine.running.processes import comes_true


def passed(queue: Queue, asked: list[str]) -> list[str]:
    """The order in which runs of these sessions pass a gate of one place that somebody holds until all have asked."""
    order: list[str] = []
    assert queue.enter("holder", threading.Event())

    def go(name: str) -> None:
        queue.enter(name[0], threading.Event())
        order.append(name)
        queue.leave(name[0])

    threads = []
    for n, name in enumerate(asked, 1):
        threads.append(threading.Thread(target=go, args=(name,)))
        threads[-1].start()
        assert comes_true(lambda n=n: queue.n_waiting == n, 10)  # type: ignore[misc]
    queue.leave("holder")
    for thread in threads:
        thread.join(10)
    return order


def test_a_sessions_second_run_waits_behind_everybodys_first() -> None:
    assert passed(Queue(1), ["a1", "a2", "a3", "b1", "c1", "b2"]) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_who_has_a_run_under_way_comes_after_who_has_none() -> None:
    queue, never = Queue(2), threading.Event()
    assert queue.enter("loops", never) and queue.enter("other", never)
    second, first = Ticket("loops"), Ticket("new")
    for ticket in (second, first):
        threading.Thread(target=queue.enter, args=(ticket.session, never, ticket), daemon=True).start()
        assert comes_true(lambda ticket=ticket: queue.place(ticket) is not None, 10)  # type: ignore[misc]
    assert (queue.place(first), queue.place(second)) == (1, 2)
    queue.leave("other")
    assert comes_true(lambda: queue.place(first) is None, 10)
    assert (queue.place(second), queue.n_inside, queue.n_waiting) == (1, 2, 1)
    queue.leave("loops")
    assert comes_true(lambda: queue.place(second) is None, 10)


def test_a_cancelled_run_leaves_the_queue_without_a_place() -> None:
    queue, cancelled = Queue(1), threading.Event()
    assert queue.enter("a", threading.Event())
    got: list[bool] = []
    waiting = threading.Thread(target=lambda: got.append(queue.enter("b", cancelled)))
    waiting.start()
    assert comes_true(lambda: queue.n_waiting == 1, 10)
    cancelled.set()
    queue.wake()
    waiting.join(10)
    assert got == [False] and queue.n_waiting == 0
    queue.leave("a")
    assert queue.enter("c", threading.Event())
