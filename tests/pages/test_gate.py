"""What stands between Streamlit and the connection: no files, no paths, no endless messages."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.ui.gate import MOST_BYTES, ROOT, Gate, without_script


class Behind:
    """An application that sends one frame and notes what it is given."""

    def __init__(self, frame: bytes = b"") -> None:
        self.frame = frame
        self.asked: list[str] = []
        self.received: Message = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        self.received = await receive()
        await send({"type": "websocket.send", "bytes": self.frame})


def through(app: Behind, kind: str, path: str, message: Message | None = None) -> list[Message]:
    """What a browser gets that asks for ``path`` and sends ``message``."""
    sent: list[Message] = []

    async def receive() -> Message:
        return message or {"type": "http.request", "body": b""}

    async def send(one: Message) -> None:
        sent.append(one)

    scope: dict[str, Any] = {"type": kind, "path": path, "method": "PUT", "headers": []}
    with ThreadPoolExecutor(1) as own:  # a thread of its own: Playwright's loop may run in this one
        own.submit(lambda: asyncio.run(Gate(app)(scope, receive, send))).result()  # type: ignore[arg-type]
    return sent


@pytest.mark.parametrize("path", ["/_stcore/upload_file/session/file", "/behind/a/_stcore/upload_file/x/y"])
def test_a_file_is_refused_before_it_is_read(path: str) -> None:
    app = Behind()
    answer = through(app, "http", path)
    assert answer[0]["status"] == 403 and app.asked == []


def test_other_requests_pass() -> None:
    app = Behind()
    through(app, "http", "/healthz")
    assert app.asked == ["/healthz"]


def test_the_scripts_path_stays_here() -> None:
    frame = ForwardMsg()
    frame.new_session.main_script_path = str(ROOT / "pages" / "ui" / "frame.py")
    frame.new_session.name = "frame"
    (message,) = through(Behind(frame.SerializeToString()), "websocket", "/_stcore/stream", {"bytes": b"x"})
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
