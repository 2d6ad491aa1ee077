"""A visitor who speaks the browser's protocol: opens the app, runs programs, changes pages, and times the answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.e2e.streamlit_socket import streamlit_socket

ANSWER_S = 60.0
INTERNAL = "$$STREAMLIT_INTERNAL_KEY"


class VisitError(AssertionError):
    """The app did not answer as it should."""


class Visitor:
    """One session. What the page shows is known by its player's data."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._player = ""  # the component's id
        self._shown: dict[str, Any] = {}  # the last data it was given
        self._payload: dict[str, Any] = {}  # the last picture
        self._pages: dict[str, str] = {}  # address -> what the server calls it
        self._fragment = ""  # that asks to be run again and again
        self.place_seen = False  # whether the page told a place in the queue

    def open(self, query: str = "") -> float:
        """Seconds from asking for the page to its picture."""
        started = time.perf_counter()
        self._ask(query=query)
        self._until_settled()
        return time.perf_counter() - started

    def run(self, source: str) -> float:
        """Seconds from pressing Run to the picture of the new result."""
        before, started = self._payload.get("run_key"), time.perf_counter()
        self.press(source)
        self._until_settled()
        if self._payload.get("run_key") == before:
            raise VisitError("the picture is still the one of the run before")
        return time.perf_counter() - started

    def press(self, source: str) -> None:
        """Press Run and do not wait."""
        trigger = WidgetState(
            id=f"{INTERNAL}_{self._player}__events",
            json_trigger_value=json.dumps([{"event": "run", "value": {"source": source, "at": time.perf_counter()}}]),
        )
        self._ask(states=[WidgetState(id=self._player, json_value="{}"), trigger])

    def drain(self) -> None:
        """Read whatever comes, until the connection ends."""
        with suppress(ConnectionClosed):
            while True:
                self._socket.recv()

    def go(self, page: str) -> float:
        """Seconds from choosing a page to its end of drawing."""
        started = time.perf_counter()
        self._ask(page=self._pages[page])
        self._read()
        return time.perf_counter() - started

    @property
    def steps(self) -> int:
        return len(self._payload.get("steps", ()))

    @property
    def text(self) -> str:
        """Everything the picture says, as JSON."""
        return json.dumps(self._payload, ensure_ascii=False)

    def _until_settled(self) -> None:
        deadline = time.monotonic() + ANSWER_S
        self._read()
        while self._shown.get("running") or not self._shown.get("payload"):
            if time.monotonic() > deadline:
                raise VisitError(f"no picture after {ANSWER_S:g} s")
            time.sleep(0.1)
            self._ask(fragment=self._fragment)
            self._read()

    def _ask(
        self, *, query: str = "", page: str = "", fragment: str = "", states: list[WidgetState] | None = None
    ) -> None:
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment)
        message.rerun_script.widget_states.widgets.extend(states or [])
        if not fragment:
            self._fragment = ""
        self._socket.send(message.SerializeToString())

    def _read(self) -> None:
        """Until the script's run is over; a run that asks for another one goes on."""
        while True:
            data = self._socket.recv(timeout=ANSWER_S)
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            match message.WhichOneof("type"):
                case "delta":
                    self._take(message)
                case "navigation":
                    self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
                case "auto_rerun":
                    self._fragment = message.auto_rerun.fragment_id
                case "script_finished":
                    if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        return
                case "session_event" if message.session_event.HasField("script_compilation_exception"):
                    raise VisitError("the page's script does not compile")

    def _take(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise VisitError(f"the page shows an exception: {element.exception.message}")
        if kind == "markdown" and ("in the queue" in element.markdown.body):
            self.place_seen = True
        if kind == "bidi_component" and element.bidi_component.bytes:
            self._player = element.bidi_component.id
            self._shown = json.loads(element.bidi_component.bytes)
            if self._shown.get("payload"):
                self._payload = self._shown["payload"]


V = TypeVar("V", bound=Visitor)


@contextmanager
def visit(url: str, cookie: str | None = None, kind: type[V] = Visitor) -> Iterator[V]:
    """A new session on the server at ``url``, of a browser of its own; or of the one with ``cookie``, "" for none."""
    with streamlit_socket(url, cookie=cookie) as socket:
        yield kind(socket)
