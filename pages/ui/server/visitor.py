"""Who a browser is: a name of its own in a signed cookie, so that all its tabs are one visitor.

The name says nothing about a person and is worth nothing elsewhere. It is signed with a secret of the server
process, or with BACKSTEP_SECRET where several servers or restarts shall know the same browsers.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from functools import cache

COOKIE = "backstep_visitor"
SECRET = "BACKSTEP_SECRET"
N_DIGITS = 32  # hexadecimal, of the name and of the signature


def new_cookie() -> str:
    """The cookie's value for a browser that has none."""
    name = secrets.token_hex(N_DIGITS // 2)
    return f"{name}.{_signature(name)}"


def visitor_of(cookies: Mapping[str, str]) -> str | None:
    """The browser's name; None without a cookie, or with one that this server did not give."""
    name, _, signature = cookies.get(COOKIE, "").partition(".")
    is_ours = (
        len(name) == N_DIGITS
        and name.isascii()
        and hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(name).encode())
    )
    return name if is_ours else None


def _signature(name: str) -> str:
    return hmac.new(_secret(), name.encode(), hashlib.sha256).hexdigest()[:N_DIGITS]


@cache
def _secret() -> bytes:
    return os.environ.get(SECRET, "").encode() or secrets.token_bytes(32)
