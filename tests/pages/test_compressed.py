"""Streamlit's own files, sent compressed."""

from __future__ import annotations

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pages.ui.server.compressed import Compressed, files


def answer(path: str, takes: str = "gzip, br", method: str = "GET") -> tuple[dict[bytes, bytes], bytes]:
    """Headers and body of the answer; both empty when the request goes on to the app."""
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        return

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"accept-encoding", takes.encode())]}
    with ThreadPoolExecutor(1) as thread:  # this one may have a loop of its own: Playwright's
        thread.submit(asyncio.run, Compressed(app)(scope, receive, send)).result()
    if not sent:
        return {}, b""
    return dict(sent[0]["headers"]), sent[1]["body"]


def test_a_script_of_streamlit_is_sent_compressed_and_is_the_same() -> None:
    path, file = max(files().items(), key=lambda one: one[1].stat().st_size)
    headers, body = answer(path)
    assert gzip.decompress(body) == file.read_bytes()
    assert len(body) < 0.4 * file.stat().st_size
    assert headers[b"content-encoding"] == b"gzip" and b"immutable" in headers[b"cache-control"]


@pytest.mark.parametrize(
    "path", ["/static/js/../../../../etc/passwd", "/static/js/", "/", "/static/js/no.js", "/healthz"]
)
def test_what_is_no_file_of_streamlit_goes_on(path: str) -> None:
    assert answer(path) == ({}, b"")


def test_who_takes_no_gzip_gets_the_file_as_it_is() -> None:
    path = next(iter(files()))
    assert answer(path, takes="identity") == ({}, b"")
    assert answer(path, method="POST") == ({}, b"")
