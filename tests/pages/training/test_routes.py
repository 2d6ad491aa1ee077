"""The page's routes: a desk is answered by its key and while its session lives, Plotly is kept by the browser."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message

from pages.ui.server.assets import Assets
from pages.ui.server.gate.places import WithPlace
from pages.ui.training import routes, shared
from pages.ui.training.desk import TrainingDesk, TrainingDesks
from tests.pages.training.hand import STARTED, candidate, eventually, losses

T = TypeVar("T")
here: set[str] = set()


@pytest.fixture
def desk(hand, monkeypatch) -> Iterator[TrainingDesk]:
    """A desk whose session, ada, is connected."""
    desks = TrainingDesks(here.__contains__)
    monkeypatch.setattr(shared, "desks", lambda: desks)
    here.add("ada")
    the_desk = TrainingDesk(hand)
    desks.keep(the_desk, "ada")
    yield the_desk
    here.clear()
    desks.close()


def answered(coroutine: Coroutine[Any, Any, T]) -> T:
    """What it gives, from a thread of its own: this one may have an event loop, of a browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def request(
    key: str, query: str = "", body: bytes = b"", headers: dict[str, str] | None = None, **path: str
) -> Request:
    sent = {"content-length": str(len(body)), **(headers or {})}
    scope = {
        "type": "http",
        "method": "POST" if body else "GET",
        "path": "/",
        "query_string": query.encode(),
        "headers": [(name.encode(), text.encode()) for name, text in sent.items()],
        "path_params": {"key": key, **path},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)


def act(key: str, **asked: Any) -> int:
    return answered(routes.act(request(key, body=json.dumps(asked).encode()))).status_code


def running(desk, hand):
    (run,) = desk.start([candidate()])
    hand.push(run.id, STARTED, losses(2.0))
    eventually(lambda: run.store.n_ticks)
    return run


def stream_of(answer: Response | WithPlace) -> StreamingResponse:
    assert isinstance(answer, WithPlace) and isinstance(answer.answer, StreamingResponse)
    return answer.answer


async def first_events(answer: StreamingResponse, n: int) -> list[bytes]:
    found = []
    async for chunk in answer.body_iterator:
        found.append(chunk)
        if len(found) == n:
            break
    return found  # type: ignore[return-value]


def test_updates_come_as_server_sent_events(desk, hand):
    running(desk, hand)

    async def listen():
        answer = stream_of(await routes.events(request(desk.key, "lang=zh")))
        assert answer.media_type == "text/event-stream"
        return await first_events(answer, 1)

    (event,) = answered(listen())
    assert event.startswith(b"data: {") and event.endswith(b"}\n\n") and event.count(b"\n") == 2
    update = json.loads(event[6:])
    assert update["runs"][0]["state"] == "运行中"
    assert update["curves"][0]["ys"] == [2.0]


def test_the_stream_ends_with_the_session(desk):
    async def listen():
        answer = stream_of(await routes.events(request(desk.key)))
        found = await first_events(answer, 1)
        here.clear()
        return found + [chunk async for chunk in answer.body_iterator]

    assert answered(listen())[-1].startswith(b"event: ended")  # type: ignore[union-attr]


def test_one_desk_has_so_many_streams_and_a_place_is_free_again_when_one_ends(desk):
    async def listen() -> tuple[list[int], int]:
        """The statuses of more streams than there are places, and of one more after the browser has closed one."""
        statuses: list[int] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        async def stream() -> None:
            answer = await routes.events(request(desk.key))
            await answer({"type": "http", "asgi": {"spec_version": "2.4"}}, asyncio.Queue().get, send)

        open_ones = [asyncio.ensure_future(stream()) for _ in range(routes.MOST_STREAMS_EACH)]
        while len(statuses) < routes.MOST_STREAMS_EACH:
            await asyncio.sleep(0)
        await stream()
        open_ones.pop().cancel()
        await asyncio.sleep(0)
        open_ones.append(asyncio.ensure_future(stream()))
        while len(statuses) < routes.MOST_STREAMS_EACH + 2:
            await asyncio.sleep(0)
        n_taken = routes.streams().n_taken
        for one in open_ones:
            one.cancel()
        await asyncio.wait(open_ones)
        return statuses, n_taken

    most = routes.MOST_STREAMS_EACH
    assert answered(listen()) == ([*[200] * most, 503, 200], most)
    assert routes.streams().n_taken == 0


@pytest.mark.parametrize("ask", [routes.events, routes.losses, routes.act])
def test_an_unknown_key_is_answered_with_nothing(desk, ask):
    assert answered(ask(request("guessed"))).status_code == 404


@pytest.mark.parametrize("ask", [routes.events, routes.losses, routes.act])
def test_a_key_whose_session_has_ended_is_unknown(desk, ask):
    here.clear()
    assert answered(ask(request(desk.key))).status_code == 404


def test_buttons_act(desk, hand):
    run = running(desk, hand)
    assert act(desk.key, what="pause", run=run.id) == 204
    assert run.store.phase == "paused"
    assert act(desk.key, what="stop", run=run.id) == 204
    assert run.wait(10)
    assert act(desk.key, what="stop", run=run.id) == 409


def test_two_sessions_do_not_reach_each_other(desk, hand):
    run = running(desk, hand)
    other = TrainingDesk(hand)
    here.add("eve")
    shared.desks().keep(other, "eve")
    assert act(other.key, what="stop", run=run.id) == 409
    assert not run.has_ended
    text = answered(routes.losses(request(other.key))).body
    assert bytes(text).splitlines() == [b"run,name,device,line,step,loss"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"what":"explode","run":"r"}'])
def test_nonsense_is_refused(desk, body):
    assert answered(routes.act(request(desk.key, body=body))).status_code == 400


def test_a_long_body_is_refused(desk):
    assert answered(routes.act(request(desk.key, body=b"x" * 3_000))).status_code == 413


@pytest.mark.parametrize(
    ("query", "epoch", "steps", "language"),
    [("", False, 0, "en"), ("per=epoch&steps=50&lang=zh", True, 50, "zh"), ("per=x&steps=-5&lang=de", False, 0, "en")],
)
def test_how_a_page_wants_its_curves(query, epoch, steps, language):
    wish = routes.wish(request("k", query))
    assert (wish.by_epoch, wish.epoch_steps, wish.language) == (epoch, steps, language)


def test_plotly_comes_from_the_wheel_compressed_and_is_kept(desk):
    answer = answered(routes.plotly(request("", headers={"accept-encoding": "gzip, br"}, version="any")))
    text = gzip.decompress(bytes(answer.body))
    assert text[:40].startswith(b"/**\n* plotly.js") and len(text) > 3_000_000
    assert len(bytes(answer.body)) < len(text) / 2
    assert "immutable" in answer.headers["cache-control"] and answer.headers["content-encoding"] == "gzip"


def test_the_modules_lie_in_a_folder_named_after_their_content(desk):
    answer = answered(routes.MODULES.answer(request("", digest="x", name="training.js")))
    assert b"export function mount" in bytes(answer.body) and "immutable" in answer.headers["cache-control"]
    assert answered(routes.MODULES.answer(request("", digest="x", name="../page.css"))).status_code == 404
    folders = {Assets("files", lambda text=text: {"training.js": text}).folder for text in ("one", "other", "one")}
    assert len(folders) == 2
