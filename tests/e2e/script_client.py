"""A visitor without a browser: Streamlit's websocket, spoken raw, to time script runs alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

from tests.e2e.streamlit_socket import streamlit_socket


class ScriptClient:
    """One session on a server; :meth:`rerun_s` runs the page's script once more."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def rerun_s(self) -> float:
        """Seconds from asking for a run of the script to being told that it has finished."""
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        started = perf_counter()
        self._socket.send(ask.SerializeToString())
        self.read_until_finished()
        return perf_counter() - started

    def read_until_finished(self) -> list[ForwardMsg]:
        """The messages of one run of the script."""
        messages = []
        while True:
            answer = self._socket.recv(timeout=30)
            assert isinstance(answer, bytes)
            messages.append(ForwardMsg.FromString(answer))
            if messages[-1].WhichOneof("type") == "script_finished":
                return messages


@contextmanager
def session(url: str) -> Iterator[ScriptClient]:
    """A new session on the server at ``url``."""
    with streamlit_socket(url) as socket:
        yield ScriptClient(socket)
