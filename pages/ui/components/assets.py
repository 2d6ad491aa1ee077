"""The player's files as the browser gets them: module paths under a folder named after their content."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

from graphviz_tools.player.files import assets

PLAYER_PATH = "/player/{digest}/{name}"
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@cache
def player_files() -> dict[str, tuple[str, str]]:
    """File name -> (text, media type)."""
    return {name: (text, MEDIA_TYPES[name[name.rindex(".") :]]) for name, text in assets().items()}


@cache
def player_folder() -> str:
    """Where the files lie, without the server's base path; another content gives another folder."""
    digest = blake2b(digest_size=8)
    for name, (text, _) in sorted(player_files().items()):
        digest.update(f"{name}\0{text}\0".encode())
    return PLAYER_PATH.format(digest=digest.hexdigest(), name="")
