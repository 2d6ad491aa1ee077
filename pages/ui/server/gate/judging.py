"""Whether a request may be answered, decided by its head."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.types import Scope

from engine.contract.policy import Policy
from pages.ui.server.gate.names import DEFAULT_PORTS, HOSTS, HostName, OwnNames, host_of, origin_of
from pages.ui.server.visitor import visitor_of

MOST_HEAD_BYTES = 32_000
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")  # change nothing here


@dataclass(frozen=True)
class Refusal:
    status: int
    why: str


def refusal(scope: Scope, own: OwnNames, policy: Policy) -> Refusal | None:
    """Why an ASGI request or WebSocket is refused; None when it may pass.

    1. It asks for a path, by a name of the server's own, once, in few words.
    2. A browser that says which page it comes from names this server's own. A missing Origin is no browser's, unless
       nothing changes; it may speak to a class's server, and under ``trusted`` with the cookie of a page it was given.
    3. Another site's page may lead here, but load nothing from here.
    """
    scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
    hosts, origins = values(scope, b"host"), values(scope, b"origin")
    place = host_of(hosts[0]) if len(hosts) == 1 else None
    if not scope["path"].removeprefix(scope.get("root_path", "")).startswith("/"):
        return Refusal(400, "a request asks for a path")
    if _n_head_bytes(scope) > MOST_HEAD_BYTES:
        return Refusal(431, "the head of the request is too long")
    if place is None or not own.are(place, scheme, scope.get("server")):
        return Refusal(421, f"this is no name of this server; whoever runs it can add names with {HOSTS}")
    if origins:
        is_own = len(origins) == 1 and _is_own_origin(origins[0], place, scheme)
        return None if is_own else Refusal(403, "this server answers its own pages only")
    if policy == "trusted" and changes(scope) and visitor_of(cookies(scope)) is None:
        return Refusal(403, "a program that is no browser must load the page first and send its cookie")
    if _is_loaded_elsewhere(scope):
        return Refusal(403, "a page of another site may lead here, but load nothing from here")
    return None


def changes(scope: Scope) -> bool:
    """Whether a request can change anything here: a WebSocket, or a method that is not safe."""
    return scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS


def values(scope: Scope, name: bytes) -> list[str]:
    """A header's values, one for each time it stands there."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def cookies(scope: Scope) -> dict[str, str]:
    """The request's cookies; those that cannot be read are left out."""
    found: dict[str, str] = {}
    for part in ";".join(values(scope, b"cookie")).split(";"):
        try:
            found |= {name: morsel.value for name, morsel in SimpleCookie(part.strip()).items()}
        except CookieError:
            continue
    return found


def _n_head_bytes(scope: Scope) -> int:
    """uvicorn has a bound of its own, but only for a head that comes in parts."""
    said = sum(len(name) + len(value) for name, value in scope["headers"])
    return said + len(scope["path"]) + len(scope.get("query_string", b""))


def _is_own_origin(origin: str, place: HostName, scheme: str) -> bool:
    """A proxy that speaks https to the browser speaks http here, so an https origin is right under http too."""
    asked = origin_of(origin)
    if asked is None or (scheme == "https" and asked[0] != "https"):
        return False
    default = DEFAULT_PORTS[asked[0]]
    return asked[1].name == place.name and (asked[1].port or default) == (place.port or default)


def _is_loaded_elsewhere(scope: Scope) -> bool:
    """By the browser's own word on where a request comes from; programs and old browsers do not say."""
    sites, modes = values(scope, b"sec-fetch-site"), values(scope, b"sec-fetch-mode")
    return any(site not in ("same-origin", "none") for site in sites) and modes != ["navigate"]
