"""The life of the server process and the routes beside Streamlit's own."""

from __future__ import annotations

import asyncio
import gc
import logging
import platform
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from engine.contract.policy import Policy
from engine.running.runlog import LOGGER
from graphviz_tools.picture import shared_layout
from pages.ui.components.assets import PLAYER
from pages.ui.desk import services
from pages.ui.server import malloc
from pages.ui.server.assets import served
from pages.ui.server.compressed import Compressed
from pages.ui.server.gate.connections import uvicorn_config
from pages.ui.server.gate.guard import Gate
from pages.ui.server.sockets import listening_addresses, send_at_once
from pages.ui.training.routes import routes as training_routes

EVERYWHERE = ("0.0.0.0", "::")


@asynccontextmanager
async def lifespan(_app: object) -> AsyncGenerator[dict[str, Any], None]:
    """Start the child processes, import what the first page needs, and end the processes with the server."""
    malloc.give_back()
    log_runs(services.policy())
    say_where(uvicorn_config())
    services.start()
    import_module("pages.ui.components.player")
    gc.collect()
    gc.freeze()  # what the imports made lives as long as the process: no collection needs to look at it
    send_at_once()
    try:
        yield {}
    finally:
        await asyncio.to_thread(services.close)


def say_where(config: Any | None) -> None:
    """A line with the app's address, where ``streamlit run`` says nothing; uvicorn alone says it by itself."""
    if config is None or not listening_addresses():
        return
    host = "localhost" if config.host in EVERYWHERE else f"[{config.host}]" if ":" in config.host else config.host
    scheme = "https" if config.is_ssl else "http"
    print(
        f"\n  Backstep: {scheme}://{host}:{config.port}{served('') or '/'}   (policy: {services.policy()})\n",
        flush=True,
    )


def routes() -> list[Route]:
    """The health check, the player's modules, the Training page's updates; also under the path that the app has."""
    ours = [Route("/healthz", health), PLAYER.route(), *training_routes()]
    below = [Route(served(one.path), one.endpoint, methods=list(one.methods or ())) for one in ours]
    return [*ours, *below] if served("") else ours


def middleware() -> list[Middleware]:
    """What stands between Streamlit and the connection."""
    return [Middleware(Gate, policy=services.policy), Middleware(Compressed)]


async def health(_request: Request) -> JSONResponse:
    """Whether the server works and a program would start at once."""
    return JSONResponse(
        {
            "status": "ok",
            "runner": "ready" if services.runner().is_ready else "starting",
            "policy": services.policy(),
            "confinement": services.runner().known_guarantee.level,
            "runs": {
                "running": services.runner().n_running,
                "waiting": services.runner().n_waiting,
                "parked": services.runner().n_parked,
                "training": services.runner().n_training,
                "places": services.runner().n_slots,
            },
            "layout_confined": shared_layout().is_confined,
            "torch_in_server": "torch" in sys.modules,
            "versions": versions(),
        },
        headers={"Cache-Control": "no-store"},
    )


def log_runs(policy: Policy) -> None:
    """A line of JSON for each run on the server's error output, where other people's programs run."""
    if policy != "trusted" and not LOGGER.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        LOGGER.addHandler(handler)
        LOGGER.setLevel(logging.INFO)
        LOGGER.propagate = False


@cache
def versions() -> dict[str, str]:
    """Of Python and of the packages a run depends on, without importing them."""
    packages = ("torch", "streamlit", "pygraphviz")
    return {"python": platform.python_version(), **{package: version(package) for package in packages}}
