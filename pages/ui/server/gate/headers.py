"""What every answer tells the browser to allow: its own scripts, its own server, no frame around it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

FRAME_ANCESTORS = "BACKSTEP_FRAME_ANCESTORS"
UNUSED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_SOURCE = re.compile(r"'self'|'none'|https?://[A-Za-z0-9.*_-]+(:(\d{1,5}|\*))?")

Headers = tuple[tuple[bytes, bytes], ...]


class FrameAncestorsError(ValueError):
    """BACKSTEP_FRAME_ANCESTORS has an entry that is no origin."""


def headers(environment: Mapping[str, str], page: str) -> Headers:
    """Of every answer, for an app whose HTML is ``page``. Raises FrameAncestorsError."""
    ancestors = frame_ancestors(environment)
    told = {
        "content-security-policy": content_security_policy(inline_scripts(page), ancestors),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": ", ".join(f"{name}=()" for name in UNUSED),
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
    }
    if ancestors == "'none'":
        told["x-frame-options"] = "DENY"  # for browsers that do not know frame-ancestors
    return tuple((name.encode(), value.encode()) for name, value in told.items())


def frame_ancestors(environment: Mapping[str, str]) -> str:
    """Whose pages may show the app in a frame: nobody's, or the origins of the setting, with spaces between."""
    asked = environment.get(FRAME_ANCESTORS, "").split() or ["'none'"]
    wrong = [one for one in asked if not _SOURCE.fullmatch(one)]
    if wrong:
        raise FrameAncestorsError(f"{FRAME_ANCESTORS} has {wrong[0]!r}: write origins, as in https://class.example")
    return " ".join(asked)


def content_security_policy(hashes: tuple[str, ...], ancestors: str) -> str:
    """Scripts come from this server only; ``blob:`` is how Streamlit loads the code of a component, and it compiles
    WebAssembly to colour code.

    Styles must be allowed everywhere: Streamlit, Plotly and the pictures' SVG all write them into elements.
    """
    scripts = " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *(f"'sha256-{one}'" for one in hashes)])
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
        )
    )


def inline_scripts(page: str) -> tuple[str, ...]:
    """The digests of the scripts that stand in a page itself."""
    return tuple(b64encode(sha256(script.encode()).digest()).decode() for script in _INLINE.findall(page))


def streamlit_page() -> str:
    """The HTML that Streamlit sends for every page."""
    found = find_spec("streamlit")
    assert found is not None and found.origin is not None
    return (Path(found.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
