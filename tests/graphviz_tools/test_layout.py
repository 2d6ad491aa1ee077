"""The layout processes: bounded, confined, replaced, shared by threads."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from engine.sandbox import landlock
from graphviz_tools.render.graphviz_process import Answer
from graphviz_tools.render.graphviz_worker import Graphviz
from graphviz_tools.render.layout import MAX_CACHED, MAX_FAILED, Layout, LayoutError, TookTooLong

SMALL = "digraph { a -> b }"


def tangle(n: int) -> str:
    """A dense graph that dot needs minutes for."""
    edges = "".join(f"n{i} -> n{(i * 7 + j * j) % n};" for i in range(n) for j in range(1, 9))
    return f"digraph {{ nslimit=100; {edges} }}"


class Fake(Layout):
    """Layout whose process answers as the test says; ``asked`` are the requests that reached it."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self.asked: list[bytes] = []
        self._answers = list(answers)
        self.may_answer = threading.Event()
        self.may_answer.set()

    def _ask(self, request: bytes) -> Answer:
        self.asked.append(request)
        self.may_answer.wait(10)
        return self._answers.pop(0) if self._answers else Answer(b"+<svg>" + request)


@pytest.fixture
def layout():
    child = Layout(n=1)
    yield child
    child.close()


def test_svg_begins_with_its_element(layout: Layout) -> None:
    assert layout.svg(SMALL).startswith("<svg")


def test_a_text_is_laid_out_alone_though_a_longer_one_came_before() -> None:
    graphviz = Graphviz()
    assert b"longer" in graphviz.lay_out(b"digraph { a -> longer; longer -> c }")
    assert graphviz.lay_out(b"digraph { d -> ").startswith(b"-")  # what stood there before does not complete it


def test_the_same_text_is_laid_out_once(layout: Layout) -> None:
    first = layout.svg(SMALL)
    layout.close()
    assert layout.svg(SMALL) is first


def test_a_layout_that_takes_too_long_is_killed_and_the_next_one_works() -> None:
    layout = Layout(time_limit_s=0.5)
    layout.warm()
    with pytest.raises(TookTooLong, match=r"more than 0\.5 s"):
        layout.svg(tangle(1500))
    assert layout.svg("digraph { c -> d }").startswith("<svg")
    layout.close()


def test_a_text_that_is_no_dot_gives_a_reason(layout: Layout) -> None:
    for n in range(3):
        with pytest.raises(LayoutError, match="could not draw"):
            layout.svg(f"digraph {{ a{n} -> ")
    assert layout.svg(SMALL).startswith("<svg")


@pytest.mark.parametrize(
    "answer", [Answer(None, is_late=True), Answer(b"-it is odd")], ids=["took too long", "could not be drawn"]
)
def test_what_failed_is_not_tried_again_by_anybody(answer: Answer) -> None:
    layout = Fake(answer)
    for visitor in ("ada", "ada", "bob"):
        with pytest.raises(LayoutError):
            layout.of(visitor).svg(SMALL)
    assert layout.asked == [SMALL.encode()]


def test_a_process_killed_from_outside_is_asked_once_more() -> None:
    layout = Fake(Answer(None))
    assert layout.svg(SMALL) == f"<svg>{SMALL}"
    assert len(layout.asked) == 2


def test_a_text_that_ends_its_process_each_time_is_given_up() -> None:
    layout = Fake(*[Answer(None)] * 9)
    for _ in range(3):
        with pytest.raises(LayoutError, match="want of memory"):
            layout.svg(SMALL)
    assert len(layout.asked) == 2


def test_visitors_who_want_the_same_picture_at_once_share_it() -> None:
    layout = Fake()
    layout.may_answer.clear()
    threads = [threading.Thread(target=layout.svg, args=(SMALL, f"visitor {n}")) for n in range(6)]
    for thread in threads:
        thread.start()
    while not layout.asked:
        pass
    layout.may_answer.set()
    for thread in threads:
        thread.join()
    assert layout.asked == [SMALL.encode()]


def test_a_visitor_in_mid_layout_holds_up_nobody_else() -> None:
    layout = Fake()
    layout.may_answer.clear()
    slow = threading.Thread(target=layout.svg, args=(SMALL, "slow"))
    slow.start()
    while not layout.asked:
        pass
    quick = threading.Thread(target=layout.svg, args=("digraph { quick }", "quick"))
    quick.start()
    while len(layout.asked) < 2:
        pass
    layout.may_answer.set()
    slow.join()
    quick.join()


def test_a_child_that_died_is_replaced(layout: Layout) -> None:
    layout.svg(SMALL)
    (pid,) = layout.pids
    os.kill(pid, signal.SIGKILL)
    assert layout.svg("digraph { after }").startswith("<svg")
    assert pid not in layout.pids


def test_threads_may_ask_at_the_same_time() -> None:
    layout = Layout(n=2)
    answers: dict[int, str] = {}

    def ask(n: int) -> None:
        answers[n] = layout.svg(f"digraph {{ x{n} -> y{n} }}", f"visitor {n}")

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"x{n}" in answers[n] for n in range(8))
    assert len(layout.pids) == 2
    layout.close()
    assert layout.pids == ()


def test_what_is_remembered_is_bounded() -> None:
    layout = Fake(*[Answer(b"-no")] * (MAX_FAILED + 5))
    for n in range(MAX_FAILED + 5):
        with pytest.raises(LayoutError):
            layout.svg(f"digraph {{ z{n} }}")
    for n in range(MAX_CACHED + 5):
        layout.svg(f"digraph {{ y{n} }}")
    assert layout._failed.size == MAX_FAILED
    n_asked = len(layout.asked)
    for n in range(5, MAX_CACHED + 5):
        layout.svg(f"digraph {{ y{n} }}")
    assert len(layout.asked) == n_asked, "the last ones are still there"
    layout.svg("digraph { y4 }")
    assert len(layout.asked) == n_asked + 1, "and no more of them"


def test_pictures_that_made_room_for_others_no_longer_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphviz_tools.render.layout.MAX_CACHED_BYTES", 200)
    layout = Fake()
    for n in range(50):
        layout.svg(f"digraph {{ large{n:02} }} // {'x' * 60}")
    assert layout._drawn.size <= 200
    n_asked = len(layout.asked)
    for n in (48, 49):
        layout.svg(f"digraph {{ large{n:02} }} // {'x' * 60}")
    assert len(layout.asked) == n_asked, "the two drawn last are still there"


def test_a_picture_larger_than_all_that_is_kept_is_drawn_once_for_those_who_wait(monkeypatch) -> None:
    monkeypatch.setattr("graphviz_tools.render.layout.MAX_CACHED_BYTES", 10)
    layout = Fake()
    for _ in range(2):
        layout.svg(f"digraph {{ large }} // {'x' * 60}")
    assert len(layout.asked) == 1
    layout.svg("digraph { next }")
    assert layout._drawn.size <= 10


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word is asked for in /proc")
class TestConfined:
    def test_the_kernel_confines_the_process(self, layout: Layout) -> None:
        if not landlock.abi():
            pytest.skip("no Landlock here")
        layout.warm()
        (pid,) = layout.pids
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        assert layout.is_confined
        assert (status["Seccomp"], status["NoNewPrivs"], status["CapEff"]) == ("2", "1", "0" * 16)

    def test_a_confined_process_still_finds_fonts_for_every_script(self, layout: Layout) -> None:
        assert "变量" in layout.svg('digraph { "变量 ✂ שלום 😀" [fontname="Courier"] }')

    def test_it_gets_neither_environment_nor_descriptors_of_the_server(self, monkeypatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TOKEN", "secret")
        layout = Layout(n=1)
        with (tmp_path / "private").open("wb"):
            layout.warm()
            (pid,) = layout.pids
            if os.geteuid() != 0:
                pytest.skip("only root may look into a confined process")
            names = {entry.split(b"=")[0] for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") if entry}
            files = [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()]
        layout.close()
        assert names <= {b"PATH", b"LD_LIBRARY_PATH", b"LANG", b"HOME"}
        assert [file for file in files if not file.startswith(("pipe:", "/dev/null", "/memfd:"))] == []

    def test_it_ends_by_itself_when_the_server_is_gone_in_mid_layout(self) -> None:
        from graphviz_tools.render.graphviz_process import Child

        child = Child(1_000_000_000, seconds=0.3)
        assert child.ask(tangle(1500).encode(), seconds=60).text is None
        child._process.wait()
        assert child._process.returncode == -signal.SIGALRM
        child.stop()
