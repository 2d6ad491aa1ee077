"""The gate itself: an ASGI application around Streamlit's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.contract.policy import Policy
from pages.ui.server.gate import frames, headers
from pages.ui.server.gate.connections import Connections, most_connections, uvicorn_config, watched
from pages.ui.server.gate.judging import cookies, refusal, values
from pages.ui.server.gate.names import own_names
from pages.ui.server.gate.places import OpenPlaces, WithPlace
from pages.ui.server.visitor import COOKIE, new_cookie, visitor_of

UPLOADS = "/_stcore/upload_file/"
AGENTS = "/_stcore/agent/"
HOST_CONFIG = "/_stcore/host-config"
CLOSED = {UPLOADS: "no page of this app takes files", AGENTS: "this app is for people"}
NOT_EMBEDDED: dict[str, object] = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": False,
    "resourceCrossOriginMode": None,
}
BEGINNINGS = ("http.response.start", "websocket.http.response.start")
MOST_SESSIONS = 600  # WebSockets, each a session of Streamlit's
MOST_SESSIONS_EACH = 60  # of one browser; in a frame on another site's page, browsers send no cookie


class Gate:
    """``policy`` gives who may run what here; it is asked when the server has begun to listen."""

    def __init__(self, app: ASGIApp, policy: Callable[[], Policy]) -> None:
        self._app, self._policy = app, policy
        self._own = own_names(os.environ)
        self._headers = headers.headers(os.environ, headers.streamlit_page())
        self._sessions = OpenPlaces(MOST_SESSIONS, MOST_SESSIONS_EACH)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        send = self._with_headers(scope, send)
        refused = refusal(scope, self._own, self._policy())
        if refused is not None:
            await PlainTextResponse(f"{refused.why}\n", refused.status)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._session(_as_streamlit_compares(scope), receive, send)
        else:
            await _answered(_closed(scope) or self._app, scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The life of the server: before it listens, its name is learnt and its connections are guarded."""
        config = uvicorn_config()
        connections = Connections(most_connections(), time.monotonic)
        if config is not None:
            self._own = own_names(os.environ, config.host or "")
            config.ws_max_size = min(config.ws_max_size, frames.MOST_BYTES)
            connections.guard(config)
        async with watched(connections):
            await self._app(scope, receive, send)

    async def _session(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = WithPlace(self._app, self._sessions, visitor_of(cookies(scope)))
        await session(scope, frames.in_time(frames.bounded(receive)), frames.without_paths(send))

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        """Every answer with ours, a page with a cookie for a browser that has none."""

        async def sending(message: Message) -> None:
            if message["type"] in BEGINNINGS:
                there = dict(message.get("headers", ()))
                ours = [pair for pair in self._headers if pair[0] not in there]
                cookie = [_cookie(scope)] if _is_page(message["status"], there, scope) else []
                message = {**message, "headers": [*message.get("headers", ()), *ours, *cookie]}
            await send(message)

        return sending


async def _answered(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """The application's answer, or that it failed: Starlette says so too, but outside of the gate."""
    has_begun = False

    async def sending(message: Message) -> None:
        nonlocal has_begun
        has_begun = True
        await send(message)

    try:
        await app(scope, receive, sending)
    except Exception:
        if not has_begun:
            await PlainTextResponse("the server failed\n", 500)(scope, receive, send)
        raise


def _closed(scope: Scope) -> Response | None:
    """The answer at addresses that no page uses, under whatever path the app is served."""
    for part, why in CLOSED.items():
        if part in scope["path"]:
            return PlainTextResponse(f"{why}\n", status_code=403)
    if scope["path"].endswith(HOST_CONFIG):
        return JSONResponse(NOT_EMBEDDED, headers={"Cache-Control": "no-cache"})
    return None


def _as_streamlit_compares(scope: Scope) -> Scope:
    """The Origin in the words of the Host: Streamlit compares them as text, and asks the network when they differ."""
    if not values(scope, b"origin"):
        return scope
    host = next(value for name, value in scope["headers"] if name.lower() == b"host")
    others = [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]
    return {**scope, "headers": [*others, (b"origin", b"http://" + host)]}


def _is_page(status: int, there: Mapping[bytes, bytes], scope: Scope) -> bool:
    """Whether a browser without a cookie gets a page, or is told that the one it has is still right."""
    is_html = there.get(b"content-type", b"").startswith(b"text/html")
    is_kept = status == 304 and any("text/html" in value for value in values(scope, b"accept"))
    return (is_html or is_kept) and visitor_of(cookies(scope)) is None


def _cookie(scope: Scope) -> tuple[bytes, bytes]:
    secure = "; Secure" if scope["scheme"] in ("https", "wss") else ""
    return b"set-cookie", f"{COOKIE}={new_cookie()}; Path=/; HttpOnly; SameSite=Lax{secure}".encode()
