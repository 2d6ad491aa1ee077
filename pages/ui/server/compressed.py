"""Streamlit's own scripts and style sheets, sent compressed: it sends them as they are, some 7 MB for a page of charts.

Only files that lie in Streamlit's folder when the server starts are known; a path is looked up, never opened. Their
names contain a digest of their content, so a browser keeps them.
"""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from pages.ui.server.assets import COMPRESSED, MEDIA_TYPES, served, small

LEAST_BYTES = 1_000  # below, nothing is gained


class Compressed:
    """Answers for those files where the browser takes gzip; everything else goes on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = asked(scope)
        if file is None:
            await self._app(scope, receive, send)
            return
        body = await asyncio.to_thread(small, file)
        await Response(body, media_type=MEDIA_TYPES[file.suffix], headers=COMPRESSED)(scope, receive, send)


def asked(scope: Scope) -> Path | None:
    """The file that a request is for, if it is one of ours to send."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    takes = Headers(scope=scope).get("accept-encoding", "")
    return files().get(scope["path"]) if "gzip" in takes else None


@cache
def files() -> dict[str, Path]:
    """Address -> file, of all that are worth it."""
    folder = Path(file_util.get_static_dir())
    found = [file for name in ("js", "css") for file in (folder / "static" / name).glob("*")]
    return {
        served(f"/{file.relative_to(folder).as_posix()}"): file
        for file in found
        if file.suffix in MEDIA_TYPES and file.stat().st_size >= LEAST_BYTES
    }
