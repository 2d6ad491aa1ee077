"""Two graphs with their differences marked, as a Streamlit component in the player's look."""

from __future__ import annotations

from pathlib import Path

import msgspec
from streamlit.components.v2 import component

from engine.text.language import Translate
from graphviz_tools.compare.graph_pair import SIGNS, GraphPair, Marked
from pages.ui.components.assets import player_folder
from pages.ui.components.player import served

HERE = Path(__file__).parent
KEY = "graph-pair"

_mount = component(
    "backstep_graph_pair",
    css=(HERE / "graph_pair_mount.css").read_text(encoding="utf-8"),
    js=(HERE / "graph_pair_mount.js").read_text(encoding="utf-8"),
)


def show(pair: GraphPair, _: Translate) -> None:
    """Both graphs; their text alternative is the list that the page shows below them."""
    titles = _("With the error"), _("Cured")
    graphs = [_data(graph, title) for graph, title in zip((pair.before, pair.after), titles)]
    _mount(key=KEY, data=msgspec.json.encode({"graphs": graphs, "folder": served(player_folder())}))


def _data(graph: Marked, title: str) -> dict[str, object]:
    vertices = [
        {"id": name, "kind": kind, "title": text, "mark": mark, "sign": SIGNS[mark] if mark else ""}
        for name, kind, text, mark in graph.vertices
    ]
    title = " · ".join((title, *graph.notices))
    return {"title": title, "svg": graph.svg, "no_picture": graph.no_picture, "vertices": vertices}
