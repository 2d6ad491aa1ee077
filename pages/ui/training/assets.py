"""The browser's part of the Training page: its modules, and Plotly, 4.8 MB, from the plotly wheel."""

from __future__ import annotations

import asyncio
from functools import cache, partial
from importlib.metadata import distribution, version
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from graphviz_tools.player.files import assets
from pages.ui.server.assets import COMPRESSED, FOR_EVER, MEDIA_TYPES, Assets, small

PLOTLY_PATH = "/plotly/{version}/plotly.min.js"
MODULES = Assets("training-files", partial(assets, Path(__file__).parent / "browser"))


def routes() -> list[Route]:
    return [MODULES.route(), Route(PLOTLY_PATH, plotly)]


def plotly_path() -> str:
    """Plotly's address; another version has another one."""
    return PLOTLY_PATH.format(version=version("plotly"))


async def plotly(request: Request) -> Response:
    """Plotly as the wheel has it. The server does not import the package for it."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        headers = {**FOR_EVER, "Vary": "Accept-Encoding"}
        return FileResponse(_plotly_file(), media_type=MEDIA_TYPES[".js"], headers=headers)
    body = await asyncio.to_thread(small, _plotly_file())
    return Response(body, media_type=MEDIA_TYPES[".js"], headers=COMPRESSED)


@cache
def _plotly_file() -> Path:
    path = Path(str(distribution("plotly").locate_file("plotly/package_data/plotly.min.js")))
    if not path.is_file():
        raise FileNotFoundError(f"plotly {version('plotly')} has no {path.name} in its wheel: {path}")
    return path
