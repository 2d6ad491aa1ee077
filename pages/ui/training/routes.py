"""The Training page's own routes: what a desk has to tell, what it is asked to do, and the browser's files: modules of
ours, and Plotly, 4.8 MB, from the plotly wheel.

A desk's key stands in the path: 192 random bits that only the page of its session has. It is answered only while
that session is connected. So no page of another origin can name a desk, and no visitor another's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import cache, partial
from importlib.metadata import distribution, version
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from graphviz_tools.player.files import assets
from pages.ui.desk import address
from pages.ui.server.assets import COMPRESSED, FOR_EVER, MEDIA_TYPES, Assets, small
from pages.ui.server.gate.places import OpenPlaces, WithPlace
from pages.ui.training import commands, shared, table
from pages.ui.training.desk import TrainingDesk
from pages.ui.training.updates import Teller, Wish

PLOTLY_PATH = "/plotly/{version}/plotly.min.js"
MODULES = Assets("training-files", partial(assets, Path(__file__).parent / "browser"))
EVENTS_PATH = "/training/{key}/events"
ACT_PATH = "/training/{key}/act"
CSV_PATH = "/training/{key}/losses.csv"
LOOK_S = 0.12  # between two updates
QUIET_LOOKS = 40  # without news after which a sign of life is sent, so that proxies keep the connection
MOST_ACT_BYTES = 2_000
MOST_STREAMS = 500
MOST_STREAMS_EACH = 4  # of one desk: its page has one, a page that is loaded anew two for a moment
NO_STORE = {"Cache-Control": "no-store"}


def routes() -> list[Route]:
    return [
        Route(EVENTS_PATH, events),
        Route(ACT_PATH, act, methods=["POST"]),
        Route(CSV_PATH, losses),
        MODULES.route(),
        Route(PLOTLY_PATH, plotly),
    ]


@cache
def streams() -> OpenPlaces:
    """What all desks' streams share."""
    return OpenPlaces(MOST_STREAMS, MOST_STREAMS_EACH)


async def events(request: Request) -> Response | WithPlace:
    """Server-sent events: one for each update of the desk."""
    desk = shared.desks().find(request.path_params["key"])
    if desk is None:
        return _unknown()
    headers = {**NO_STORE, "X-Accel-Buffering": "no"}
    stream = StreamingResponse(_updates(desk, wish(request)), media_type="text/event-stream", headers=headers)
    return WithPlace(stream, streams(), desk.key)


def wish(request: Request) -> Wish:
    asked = request.query_params
    steps = asked.get("steps", "")
    return Wish(
        language=address.read(asked).language or "en",
        by_epoch=asked.get("per") == "epoch",
        epoch_steps=int(steps) if steps.isascii() and steps.isdigit() and len(steps) < 8 else 0,
    )


async def _updates(desk: TrainingDesk, wanted: Wish) -> AsyncIterator[bytes]:
    """Until the desk's session ends or the browser goes away."""
    teller, n_quiet, key = Teller(desk, wanted), 0, desk.key
    while shared.desks().find(key) is desk:
        news = teller.update()
        n_quiet = 0 if news is not None else n_quiet + 1
        if news is not None:
            yield b"data: " + news + b"\n\n"
        elif n_quiet % QUIET_LOOKS == 0:
            yield b": quiet\n\n"
        await asyncio.sleep(LOOK_S)
    yield b"event: ended\ndata: {}\n\n"


async def act(request: Request) -> Response:
    """Pause, resume, stop, record a step, change the learning rate, forget a run."""
    desk = shared.desks().find(request.path_params["key"])
    if desk is None:
        return _unknown()
    if int(request.headers.get("content-length") or MOST_ACT_BYTES + 1) > MOST_ACT_BYTES:
        return Response("too long\n", status_code=413, media_type="text/plain")
    try:
        asked = msgspec.json.decode(await request.body(), type=commands.Asked)
    except msgspec.DecodeError as error:
        return Response(f"{error}\n", status_code=400, media_type="text/plain")
    is_done = await asyncio.to_thread(commands.act, desk, asked)
    return Response(status_code=204 if is_done else 409, headers=NO_STORE)


async def losses(request: Request) -> Response:
    """Every run's losses as a table."""
    desk = shared.desks().find(request.path_params["key"])
    if desk is None:
        return _unknown()
    text = await asyncio.to_thread(table.losses_csv, desk, wish(request).language)
    name = 'attachment; filename="losses.csv"'
    return Response(text, media_type="text/csv; charset=utf-8", headers={**NO_STORE, "Content-Disposition": name})


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


def _unknown() -> Response:
    return Response("no such training desk, or its session has ended\n", status_code=404, media_type="text/plain")


@cache
def _plotly_file() -> Path:
    path = Path(str(distribution("plotly").locate_file("plotly/package_data/plotly.min.js")))
    if not path.is_file():
        raise FileNotFoundError(f"plotly {version('plotly')} has no {path.name} in its wheel: {path}")
    return path
