"""Keeping where the server is installed out of what a stranger is shown."""

from __future__ import annotations

import os
import sys
import sysconfig
from functools import cache

from engine.installation import ROOT

COMMON = ("/", "/usr", "/usr/local", "/opt")  # tell nothing
HIDDEN = "…"


@cache
def roots() -> tuple[str, ...]:
    """Folders of this installation, the longest first."""
    named = [sys.prefix, sys.base_prefix, str(ROOT), *(sysconfig.get_path(name) for name in ("stdlib", "purelib"))]
    whole = {path for name in named for path in (name, os.path.realpath(name))}
    whole |= {os.path.dirname(path) for path in whole if path.endswith(("site-packages", "/.venv"))}
    return tuple(sorted(whole - set(COMMON), key=len, reverse=True))


def hidden(text: str) -> str:
    """``text`` with those folders as an ellipsis."""
    for root in roots():
        text = text.replace(root, HIDDEN)
    return text
