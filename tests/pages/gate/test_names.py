"""Which names are the server's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.server.gate.names import HOSTS, HostName, HostsError, OwnNames, host_of, origin_of, own_names

AT_HOME = ("127.0.0.1", 8501)
IN_CLASS = ("192.168.1.5", 8501)


@pytest.mark.parametrize(
    ("host", "server", "told", "is_own"),
    [
        ("localhost:8501", AT_HOME, "127.0.0.1", True),
        ("LOCALHOST:8501", AT_HOME, "127.0.0.1", True),
        ("127.0.0.1:8501", AT_HOME, "127.0.0.1", True),
        ("127.9.9.9:8501", AT_HOME, "127.0.0.1", True),
        ("[::1]:8501", ("::1", 8501), "::1", True),
        ("[0:0:0:0:0:0:0:1]:8501", ("::1", 8501), "::1", True),
        ("[::ffff:127.0.0.1]:8501", ("::ffff:127.0.0.1", 8501), "::", True),
        ("192.168.1.5:8501", IN_CLASS, "0.0.0.0", True),
        ("192.168.1.5:8501", ("::ffff:192.168.1.5", 8501), "::", True),
        ("[2001:db8::5]:8501", ("2001:db8::5", 8501), "::", True),
        ("localhost:8501", IN_CLASS, "0.0.0.0", True),
        ("0.0.0.0:8501", AT_HOME, "0.0.0.0", True),  # uvicorn prints it as the address to open
        ("box.lan:8501", IN_CLASS, "box.lan", True),
        ("box.lan:8501", IN_CLASS, "Box.LAN", True),
        ("localhost", ("127.0.0.1", 80), "127.0.0.1", True),
        ("localhost", AT_HOME, "127.0.0.1", False),
        ("localhost:9999", AT_HOME, "127.0.0.1", False),
        ("evil.example:8501", AT_HOME, "127.0.0.1", False),
        ("evil.example", ("127.0.0.1", 80), "127.0.0.1", False),
        ("localhost.evil.example:8501", AT_HOME, "127.0.0.1", False),
        ("evil.localhost:8501", AT_HOME, "127.0.0.1", False),
        ("127.0.0.1.evil.example:8501", AT_HOME, "127.0.0.1", False),
        ("0.0.0.0:8501", AT_HOME, "127.0.0.1", False),
        ("192.168.1.6:8501", IN_CLASS, "0.0.0.0", False),
        ("192.168.1.5:8501", AT_HOME, "127.0.0.1", False),
        ("[::]:8501", ("::1", 8501), "::1", False),
    ],
)
def test_a_name_is_own_or_not(host: str, server: tuple[str, int], told: str, is_own: bool) -> None:
    place = host_of(host)
    assert place is not None and OwnNames(told).are(place, "http", server) is is_own


@pytest.mark.parametrize(
    "host",
    [
        "",
        " ",
        "localhost.",
        "localhost.:8501",
        "me@localhost:8501",
        "localhost:8501@evil.example",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "localhost:8501:8501",
        "localhost:８５０１",
        "localhost:+80",
        "loc alhost",
        "localhost/evil",
        "localhost?x",
        "localhost#x",
        "localhost\\evil",
        "::1",
        "::1:8501",
        "[::1",
        "::1]",
        "[]",
        "[localhost]",
        "[127.0.0.1]x",
        "[fe80::1%25eth0]",
        "http://localhost",
        "localhost,evil.example",
        "lоcalhost.рф",
        "-evil",
        "*.example",
        "localhost\n",
        "local\0host",
    ],
)
def test_what_is_no_name_is_none(host: str) -> None:
    assert host_of(host) is None


@given(st.text(max_size=40))
def test_any_text_is_a_name_that_reads_the_same_or_none(text: str) -> None:
    place = host_of(text)
    if place is not None:
        assert text.lower() in (place.name, f"{place.name}:{place.port}", f"{place.name}:{text.rpartition(':')[2]}")
        assert not set(place.name) & set("@/?#\\ %,")


@given(st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?(:[1-9][0-9]{0,3})?", fullmatch=True))
def test_no_name_but_localhost_is_own_without_being_named(host: str) -> None:
    place = host_of(host)
    assert place is not None
    is_own = OwnNames("127.0.0.1").are(place, "http", AT_HOME)
    assert not is_own or place.name == "localhost" or (place.address is not None and place.address.is_loopback)


@pytest.mark.parametrize(
    ("setting", "host", "is_own"),
    [
        ("class.example", "class.example", True),
        ("class.example", "class.example:444", True),
        ("Class.Example , other.example", "class.example", True),
        ("class.example:444", "class.example:444", True),
        ("class.example:444", "class.example", False),
        ("class.example:80", "class.example", True),
        ("https://class.example", "class.example", True),
        ("localhost:8080", "localhost:8080", True),
        ("[2001:db8::1]", "[2001:db8::1]:99", True),
        ("class.example", "example", False),
        ("class.example", "evil.class.example", False),
        ("", "class.example", False),
    ],
)
def test_the_setting_adds_names(setting: str, host: str, is_own: bool) -> None:
    place = host_of(host)
    assert place is not None
    assert own_names({HOSTS: setting}, "127.0.0.1").are(place, "http", AT_HOME) is is_own


@pytest.mark.parametrize("setting", ["*", "a b", "https://a/b", "a,*.example", "me@a"])
def test_a_setting_that_is_no_name_stops_the_server(setting: str) -> None:
    with pytest.raises(HostsError, match="BACKSTEP_HOSTS has"):
        own_names({HOSTS: setting})


def test_behind_a_unix_socket_any_port_will_do() -> None:
    assert OwnNames().are(HostName("localhost", 9), "http", ("/run/backstep.sock", None))
    assert not OwnNames().are(HostName("evil.example", 9), "http", ("/run/backstep.sock", None))


@pytest.mark.parametrize(
    "origin",
    ["", "null", "file://", "ftp://a", "http://", "http://a/", "http://a, http://b", "//a", "chrome-extension://a"],
)
def test_what_is_no_origin_of_the_web_is_none(origin: str) -> None:
    assert origin_of(origin) is None
