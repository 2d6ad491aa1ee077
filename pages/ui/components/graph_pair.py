"""Two graphs with their differences marked, as a Streamlit component in the player's look."""

from __future__ import annotations

import msgspec

from engine.text.language import Translate
from graphviz_tools.compare.graph_pair import SIGNS, GraphPair, Marked
from pages.ui.components.assets import PLAYER
from pages.ui.frame.mounts import mounted

KEY = "graph-pair"

_mount = mounted("graph_pair", "components/graph_pair_mount.js", "components/graph_pair_mount.css")


def show(pair: GraphPair, _: Translate) -> None:
    """Both graphs; their text alternative is the list that the page shows below them."""
    titles = _("With the error"), _("Cured")
    graphs = [_data(graph, title) for graph, title in zip((pair.before, pair.after), titles)]
    _mount(key=KEY, data=msgspec.json.encode({"graphs": graphs, "folder": PLAYER.folder}))


def _data(graph: Marked, title: str) -> dict[str, object]:
    vertices = [
        {"id": name, "kind": kind, "title": text, "mark": mark, "sign": SIGNS[mark] if mark else ""}
        for name, kind, text, mark in graph.vertices
    ]
    title = " · ".join((title, *graph.notices))
    return {"title": title, "svg": graph.svg, "no_picture": graph.no_picture, "vertices": vertices}
