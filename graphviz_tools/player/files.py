"""The player's files."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def assets(folder: Path = HERE) -> dict[str, str]:
    """File name -> text of every module and style sheet; the modules import each other by relative paths."""
    files = sorted([*folder.glob("*.js"), *folder.glob("*.css")])
    return {path.name: path.read_text(encoding="utf-8") for path in files}
