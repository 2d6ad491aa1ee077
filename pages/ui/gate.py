"""What no browser gets and none may send: the server's paths, files, and messages longer than any program.

Streamlit tells every browser where the app's script lies, takes files for widgets that no page has, and has one bound
for messages both ways. All three are seen to here, between Streamlit and the connection.
"""

from __future__ import annotations

from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parents[2]
UPLOADS = "/_stcore/upload_file/"
MOST_BYTES = 4_000_000  # of a message from a browser: a program of MAX_SOURCE characters, however it is written
TOO_BIG: Message = {"type": "websocket.disconnect", "code": 1009, "reason": "message too long"}
SCRIPT = "app"  # what a browser is told of the script's path


class Gate:
    """An ASGI application around Streamlit's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and UPLOADS in scope["path"]:
            await PlainTextResponse("no page of this app takes files\n", status_code=403)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, _bounded(receive), _without_paths(send))
        else:
            await self._app(scope, receive, send)


def _bounded(receive: Receive) -> Receive:
    """As if the browser had left when it sends too much."""

    async def receiving() -> Message:
        message = await receive()
        return TOO_BIG if len(message.get("bytes") or message.get("text") or b"") > MOST_BYTES else message

    return receiving


def _without_paths(send: Send) -> Send:
    async def sending(message: Message) -> None:
        data = message.get("bytes")
        await send({**message, "bytes": without_script(data)} if data else message)

    return sending


def without_script(data: bytes) -> bytes:
    """A frame for a browser without the path of the script; any other frame as it is."""
    if str(ROOT).encode() not in data:
        return data
    frame = ForwardMsg.FromString(data)
    if frame.WhichOneof("type") != "new_session":
        return data
    frame.new_session.main_script_path = SCRIPT
    return frame.SerializeToString()
