"""Files for the browser: below a folder named after their content, so that it loads each of them once."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from hashlib import blake2b
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit import get_option

MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
COMPRESSED = {**FOR_EVER, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}


def served(path: str) -> str:
    """The address of a path of this server, behind whatever path it is served under."""
    base = str(get_option("server.baseUrlPath")).strip("/")
    return f"/{base}{path}" if base else path


@cache
def small(file: Path) -> bytes:
    """A file's content, compressed. To be asked for files that we know, never for a visitor's word."""
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)


class Assets:
    """Modules and style sheets, ``texts`` by their names, at ``/place/digest/name``. They import each other by relative
    paths."""

    def __init__(self, place: str, texts: Callable[[], Mapping[str, str]]) -> None:
        self._path = f"/{place}/{{digest}}/{{name}}"
        self._read = texts

    @cached_property
    def texts(self) -> Mapping[str, str]:
        return self._read()

    @cached_property
    def folder(self) -> str:
        """Where they lie; another content gives another folder."""
        digest = blake2b(digest_size=8)
        for name, text in sorted(self.texts.items()):
            digest.update(f"{name}\0{text}\0".encode())
        return served(self._path.format(digest=digest.hexdigest(), name=""))

    def route(self) -> Route:
        return Route(self._path, self.answer)

    async def answer(self, request: Request) -> Response:
        """One of them."""
        name = request.path_params["name"]
        if name not in self.texts:
            return Response("no such file of the page\n", status_code=404, media_type="text/plain")
        return Response(self.texts[name], media_type=MEDIA_TYPES[Path(name).suffix], headers=FOR_EVER)
