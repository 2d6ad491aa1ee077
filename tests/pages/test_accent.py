"""The accent stands once for each that can read no other's file: Streamlit's settings, the player alone, exported pictures."""

import re
from pathlib import Path

from graphviz_tools.player.files import assets
from graphviz_tools.render.theme import THEMES

ROOT = Path(__file__).parents[2]


def test_one_accent() -> None:
    light, dark = re.findall(r'primaryColor = "(#\w+)"', (ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert f"--accent: var(--st-primary-color, light-dark({light}, {dark}));" in assets()["player.css"]
    assert (THEMES["light"].accent, THEMES["dark"].accent) == (light, dark)
    sheets = [path for room in ("graphviz_tools", "pages") for path in (ROOT / room).rglob("*.css")]
    assert {path.name for path in sheets if re.search(f"{light}|{dark}", path.read_text(encoding="utf-8"))} == {
        "player.css"
    }
