"""Connections that give nothing and keep everything: what the others wait meanwhile, and whether they end."""

from __future__ import annotations

import json
import resource
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

from pages.ui.server.gate.connections import LOOK_S, REQUEST_S, STUCK_S
from pages.ui.training.routes import MOST_STREAMS_EACH, plotly_path
from tests.attack.gate import HANDSHAKE
from tests.attack.http import answer_of, head
from tests.attack.memory import left, rss_mb
from tests.attack.row import Row
from tests.e2e.script_client import ScriptClient
from tests.e2e.serving import Server, serve
from tests.e2e.streamlit_socket import streamlit_socket
from tests.load.load import p
from tests.load.visitor import visit

N = 200
P95_S = 0.25  # of /healthz meanwhile, on two busy cores
LATE_S = REQUEST_S + 3 * LOOK_S + 5  # a loaded machine may be late
HONEST = "import torch\nx = torch.ones(2, requires_grad=True)\n(x * x).sum().backward()\n"
KEPT = {"Connection": "keep-alive"}
Begin = Callable[[Server], bytes]


def rows() -> Iterator[Row]:
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        with visit(server.url) as visitor:  # what the first visitor makes the server import is nobody's flood
            visitor.open()
            visitor.run(HONEST)
        with streamlit_socket(server.url) as page:
            _events_path(page)
        start_mb = rss_mb(server)
        for what, begin in KINDS.items():
            yield from _flood(server, what, begin)
        yield _trickle(server)
        yield _unread(server)
        yield from _streams(server)
        yield left(server, start_mb)
    yield from _few_descriptors()


def _own(server: Server) -> dict[str, str]:
    return {"Host": server.url.removeprefix("http://")}


def _request(path: str, method: str = "GET", **headers: str) -> Begin:
    return lambda server: head(path, {**_own(server), **headers}, method)


KINDS: dict[str, Begin] = {
    "connections that say nothing": lambda _: b"",
    "half of a request": lambda server: _request("/")(server)[:-9],
    "a body that never comes": _request("/training/key/act", "POST", **KEPT, **{"Content-Length": "1000"}),
    "a file that never comes": _request("/_stcore/upload_file/a/b", "PUT", **KEPT, **{"Content-Length": "1000000"}),
    "silence after an answer": _request("/healthz"),
    "sessions that ask for nothing": lambda server: head("/_stcore/stream", {**_own(server), **HANDSHAKE}),
}


def _flood(server: Server, what: str, begin: Begin) -> Iterator[Row]:
    """200 at once; they may have answers, then they must be closed."""
    with ExitStack() as stack:
        sent, started = begin(server), time.monotonic()
        crowd = [stack.enter_context(_connected(server)) for _ in range(N)]
        for one in crowd:
            one.sendall(sent)
        yield _meanwhile(server, f"{N} x {what}: /healthz, p95")
        n_ended = _n_ended(crowd, started + LATE_S)
        took = time.monotonic() - started
        yield Row(f"{N} x {what}: ended", f"all in {LATE_S:g} s", f"{n_ended} after {took:.0f} s", n_ended == N)


def _trickle(server: Server) -> Row:
    """A byte each half second is no progress either."""
    with _connected(server) as one:
        started, rest = time.monotonic(), iter(f"GET /{'x' * 10_000}".encode())
        while time.monotonic() < started + LATE_S and not _n_ended([one], time.monotonic() + 0.5):
            try:
                one.sendall(bytes([next(rest)]))
            except OSError:
                break
        took = time.monotonic() - started
    return Row("a request a byte at a time: ended", f"in {LATE_S:g} s", f"{took:.0f} s", took < LATE_S)


def _unread(server: Server) -> Row:
    """Plotly's 5 MB for a reader who does not read."""
    with _connected(server, receive_buffer=4096) as one:
        one.sendall(head(plotly_path(), _own(server)))
        started, limit_s = time.monotonic(), STUCK_S + 3 * LOOK_S + 10
        poll = select.poll()
        poll.register(one, select.POLLERR | select.POLLHUP)
        ended = bool(poll.poll(1000 * limit_s))
        took = time.monotonic() - started
    return Row("an answer that nobody reads: ended", f"in {limit_s:g} s", f"{took:.0f} s", ended)


def _streams(server: Server) -> Iterator[Row]:
    """200 event streams on one training desk, whose page is open."""
    with streamlit_socket(server.url) as page, ExitStack() as stack:
        request = head(_events_path(page), _own(server))
        crowd = [stack.enter_context(_connected(server)) for _ in range(N)]
        for one in crowd:
            one.sendall(request)
        statuses = Counter(answer_of(one, is_handshake=True).status for one in crowd)
        seen = ", ".join(f"{n} x {status}" for status, n in sorted(statuses.items()))
        most = MOST_STREAMS_EACH
        yield Row(f"{N} event streams on one key", f"{most} x 200", seen, statuses[200] == most)
        yield _meanwhile(server, "the same: /healthz, p95")


def _events_path(page: ClientConnection) -> str:
    """The address of the stream of the session's training desk."""
    pages = [one for told in _drawn(page, "") for one in told.navigation.app_pages]
    training = next(one.page_script_hash for one in pages if one.url_pathname == "training")
    shown = [told.delta.new_element.bidi_component.json for told in _drawn(page, training)]
    return next(json.loads(data)["events"] for data in shown if "events" in data)


def _drawn(page: ClientConnection, page_hash: str) -> list[ForwardMsg]:
    """What the server sends for a page."""
    ask = BackMsg()
    ask.rerun_script.page_script_hash = page_hash
    page.send(ask.SerializeToString())
    return ScriptClient(page).read_until_finished()


def _few_descriptors() -> Iterator[Row]:
    """A server with 256 descriptors beside 400 silent connections: an honest visitor's page and program."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        try:
            server = stack.enter_context(serve(environment={"BACKSTEP_POLICY": "classroom"}))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        server.wait_until_ready()
        crowd = [stack.enter_context(_connected(server)) for _ in range(2 * N)]
        yield _meanwhile(server, f"256 descriptors, {len(crowd)} silent connections: /healthz, p95")
        with visit(server.url) as visitor:
            visitor.open()
            took = visitor.run(HONEST)
        yield Row("the same: an honest program", "in 5 s", f"{took:.2f} s", took < 5)


def _meanwhile(server: Server, what: str) -> Row:
    times = []
    for _ in range(40):
        started = time.monotonic()
        server.health()
        times.append(time.monotonic() - started)
    return Row(what, f"under {P95_S:g} s", f"{p(95, times):.3f} s", p(95, times) < P95_S)


def _connected(server: Server, receive_buffer: int = 0) -> socket.socket:
    place = urlsplit(server.url)
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(10)
    connection.connect((place.hostname, place.port))
    return connection


def _n_ended(crowd: list[socket.socket], deadline: float) -> int:
    """How many the server has closed by then; what it says before is read."""
    left, n_ended = set(crowd), 0
    while left and (rest := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select(list(left), [], [], min(rest, 0.5))
        for one in ready:
            try:
                is_over = one.recv(65536) == b""
            except OSError:
                is_over = True
            if is_over:
                left.remove(one)
                n_ended += 1
    return n_ended
