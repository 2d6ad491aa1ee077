"""The browser's part of the Training page: its modules, and Plotly from the plotly wheel.

Both lie in folders named after their content, so that a browser loads them once. Plotly, 4.8 MB, is sent compressed.
"""

from __future__ import annotations

import asyncio
import gzip
from functools import cache
from hashlib import blake2b
from importlib.metadata import distribution, version
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

FOLDER = Path(__file__).parent / "browser"
FILE_PATH = "/training-files/{digest}/{name}"
PLOTLY_PATH = "/plotly/{version}/plotly.min.js"
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def routes() -> list[Route]:
    return [Route(FILE_PATH, module), Route(PLOTLY_PATH, plotly)]


@cache
def files() -> dict[str, str]:
    """File name -> text of the page's modules and style sheet."""
    found = sorted(path for path in FOLDER.iterdir() if path.suffix in MEDIA_TYPES)
    return {path.name: path.read_text(encoding="utf-8") for path in found}


@cache
def folder() -> str:
    """Where the modules lie, without the server's base path; another content gives another folder."""
    digest = blake2b(digest_size=8)
    for name, text in files().items():
        digest.update(f"{name}\0{text}\0".encode())
    return FILE_PATH.format(digest=digest.hexdigest(), name="")


def plotly_path() -> str:
    """Plotly's address; another version has another one."""
    return PLOTLY_PATH.format(version=version("plotly"))


async def module(request: Request) -> Response:
    """One of the modules."""
    name = request.path_params["name"]
    if name not in files():
        return Response("no such file of the page\n", status_code=404, media_type="text/plain")
    return Response(files()[name], media_type=MEDIA_TYPES[Path(name).suffix], headers=FOR_EVER)


async def plotly(request: Request) -> Response:
    """Plotly as the wheel has it. The server does not import the package for it."""
    headers = {**FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(_plotly_file(), media_type=MEDIA_TYPES[".js"], headers=headers)
    small = await asyncio.to_thread(_compressed)
    return Response(small, media_type=MEDIA_TYPES[".js"], headers={**headers, "Content-Encoding": "gzip"})


@cache
def _plotly_file() -> Path:
    path = Path(str(distribution("plotly").locate_file("plotly/package_data/plotly.min.js")))
    if not path.is_file():
        raise FileNotFoundError(f"plotly {version('plotly')} has no {path.name} in its wheel: {path}")
    return path


@cache
def _compressed() -> bytes:
    return gzip.compress(_plotly_file().read_bytes(), compresslevel=6, mtime=0)
