"""Shapes of vertices, and colours for exported pictures.

On screen Graphviz gives geometry alone and the player's style sheet gives colours by class, so that a
theme can be switched. An exported DOT text carries torchviz's colours where they mean the same thing:
blue leaf, orange saved tensor, green root, grey node. Text on them keeps a contrast of 4.5 or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graphviz_tools.graph.diagram import ArrowKind
from graphviz_tools.payload import Kind

ThemeName = Literal["light", "dark"]

FONT = "Helvetica,Arial,sans-serif"

SHAPES: dict[Kind, dict[str, str]] = {
    "leaf": {"shape": "box", "style": "rounded"},
    "node": {"shape": "box"},
    "root": {"shape": "ellipse", "margin": "0.06,0.02"},
    "saved": {"shape": "note", "margin": "0.1,0.04"},
    "tensor": {"shape": "box", "style": "rounded"},
    "call": {"shape": "cds", "margin": "0.16,0.1"},
    "group": {"shape": "box3d"},
    "cut": {"shape": "plaintext", "margin": "0.04,0.02"},
}

ARROWS: dict[ArrowKind, dict[str, str]] = {
    "gradient": {},
    "saved": {"style": "dotted", "arrowhead": "none", "weight": "0"},
    "call": {"arrowhead": "vee"},
    "same": {"style": "dotted", "arrowhead": "none"},
    "cut": {"style": "dashed", "arrowhead": "none", "weight": "0"},
}


@dataclass(frozen=True)
class Theme:
    """Colours of an exported picture."""

    text: str
    line: str
    background: str
    fills: dict[Kind, str]
    accent: str  # gradients that flow
    faint: str  # those that are zero, None or not there yet
    bad: str  # those with NaN or infinity


THEMES: dict[ThemeName, Theme] = {
    "light": Theme(
        "#111111",
        "#555555",
        "white",
        {
            "leaf": "lightblue",
            "node": "lightgrey",
            "root": "darkolivegreen1",
            "saved": "orange",
            "tensor": "#f4f4f4",
            "call": "#fff4d6",
            "group": "gainsboro",
            "cut": "white",
        },
        "#0b63b5",
        "#6b7280",
        "#c01f1f",
    ),
    "dark": Theme(
        "#f2f2f2",
        "#b8b8b8",
        "#12161c",
        {
            "leaf": "#1c4a63",
            "node": "#3a3d44",
            "root": "#35531d",
            "saved": "#6b4300",
            "tensor": "#262930",
            "call": "#4a4020",
            "group": "#33363d",
            "cut": "#12161c",
        },
        "#6cb2ff",
        "#9aa4b2",
        "#ff7b72",
    ),
}
