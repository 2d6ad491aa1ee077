"""Who is answered: Host x Origin x cookie at a server for oneself and at one for a class; headers; the network."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from tests.attack.http import Answer, asked
from tests.attack.row import Row
from tests.e2e.serving import STREAMLIT, UVICORN, Server, serve
from tests.e2e.streamlit_socket import page_cookie

STREAM = "/_stcore/stream"
PATHS = (
    "/",
    "/healthz",
    "/_stcore/health",
    "/_stcore/host-config",
    "/favicon.png",
    "/player/x/player.js",
    "/training/key/events",
    "/training/key/losses.csv",
    "/no/such/page",
)
HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-resource-policy",
    "cross-origin-opener-policy",
)
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}


@dataclass(frozen=True)
class Case:
    what: str
    host: str | None  # {port} stands for the server's own
    origin: str | None
    has_cookie: bool
    trusted: int  # the status of a handshake
    classroom: int


CASES = (
    Case("the page of the server itself", "127.0.0.1:{port}", "http://127.0.0.1:{port}", True, 101, 101),
    Case("the same by name", "localhost:{port}", "http://localhost:{port}", True, 101, 101),
    Case("the same, cookies switched off", "localhost:{port}", "http://localhost:{port}", False, 101, 101),
    Case("a name made to point here", "evil.example:{port}", "http://evil.example:{port}", True, 421, 421),
    Case("the same without an Origin", "evil.example:{port}", None, True, 421, 421),
    Case("a page elsewhere", "127.0.0.1:{port}", "http://evil.example", True, 403, 403),
    Case("a page at another port here", "localhost:{port}", "http://localhost:9999", True, 403, 403),
    Case("a page at 0.0.0.0", "127.0.0.1:{port}", "http://0.0.0.0:1", True, 403, 403),
    Case("a page by another name of ours", "127.0.0.1:{port}", "http://localhost:{port}", True, 403, 403),
    Case("a page in a sandbox", "127.0.0.1:{port}", "null", True, 403, 403),
    Case("a port that is not ours", "localhost:9999", "http://localhost:9999", True, 421, 421),
    Case("a user in the name", "evil@localhost:{port}", "http://localhost:{port}", True, 421, 421),
    Case("a name below localhost", "evil.localhost:{port}", "http://evil.localhost:{port}", True, 421, 421),
    Case("an address in odd digits", "2130706433:{port}", "http://2130706433:{port}", True, 421, 421),
    Case("a program with the page's cookie", "127.0.0.1:{port}", None, True, 101, 101),
    Case("a program without it", "127.0.0.1:{port}", None, False, 403, 101),
    Case("no Host", None, "http://127.0.0.1:{port}", True, 400, 400),
)


def rows() -> Iterator[Row]:
    with serve(environment={"BACKSTEP_POLICY": "trusted"}) as server:
        yield from _handshakes(server, "trusted")
        yield from _routes(server)
        yield from _headers(server)
        yield _embedding(server)
    with serve(UVICORN, environment={"BACKSTEP_POLICY": "classroom"}) as server:
        yield from _handshakes(server, "classroom")
    with serve(environment={"BACKSTEP_HOSTS": "class.example", "BACKSTEP_POLICY": "classroom"}) as server:
        yield from _behind_a_proxy(server)
    yield _network()


def _handshakes(server: Server, policy: str) -> Iterator[Row]:
    port, cookie = server.url.rpartition(":")[2], page_cookie(server.url)
    for case in CASES:
        given = {
            "Host": case.host and case.host.format(port=port),
            "Origin": case.origin and case.origin.format(port=port),
            "Cookie": cookie if case.has_cookie else None,
            **HANDSHAKE,
        }
        answer = asked(server.url, STREAM, {name: value for name, value in given.items() if value is not None})
        wanted = case.trusted if policy == "trusted" else case.classroom
        yield _status(f"{policy}: {case.what}", wanted, answer)


def _routes(server: Server) -> Iterator[Row]:
    port = server.url.rpartition(":")[2]
    for path in PATHS:
        given = {"Host": f"evil.example:{port}", "Cookie": page_cookie(server.url)}
        yield _status(f"{path} by another name", 421, asked(server.url, path, given))
        given = {"Host": f"localhost:{port}", "Origin": "http://evil.example"}
        yield _status(f"{path} for a page elsewhere", 403, asked(server.url, path, given))
        given = {"Host": f"localhost:{port}", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        yield _status(f"{path} as a part of a page elsewhere", 403, asked(server.url, path, given))
    given = {"Host": f"localhost:{port}"}
    yield _status("the address of another server", 400, asked(server.url, "http://evil.example/", given))
    long = asked(server.url, "/", {**given, "X": "x" * 100_000})
    yield Row("a head of 100 kB", "400 or 431", str(long.status), long.status in (400, 431))
    yield _status("POST without a page's cookie", 403, asked(server.url, "/training/key/act", given, method="POST"))


def _headers(server: Server) -> Iterator[Row]:
    own, other = {"Host": server.url.removeprefix("http://")}, {"Host": "evil.example"}
    cases = [
        *((path, own) for path in PATHS),
        ("/healthz", other),
        (STREAM, {**other, **HANDSHAKE}),
        ("/../x", own),
        ("/_stcore/upload_file/a/b", own),
        ("/_stcore/agent/openapi.json", own),
    ]
    for path, given in cases:
        answer = asked(server.url, path, given)
        missing = [name for name in HEADERS if name not in answer.headers]
        what = f"headers of {path}, {answer.status}"
        yield Row(what, "all", "all" if not missing else f"no {', '.join(missing)}", not missing)


def _embedding(server: Server) -> Row:
    answer = asked(server.url, "/_stcore/host-config", {"Host": server.url.removeprefix("http://")})
    origins = json.loads(answer.body)["allowedOrigins"]
    return Row("pages that may send messages into the app", "none", str(origins or "none")[:34], origins == [])


def _behind_a_proxy(server: Server) -> Iterator[Row]:
    for host, origin, wanted in (
        ("class.example", "https://class.example", 101),
        ("class.example", "https://other.example", 403),
        ("other.example", "https://other.example", 421),
    ):
        answer = asked(server.url, STREAM, {"Host": host, "Origin": origin, **HANDSHAKE})
        yield _status(f"behind a proxy: {host} for {origin}", wanted, answer)


def _network() -> Row:
    """A server for everybody, from its start through 20 foreign handshakes, beside a proxy for all that it asks."""
    with _proxy() as (environment, heard):
        for command in ((*STREAMLIT, "--server.address", "0.0.0.0"), (*UVICORN, "--host", "0.0.0.0")):
            with serve(command, environment={**environment, "BACKSTEP_POLICY": "classroom"}) as server:
                for n in range(20):
                    given = {"Host": server.url.removeprefix("http://"), "Origin": f"http://{n}.example", **HANDSHAKE}
                    asked(server.url, STREAM, given)
    return Row(
        "what the server asks the network, from its start", "nothing", str(heard[:1] or "nothing")[:34], not heard
    )


@contextmanager
def _proxy() -> Iterator[tuple[Mapping[str, str], list[str]]]:
    """The settings of a proxy, and the first line of each request that reaches it."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    heard.append(connection.recv(200).partition(b"\r")[0].decode("latin-1"))

        threading.Thread(target=listen, daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        names = ("http_proxy", "https_proxy", "all_proxy")
        every = dict.fromkeys((*names, *(name.upper() for name in names)), url)
        yield {**every, "no_proxy": "", "NO_PROXY": ""}, heard
        listening.shutdown(socket.SHUT_RDWR)


def _status(what: str, wanted: int, answer: Answer) -> Row:
    return Row(what, str(wanted), str(answer.status), answer.status == wanted)
