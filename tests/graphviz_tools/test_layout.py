"""The layout process: bounded, restarted, shared by threads."""

from __future__ import annotations

import os
import signal
import threading
from time import perf_counter

import pytest

from graphviz_tools.layout import Layout, LayoutError, TookTooLong

SMALL = "digraph { a -> b }"


def tangle(n: int) -> str:
    """A dense graph that dot needs minutes for."""
    edges = "".join(f"n{i} -> n{(i * 7 + j * j) % n};" for i in range(n) for j in range(1, 9))
    return f"digraph {{ nslimit=100; {edges} }}"


@pytest.fixture
def layout():
    child = Layout()
    yield child
    child.close()


def test_svg_begins_with_its_element(layout: Layout) -> None:
    assert layout.svg(SMALL).startswith("<svg")


def test_the_same_text_is_laid_out_once(layout: Layout) -> None:
    first = layout.svg(SMALL)
    layout.close()
    assert layout.svg(SMALL) is first


def test_a_layout_that_takes_too_long_is_killed_and_the_next_one_works() -> None:
    layout = Layout(time_limit_s=0.5)
    layout.svg(SMALL)
    began = perf_counter()
    with pytest.raises(TookTooLong, match=r"more than 0\.5 s"):
        layout.svg(tangle(1500))
    assert perf_counter() - began < 10
    assert layout.svg("digraph { c -> d }").startswith("<svg")
    layout.close()


def test_a_text_that_is_no_dot_gives_a_reason(layout: Layout) -> None:
    with pytest.raises(LayoutError, match="could not draw"):
        layout.svg("digraph { a -> ")
    assert layout.svg(SMALL).startswith("<svg")


def test_a_child_that_died_is_replaced(layout: Layout) -> None:
    layout.svg(SMALL)
    (pid,) = layout.pids
    os.kill(pid, signal.SIGKILL)
    assert layout.svg("digraph { after }").startswith("<svg")


def test_threads_may_ask_at_the_same_time(layout: Layout) -> None:
    answers: dict[int, str] = {}

    def ask(n: int) -> None:
        answers[n] = layout.svg(f"digraph {{ x{n} -> y{n} }}")

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"x{n}" in answers[n] for n in range(8))


def test_the_cache_is_bounded(layout: Layout) -> None:
    for n in range(80):
        layout.svg(f"digraph {{ z{n} }}")
    assert len(layout._drawn) == 64
