"""Streamlit's own scripts and style sheets, sent compressed: it sends them as they are, some 7 MB for a page of charts.

Only files that lie in Streamlit's folder when the server starts are known; a path is looked up, never opened. Their
names contain a digest of their content, so a browser keeps them.
"""

from __future__ import annotations

import asyncio
import gzip
from functools import cache, lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util, get_option

MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
LEAST_BYTES = 1_000  # below, nothing is gained
MOST_KEPT = 400  # there are some 300 files, 6 MB compressed
HEADERS = {
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
    "Cache-Control": "public, max-age=31536000, immutable",
}


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
        await Response(body, media_type=MEDIA_TYPES[file.suffix], headers=HEADERS)(scope, receive, send)


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
    base = str(get_option("server.baseUrlPath")).strip("/")
    found = [file for name in ("js", "css") for file in (folder / "static" / name).glob("*")]
    return {
        f"{'/' + base if base else ''}/{file.relative_to(folder).as_posix()}": file
        for file in found
        if file.suffix in MEDIA_TYPES and file.stat().st_size >= LEAST_BYTES
    }


@lru_cache(MOST_KEPT)
def small(file: Path) -> bytes:
    """The file's content, compressed."""
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)
