"""Who is answered: Host x Origin x method x cookie x policy, decided by a request's head."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.policy import POLICIES
from pages.ui.server.gate.judging import refusal
from pages.ui.server.gate.names import HOSTS, own_names
from pages.ui.server.visitor import COOKIE, new_cookie

OWN, ORIGIN = "localhost:8501", "http://localhost:8501"
TOKEN = f"a=b; {COOKIE}={new_cookie()}; c=d"
FORGED = f"{COOKIE}={'a' * 32}.{'b' * 32}"
OTHERS = [
    "http://evil.example:8501",
    "http://localhost:9999",
    "http://0.0.0.0:1",
    "http://localhost",
    "http://127.0.0.1:8501",
    "https://evil.example",
    "null",
    "",
    "http://localhost:8501.evil.example",
    "http://localhost:8501@evil.example",
    "http://evil.example/http://localhost:8501",
    "file://",
    "ws://localhost:8501",
    "http://localhost:8501/",
]


def status(
    kind: str = "http",
    *,
    policy: str = "trusted",
    hosts: str = "",
    path: str = "/",
    method: str = "GET",
    scheme: str = "http",
    **headers: str | list[str],
) -> int:
    """200, or the status of the refusal. ``sec_fetch_site="x"`` is a header; a list is one that stands there twice."""
    named = {"host": OWN, **headers}
    pairs = [
        (name.replace("_", "-").encode(), one.encode())
        for name, value in named.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    scope: dict[str, Any] = {
        "type": kind,
        "path": path,
        "scheme": scheme,
        "server": ("127.0.0.1", 8501),
        "headers": pairs,
    }
    scope |= {"method": method} if kind == "http" else {}
    refused = refusal(scope, own_names({HOSTS: hosts}, "127.0.0.1"), policy)  # type: ignore[arg-type]
    return refused.status if refused else 200


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_page_of_the_servers_own_is_answered(policy: str, kind: str) -> None:
    assert status(kind, policy=policy, origin=ORIGIN) == 200
    assert status(kind, policy=policy, origin="HTTP://LocalHost:8501") == 200


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_name_that_was_made_to_point_here_is_not(policy: str, kind: str) -> None:
    rebound = {"host": "evil.example:8501", "origin": "http://evil.example:8501", "cookie": TOKEN}
    assert status(kind, policy=policy, **rebound) == 421
    assert status(kind, policy=policy, host="evil.example:8501") == 421
    assert status(kind, policy=policy, host="evil.example:8501", x_forwarded_host=OWN) == 421


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("origin", OTHERS)
def test_a_page_of_anybody_else_is_not_whatever_it_asks(policy: str, origin: str) -> None:
    for kind, method in (("websocket", ""), ("http", "GET"), ("http", "POST"), ("http", "OPTIONS")):
        assert status(kind, policy=policy, method=method, origin=origin, cookie=TOKEN) == 403
    assert status("websocket", policy=policy, origin=[ORIGIN, origin]) == 403


@pytest.mark.parametrize(
    ("policy", "cookie", "answered"),
    [
        ("trusted", "its own", 200),
        ("trusted", FORGED, 403),
        ("trusted", "", 403),
        ("trusted", f"{COOKIE}=", 403),
        ("classroom", "", 200),
        ("lessons-only", "", 200),
    ],
)
def test_a_program_that_is_no_browser_needs_the_pages_cookie_where_it_is_trusted(
    policy: str, cookie: str, answered: int
) -> None:
    cookie = TOKEN if cookie == "its own" else cookie  # another one in each process of the tests
    assert status("websocket", policy=policy, cookie=cookie) == answered
    for method in ("POST", "PUT", "DELETE", "PATCH", "BREW"):
        assert status(policy=policy, method=method, cookie=cookie) == answered
    assert status(policy=policy, cookie=cookie) == 200  # it has to load the page to get one


@pytest.mark.parametrize("hosts", [[], [OWN, OWN], [OWN, "evil.example"], ["evil.example", OWN], [""]])
def test_a_request_names_the_server_once(hosts: list[str]) -> None:
    assert status(host=hosts) == 421


@pytest.mark.parametrize("path", ["http://evil.example/", "http://localhost:8501/", "*", "", "evil.example:80"])
def test_a_request_asks_for_a_path(path: str) -> None:
    assert status(path=path) == 400
    assert status("websocket", path=path, origin=ORIGIN) == 400


@pytest.mark.parametrize(("n_bytes", "answered"), [(1_000, 200), (32_000, 431)])
def test_a_request_has_a_short_head(n_bytes: int, answered: int) -> None:
    assert status(origin=ORIGIN, cookie="x" * n_bytes) == answered
    assert status(origin=ORIGIN, path="/" + "x" * n_bytes) == answered


@pytest.mark.parametrize(
    ("site", "mode", "answered"),
    [
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
        ("cross-site", "navigate", 200),
        ("cross-site", "no-cors", 403),
        ("same-site", "no-cors", 403),
        ("same-site", "navigate", 200),
        ("cross-site", "cors", 403),
        ("cross-site", "websocket", 403),
        ("odd", "navigat", 403),
    ],
)
def test_another_sites_page_may_lead_here_and_load_nothing(site: str, mode: str, answered: int) -> None:
    assert status(sec_fetch_site=site, sec_fetch_mode=mode) == answered


@pytest.mark.parametrize(
    ("host", "origin", "scheme", "answered"),
    [
        ("class.example", "https://class.example", "http", 200),  # a proxy speaks https to the browser
        ("class.example", "https://class.example:443", "http", 200),
        ("class.example:443", "https://class.example", "https", 200),
        ("class.example", "http://class.example", "http", 200),
        ("class.example", "http://class.example", "https", 403),
        ("class.example", "https://class.example:444", "http", 403),
        ("class.example", "https://other.example", "http", 403),
        ("class.example", "https://evil.class.example", "http", 403),
        ("other.example", "https://other.example", "http", 421),
    ],
)
def test_behind_a_proxy_the_setting_names_the_server(host: str, origin: str, scheme: str, answered: int) -> None:
    assert status("websocket", hosts="class.example", host=host, origin=origin, scheme=scheme) == answered


@given(st.text(st.characters(max_codepoint=255), max_size=30))
def test_no_text_but_the_own_origin_is_one(text: str) -> None:
    scope = {
        "type": "websocket",
        "path": "/",
        "scheme": "ws",
        "server": ("127.0.0.1", 8501),
        "headers": [(b"host", OWN.encode()), (b"origin", text.encode("latin-1"))],
    }
    assert (refusal(scope, own_names({}), "trusted") is None) is (text.lower() == ORIGIN)


@given(st.binary(max_size=60))
def test_any_cookie_can_be_read(value: bytes) -> None:
    scope = {
        "type": "websocket",
        "path": "/",
        "scheme": "ws",
        "server": ("127.0.0.1", 8501),
        "headers": [(b"host", OWN.encode()), (b"cookie", value)],
    }
    refused = refusal(scope, own_names({}), "trusted")
    assert refused is not None and refused.status == 403
