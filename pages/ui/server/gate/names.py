"""The server's own names: what a request may call it.

A page on the web can have its own name point at this computer (DNS rebinding), and its browser then takes the server
for a part of that page. So a name must be one of the server's own: a loopback name, the address that the connection
came in on or the server was told to listen on, or one of BACKSTEP_HOSTS. An address in digits cannot be rebound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

HOSTS = "BACKSTEP_HOSTS"
DEFAULT_PORTS = {"http": 80, "https": 443}
_PLACE = re.compile(
    r"(?P<name>[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?", re.ASCII
)
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<place>.+)", re.ASCII)

Address = IPv4Address | IPv6Address


class HostsError(ValueError):
    """BACKSTEP_HOSTS has an entry that is no name."""


@dataclass(frozen=True)
class HostName:
    """A name as the reader's browser writes it, in lower case, and its port where one is written."""

    name: str
    port: int | None = None

    @property
    def address(self) -> Address | None:
        """The address, when the name is one written in digits."""
        return address_of(self.name.strip("[]"))


@dataclass(frozen=True)
class OwnNames:
    """``told`` is the name or address the server was told to listen on, ``hosts`` are BACKSTEP_HOSTS."""

    told: str = ""
    hosts: frozenset[HostName] = frozenset()

    def are(self, place: HostName, scheme: str, server: tuple[str, int | None] | None) -> bool:
        """Whether ``place`` is this server, for a connection that reached it at ``server``, an address and a port."""
        port = place.port if place.port is not None else DEFAULT_PORTS.get(scheme)
        if HostName(place.name) in self.hosts or HostName(place.name, port) in self.hosts:
            return True
        at, at_port = server or ("", None)
        return (at_port is None or port == at_port) and self._is_at(place, at)

    def _is_at(self, place: HostName, at: str) -> bool:
        address = place.address
        if address is None:
            return place.name in ("localhost", self.told.lower())
        return address.is_loopback or address in (address_of(at), address_of(self.told))


def own_names(environment: Mapping[str, str], told: str = "") -> OwnNames:
    """The names of a server that was told to listen on ``told``. Raises HostsError."""
    entries = [entry.strip() for entry in environment.get(HOSTS, "").split(",")]
    return OwnNames(told, frozenset(_entry(entry) for entry in entries if entry))


def host_of(text: str) -> HostName | None:
    """What a Host header names; None for anything else than a name or an address, with or without a port.

    >>> host_of("LocalHost:8501"), host_of("[::1]:80"), host_of("me@localhost"), host_of("localhost.")
    (HostName(name='localhost', port=8501), HostName(name='[::1]', port=80), None, None)
    """
    found = _PLACE.fullmatch(text.lower())
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else None
    is_place = (port is None or 0 < port < 65536) and (found["name"][0] != "[" or address_of(found["name"][1:-1]))
    return HostName(found["name"], port) if is_place else None


def origin_of(text: str) -> tuple[str, HostName] | None:
    """The scheme and place of an Origin header; None for ``null`` and whatever is not http.

    >>> origin_of("https://class.example"), origin_of("null"), origin_of("http://a/b")
    (('https', HostName(name='class.example', port=None)), None, None)
    """
    found = _ORIGIN.fullmatch(text.lower())
    place = host_of(found["place"]) if found else None
    return (found["scheme"], place) if found and place else None


def address_of(text: str) -> Address | None:
    """The address; an IPv4 one that is written as IPv6 is the IPv4 one."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _entry(text: str) -> HostName:
    """``name``, ``name:port``, or the whole address ``https://name``."""
    origin = origin_of(text)
    place = origin[1] if origin else host_of(text)
    if place is None:
        raise HostsError(f"{HOSTS} has {text!r}: write names, as in class.example, or name:port, with commas between")
    return place
