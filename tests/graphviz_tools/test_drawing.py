"""The drawing processes: the same answers as the library, and an end to what takes too much."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec
import pytest

from engine.contract.packed import Packed
from engine.contract.trace import NodeRecord, Program, Trace
from engine.text.language import N_
from graphviz_tools.drawing import worker
from graphviz_tools.drawing.processes import Drawing, DrawingError
from graphviz_tools.drawing.requests import ComparisonOf, FindingsOf, FlowOf, GradientsOf, PairOf, PayloadOf, Request
from graphviz_tools.picture import show
from graphviz_tools.render.layout import Layout, LayoutError, TookTooLong
from tests.graphviz_tools.traces import mutated

PAYLOAD = PayloadOf("backward", 0, "en")


class Sketch(Layout):
    """Draws nothing, and counts."""

    def __init__(self) -> None:
        super().__init__()
        self.n = 0

    def svg(self, dot: str, visitor: str = "") -> str:
        self.n += 1
        return "<svg>é</svg>"


class Fails(Layout):
    def __init__(self, error: LayoutError) -> None:
        super().__init__()
        self.error = error

    def svg(self, dot: str, visitor: str = "") -> str:
        raise self.error


@pytest.fixture(scope="module")
def drawing() -> Iterator[Drawing]:
    the_drawing = Drawing(Sketch())
    yield the_drawing
    the_drawing.close()


def recorded(printed: str = "silent") -> Packed:
    return Packed.of(msgspec.structs.replace(mutated("data"), stdout=printed))


def large(n: int) -> Trace:
    return Trace(Program("x\n"), "ok", nodes=tuple(NodeRecord(f"N{i}") for i in range(n)))


@pytest.mark.parametrize(
    "request_",
    [PAYLOAD, PayloadOf("combined", None, "zh", 0), FlowOf(0, "en", "dark"), FindingsOf(), GradientsOf()],
    ids=lambda request: type(request).__name__,
)
def test_the_answer_is_the_librarys_own(drawing: Drawing, request_: Request) -> None:
    assert drawing.ask(request_, [recorded()]) == request_.make([recorded().trace()], Sketch())


def test_requests_about_several_recordings(drawing: Drawing) -> None:
    pair = [recorded("one"), Packed.of(mutated("detach"))]
    for request in (PairOf("en"), ComparisonOf("x\n", (), "en")):
        chosen = pair if isinstance(request, PairOf) else []
        assert drawing.ask(request, chosen) == request.make([one.trace() for one in chosen], Sketch())


def test_a_layout_that_fails_is_told_as_in_the_library() -> None:
    for error in (TookTooLong(2), LayoutError("no")):
        drawing = Drawing(Fails(error))
        told = drawing.ask(PAYLOAD, [recorded()]).no_picture
        drawing.close()
        trace = recorded().trace()
        assert told == show(trace, _=N_, language="en", run=0, editable=True, layout=Fails(error)).no_picture != ""


def test_a_drawing_that_takes_too_long_is_ended_remembered_and_the_next_one_works() -> None:
    layout = Sketch()
    drawing = Drawing(layout, n=1, time_limit_s=0.3)
    assert drawing.ask(PAYLOAD, [recorded()]).svg
    for _ in range(2):
        with pytest.raises(DrawingError) as raised:
            drawing.ask(PAYLOAD, [Packed.of(large(200_000))])
        assert raised.value.why == "time"
    assert drawing.n_given_up == 1
    assert drawing.ask(PAYLOAD, [recorded("again")]).svg
    drawing.close()


def test_a_drawing_that_takes_too_much_memory_is_given_up() -> None:
    drawing = Drawing(Sketch(), n=1, time_limit_s=60, memory_bytes=150_000_000)
    with pytest.raises(DrawingError) as raised:
        drawing.ask(PAYLOAD, [Packed.of(large(200_000))])
    assert raised.value.why == "memory"
    assert drawing.ask(PAYLOAD, [recorded()]).svg
    drawing.close()


def test_a_process_that_somebody_killed_is_replaced(drawing: Drawing) -> None:
    drawing.ask(PAYLOAD, [recorded()])
    for process in drawing.processes():
        process.kill()
        process.wait()
    assert drawing.ask(FlowOf(0, "zh", "light"), [recorded()]).svg


def test_a_visitor_has_one_request_under_way_and_others_do_not_wait_for_it() -> None:
    goes_on, began = threading.Event(), threading.Semaphore(0)
    at_once: list[int] = []
    under_way: list[str] = []

    class Slow(Layout):
        def svg(self, dot: str, visitor: str = "") -> str:
            if "slow" in threading.current_thread().name:
                under_way.append(dot)
                at_once.append(len(under_way))
                began.release()
                goes_on.wait(30)
                under_way.pop()
            return "<svg></svg>"

    drawing = Drawing(Slow(), n=2)
    views = [PayloadOf("backward", 0, "en", tensor) for tensor in (None, 0, 1)]
    threads = [
        threading.Thread(target=drawing.ask, args=(view, [recorded()], "greedy"), name=f"slow {n}")
        for n, view in enumerate(views)
    ]
    for thread in threads:
        thread.start()
    assert began.acquire(timeout=30)
    assert drawing.ask(PAYLOAD, [recorded()], "honest").svg
    goes_on.set()
    for thread in threads:
        thread.join(30)
    assert at_once == [1, 1, 1]
    drawing.close()


def test_an_error_of_ours_is_told_as_one_and_the_process_goes_on(drawing: Drawing) -> None:
    with pytest.raises(DrawingError) as raised:
        drawing.ask(PayloadOf("combined", 0, "en"), [])
    assert raised.value.why == "error"
    assert drawing.ask(FindingsOf(), [recorded("after")]) is not None


def test_an_answer_that_no_browser_would_take_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MOST_ANSWER", 100)
    kept = worker.Recordings(lambda body: worker.msgspec.msgpack.encode(recorded().trace()))
    frame = worker.msgspec.msgpack.encode(worker.Envelope(("k",), PAYLOAD))
    assert worker.answer(frame, kept, Sketch()) == b"-size"


def test_recordings_are_kept_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def ask(body: bytes) -> bytes:
        asked.append(body)
        return worker.msgspec.msgpack.encode(recorded().trace())

    size = len(ask(b""))
    monkeypatch.setattr(worker, "KEPT_BYTES", 2 * size)
    kept = worker.Recordings(ask)
    for key in "abacabc":
        kept.trace(key)
    assert asked[1:] == [b"Ta", b"Tb", b"Tc", b"Tb", b"Tc"]
