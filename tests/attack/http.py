"""A request as it is written here, with whatever Host, and its answer."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LIMIT_S = 10.0


@dataclass(frozen=True)
class Answer:
    status: int  # 0: the connection was closed without one
    headers: Mapping[str, str]
    body: bytes


def asked(url: str, path: str, headers: Mapping[str, str], method: str = "GET") -> Answer:
    """What the server at ``url`` answers; of a WebSocket the handshake only."""
    place = urlsplit(url)
    with socket.create_connection((str(place.hostname), place.port or 80), timeout=LIMIT_S) as connection:
        connection.sendall(head(path, headers, method))
        is_handshake = "Upgrade" in headers
        return answer_of(connection, is_handshake=is_handshake)


def head(path: str, headers: Mapping[str, str], method: str = "GET") -> bytes:
    """A request without a body."""
    given = {"Connection": "close", "Content-Length": "0", **headers} if method != "GET" else {**headers}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def answer_of(connection: socket.socket, *, is_handshake: bool = False) -> Answer:
    """The next answer on a connection; its body as far as Content-Length says."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return Answer(0, {}, b"")
        data += more
    top, _, body = data.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while not is_handshake and len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Answer(int(first.split()[1]), headers, body)
