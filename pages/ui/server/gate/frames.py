"""What goes over a WebSocket: messages no longer than any program, soon a first one, and no path of the server.

Streamlit tells every browser where the app's script lies, and has one bound for messages both ways.
"""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from engine.installation import ROOT

MOST_BYTES = 4_000_000  # of a message from a browser: a program of MAX_SOURCE characters, however it is written
FIRST_S = 15.0  # until a browser asks for its page; it does so at once
TOO_BIG: Message = {"type": "websocket.disconnect", "code": 1009, "reason": "message too long"}
TOO_LATE: Message = {"type": "websocket.disconnect", "code": 1008, "reason": "nothing was asked"}
SCRIPT = "app"  # what a browser is told of the script's path


def bounded(receive: Receive) -> Receive:
    """As if the browser had left when it sends too much."""

    async def receiving() -> Message:
        message = await receive()
        return TOO_BIG if len(message.get("bytes") or message.get("text") or b"") > MOST_BYTES else message

    return receiving


def in_time(receive: Receive, first_s: float = FIRST_S) -> Receive:
    """As if the browser had left when it asks for nothing."""
    has_asked = False

    async def receiving() -> Message:
        nonlocal has_asked
        if has_asked:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), first_s)
        except asyncio.TimeoutError:
            return TOO_LATE
        has_asked = message["type"] != "websocket.connect"
        return message

    return receiving


def without_paths(send: Send) -> Send:
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
