"""Streamlit's WebSocket for a client that is no browser: it loads the page first and brings the cookie it got there."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from websockets.sync.client import ClientConnection, connect

ANSWER_S = 60.0


def page_cookie(url: str) -> str:
    """The cookie that the page at ``url`` gives to a browser that has none, as the browser sends it back; else ""."""
    with urllib.request.urlopen(url, timeout=ANSWER_S) as page:
        return page.headers.get("Set-Cookie", "").partition(";")[0]


@contextmanager
def streamlit_socket(
    url: str, *, cookie: str | None = None, headers: Mapping[str, str] | None = None
) -> Iterator[ClientConnection]:
    """A session on the server at ``url``. ``cookie``: None for a browser of its own, "" for none at all."""
    sent = page_cookie(url) if cookie is None else cookie
    with connect(
        f"{url.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers={**({"Cookie": sent} if sent else {}), **(headers or {})},
        max_size=None,
        compression=None,
        open_timeout=ANSWER_S,
        proxy=None,
    ) as socket:
        yield socket
