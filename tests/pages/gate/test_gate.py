"""What stands between Streamlit and the connection: strangers, files, paths, endless messages, headers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.ui.server.gate.frames import MOST_BYTES, ROOT, TOO_LATE, in_time, without_script
from pages.ui.server.gate.guard import MOST_SESSIONS_EACH, Gate
from pages.ui.server.visitor import COOKIE, new_cookie, visitor_of

HOST = (b"host", b"localhost:8501")
HTML = (b"content-type", b"text/html; charset=utf-8")


class Behind:
    """An application that answers with one frame or one page, and notes what it is given."""

    def __init__(self, frame: bytes = b"", status: int = 200, header: tuple[bytes, bytes] = HTML) -> None:
        self.frame, self.status, self.header = frame, status, header
        self.asked: list[str] = []
        self.scope: Scope = {}
        self.received: Message = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        self.scope, self.received = scope, await receive()
        if scope["type"] == "websocket":
            await send({"type": "websocket.send", "bytes": self.frame})
        else:
            await send({"type": "http.response.start", "status": self.status, "headers": [self.header]})
            await send({"type": "http.response.body", "body": b"page"})


class Broken:
    """An application that fails, before it answers or when it has begun to."""

    def __init__(self, *, begins: bool) -> None:
        self.begins = begins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.begins:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError


def through(app: Any, kind: str, path: str, message: Message | None = None, **more: Any) -> list[Message]:
    """What a browser gets that asks for ``path`` and sends ``message``."""
    return run(passed(Gate(app, lambda: "trusted"), scope(kind, path, **more), message))


async def passed(gate: Gate, asked: Scope, message: Message | None = None) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return message or {"type": "http.request", "body": b""}

    async def send(one: Message) -> None:
        sent.append(one)

    await gate(asked, receive, send)
    return sent


def scope(kind: str, path: str, *headers: tuple[bytes, bytes], method: str = "GET", scheme: str = "http") -> Scope:
    """A request of a page of the server's own."""
    origin = (b"origin", b"http://localhost:8501")
    return {
        "type": kind,
        "path": path,
        "method": method,
        "scheme": scheme,
        "server": ("127.0.0.1", 8501),
        "headers": [HOST, origin, *headers],
        "extensions": {"websocket.http.response": {}},
    }


def run(work: Coroutine[Any, Any, Any]) -> Any:
    with ThreadPoolExecutor(1) as own:  # a thread of its own: Playwright's loop may run in this one
        return own.submit(lambda: asyncio.run(work)).result()


def headers_of(answer: list[Message]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in answer[0]["headers"]}


@pytest.mark.parametrize("path", ["/_stcore/upload_file/session/file", "/behind/a/_stcore/upload_file/x/y"])
def test_a_file_is_refused_before_it_is_read(path: str) -> None:
    app = Behind()
    answer = through(app, "http", path, method="PUT")
    assert answer[0]["status"] == 403 and app.asked == []


def test_other_requests_pass() -> None:
    app = Behind()
    through(app, "http", "/healthz")
    assert app.asked == ["/healthz"]


def test_the_scripts_path_stays_here() -> None:
    frame = ForwardMsg()
    frame.new_session.main_script_path = str(ROOT / "pages" / "ui" / "frame.py")
    frame.new_session.name = "frame"
    (message,) = through(
        Behind(frame.SerializeToString()), "websocket", "/_stcore/stream", {"type": "websocket.receive", "bytes": b"x"}
    )
    told = ForwardMsg.FromString(message["bytes"])
    assert str(ROOT).encode() not in message["bytes"]
    assert (told.new_session.main_script_path, told.new_session.name) == ("app", "frame")


def test_a_frame_of_another_kind_stays_as_it_is_even_where_a_program_prints_that_path() -> None:
    frame = ForwardMsg()
    frame.delta.new_element.text.body = str(ROOT)
    assert without_script(frame.SerializeToString()) == frame.SerializeToString()


@pytest.mark.parametrize("kind", ["bytes", "text"])
def test_a_message_that_is_too_long_is_the_end_of_its_connection(kind: str) -> None:
    for length, arrives in ((MOST_BYTES, True), (MOST_BYTES + 1, False)):
        app = Behind()
        message = {"type": "websocket.receive", kind: b"x" * length if kind == "bytes" else "x" * length}
        through(app, "websocket", "/_stcore/stream", message)
        assert (app.received == message) is arrives
        assert arrives or (app.received["type"], app.received["code"]) == ("websocket.disconnect", 1009)


EVERY = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "x-frame-options",
    "cross-origin-resource-policy",
    "cross-origin-opener-policy",
}


@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/upload_file/x/y", "/_stcore/host-config", "no-path"])
def test_every_answer_has_the_headers_refusals_too(path: str) -> None:
    assert set(headers_of(through(Behind(), "http", path))) >= EVERY
    assert set(headers_of(through(Behind(), "websocket", "no-path"))) >= EVERY


@pytest.mark.parametrize(("begins", "status"), [(False, 500), (True, 200)])
def test_an_application_that_fails_answers_once_and_with_the_headers(begins: bool, status: int) -> None:
    gate, sent = Gate(Broken(begins=begins), lambda: "trusted"), []

    async def send(one: Message) -> None:
        sent.append(one)

    with pytest.raises(ZeroDivisionError):
        run(gate(scope("http", "/"), asyncio.Queue().get, send))
    assert [one["status"] for one in sent if "status" in one] == [status] and set(headers_of(sent)) >= EVERY


def test_a_header_of_the_answer_itself_is_kept() -> None:
    answer = through(Behind(header=(b"referrer-policy", b"no-referrer")), "http", "/")
    assert [value for name, value in answer[0]["headers"] if name == b"referrer-policy"] == [b"no-referrer"]


@pytest.mark.parametrize("path", ["/_stcore/host-config", "/behind/a/_stcore/host-config"])
def test_nobody_may_send_messages_into_the_page(path: str) -> None:
    app = Behind()
    body = json.loads(through(app, "http", path)[1]["body"])
    assert body["allowedOrigins"] == [] and body["enableCustomParentMessages"] is False and app.asked == []


def test_a_page_gives_a_browser_a_name_unless_it_has_one() -> None:
    cookie = SimpleCookie(headers_of(through(Behind(), "http", "/"))["set-cookie"])[COOKIE]
    assert visitor_of({COOKIE: cookie.value}) is not None
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", "")
    known = (b"cookie", f"other=1; {COOKIE}={cookie.value}".encode())
    assert "set-cookie" not in headers_of(answer_to(known))
    forged = (b"cookie", f"{COOKIE}={'0' * 32}.{'0' * 32}".encode())
    assert "set-cookie" in headers_of(answer_to(forged))


def answer_to(*headers: tuple[bytes, bytes], app: Behind | None = None) -> list[Message]:
    return run(passed(Gate(app or Behind(), lambda: "trusted"), scope("http", "/", *headers)))


def test_over_tls_the_name_is_never_sent_in_the_open() -> None:
    asked = {**scope("http", "/"), "scheme": "https", "headers": [HOST]}
    answer = run(passed(Gate(Behind(), lambda: "trusted"), asked))
    assert headers_of(answer)["set-cookie"].endswith("; Secure")


def test_only_a_page_gives_the_name_even_one_that_the_browser_has_kept() -> None:
    assert "set-cookie" not in headers_of(answer_to(app=Behind(header=(b"content-type", b"text/javascript"))))
    kept = Behind(status=304, header=(b"etag", b"x"))
    assert "set-cookie" in headers_of(answer_to((b"accept", b"text/html,*/*"), app=kept))
    assert "set-cookie" not in headers_of(answer_to((b"accept", b"*/*"), app=kept))


def test_streamlit_finds_the_origin_in_the_words_of_the_host() -> None:
    """It compares them as text; where they differ it asks the network for this computer's address."""
    app = Behind()
    asked = scope("websocket", "/_stcore/stream")
    asked["headers"] = [HOST, (b"origin", b"HTTP://LOCALHOST:8501")]
    run(passed(Gate(app, lambda: "trusted"), asked, {"type": "websocket.receive", "bytes": b"x"}))
    assert dict(app.scope["headers"])[b"origin"] == b"http://localhost:8501"


def test_a_browser_that_asks_for_nothing_is_sent_away() -> None:
    async def waits() -> list[str]:
        queue: asyncio.Queue[Message] = asyncio.Queue()
        queue.put_nowait({"type": "websocket.connect"})
        receive = in_time(queue.get, first_s=0.01)
        return [(await receive())["type"], (await receive())["reason"]]

    assert run(waits()) == ["websocket.connect", TOO_LATE["reason"]]


def test_a_browser_that_has_asked_may_rest() -> None:
    async def waits() -> bool:
        queue: asyncio.Queue[Message] = asyncio.Queue()
        queue.put_nowait({"type": "websocket.receive", "bytes": b"x"})
        receive = in_time(queue.get, first_s=0.01)
        await receive()
        resting = asyncio.ensure_future(receive())
        _, pending = await asyncio.wait([resting], timeout=0.05)
        resting.cancel()
        return bool(pending)

    assert run(waits())


def test_one_browser_has_so_many_pages_and_no_more() -> None:
    async def opened() -> tuple[int, int, int]:
        everybody_in, n_in = asyncio.Event(), 0

        async def stays(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal n_in
            n_in += 1
            await everybody_in.wait()

        gate = Gate(stays, lambda: "trusted")
        mine = scope("websocket", "/", (b"cookie", f"{COOKIE}={new_cookie()}".encode()))
        tabs = [asyncio.ensure_future(passed(gate, mine)) for _ in range(MOST_SESSIONS_EACH)]
        await asyncio.sleep(0)
        before, refused = n_in, await passed(gate, mine)
        other = scope("websocket", "/", (b"cookie", f"{COOKIE}={new_cookie()}".encode()))
        tabs.append(asyncio.ensure_future(passed(gate, other)))
        await asyncio.sleep(0)
        everybody_in.set()
        await asyncio.gather(*tabs)
        return before, refused[0]["status"], n_in

    assert run(opened()) == (MOST_SESSIONS_EACH, 503, MOST_SESSIONS_EACH + 1)
