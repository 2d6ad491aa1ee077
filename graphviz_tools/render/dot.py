"""A Diagram as DOT text: deterministic, with every name quoted by the graphviz package.

The ids of the diagram become the ids of SVG groups; the kind becomes a class. Nothing of a program can
become markup: labels are never HTML-like, and backslashes are escaped before lines are joined.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from graphviz import Digraph, escape, nohtml

from engine.text.quoting import visible
from graphviz_tools.graph.diagram import Arrow, Cluster, Diagram, FlowState, Vertex
from graphviz_tools.render.theme import ARROWS, FONT, SHAPES, THEMES, Theme, ThemeName

FONT_SIZE = 13
POINTS_PER_INCH = 72
BADGE_ROOM = 12  # characters of a badge kept free where its longest text is not known
LABEL_ROOM = 6  # the same of a gradient's text on an arrow
DIGIT = 7.6  # points of one character of a badge or label, in the player's monospaced font
NARROW_SPACE = "\N{NO-BREAK SPACE}"
SPACE = 3.06  # points of a narrow space at 11 points
MORE_WIDTH = 6  # points by which the arrow of the largest gradient is thicker than that of the smallest
FLOWS: dict[FlowState, tuple[str, str]] = {  # colour of the theme, style
    "value": ("accent", "solid"),
    "nan": ("bad", "bold"),
    "unknown": ("line", "solid"),
    "zero": ("faint", "dashed"),
    "none": ("faint", "dotted"),
    "pending": ("faint", "dotted"),
}
PLAIN = {"splines": "line", "nslimit": "0.5", "nslimit1": "0.5", "mclimit": "0.1", "searchsize": "10"}  # 5 times faster
N_LARGE = 120  # vertices from which lines are drawn with corners instead of curves


def dot_of(diagram: Diagram, theme: ThemeName | None = None, room: Mapping[str, int] | None = None) -> str:
    """DOT text. Without a theme: geometry and classes only, for the player's style sheet.

    ``room`` tells how many characters each badge and arrow label will ever have (id -> n). An exported
    picture does not move, so it keeps no room for badges and labels.
    """
    room = room or {}
    colours = THEMES[theme] if theme is not None else None
    graph = Digraph("backstep", graph_attr=_graph(diagram, colours), node_attr=_node(colours), edge_attr=_edge(colours))
    framed: set[str] = set()
    by_id = {vertex.id: vertex for vertex in diagram.vertices}
    for position, cluster in enumerate(diagram.clusters):
        graph.subgraph(_cluster(cluster, str(position), by_id, colours, framed, room))
    for vertex in diagram.vertices:
        if vertex.id not in framed:
            graph.node(vertex.id, **_vertex(vertex, colours, room))
    for arrow in diagram.arrows:
        ends = (arrow.source, arrow.target)
        if _is_turned(arrow, diagram):
            ends = ends[::-1]
        graph.edge(*ends, **_arrow(arrow, diagram, room if theme is None else None), **_flow(arrow, colours))
    return graph.source


def plain_label(lines: Sequence[str]) -> str:
    r"""Lines as a DOT label: backslashes doubled, no HTML, ``\n`` between lines, control characters as signs."""
    return nohtml(r"\n".join(escape(visible(line.replace("\n", " "))) for line in lines))


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Points a text is about to need in a wide font: Chinese characters and emoji count a full em."""
    ems = sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.62 for c in text)
    return ems * size


def _graph(diagram: Diagram, theme: Theme | None) -> dict[str, str]:
    attributes = {
        "rankdir": "BT" if diagram.grows_up else "TB",
        "nslimit": "2",
        "nslimit1": "2",
        "nodesep": "0.3",
        "ranksep": "0.4",
        "pad": "0.1",
        "fontname": FONT,
        "fontsize": str(FONT_SIZE),
        "bgcolor": theme.background if theme is not None else "transparent",
        "splines": "polyline" if len(diagram.vertices) > N_LARGE else "spline",
    }
    if diagram.is_plain:
        attributes |= PLAIN
    if theme is not None:
        attributes |= {"fontcolor": theme.text, "color": theme.line}
    return attributes


def _node(theme: Theme | None) -> dict[str, str]:
    attributes = {"fontname": FONT, "fontsize": str(FONT_SIZE), "margin": "0.12,0.06", "height": "0.3"}
    return attributes if theme is None else attributes | {"fontcolor": theme.text, "color": theme.line}


def _edge(theme: Theme | None) -> dict[str, str]:
    attributes = {"fontname": FONT, "fontsize": "11", "arrowsize": "0.7"}
    return attributes if theme is None else attributes | {"fontcolor": theme.text, "color": theme.line}


def _cluster(
    cluster: Cluster,
    number: str,
    vertices: dict[str, Vertex],
    theme: Theme | None,
    framed: set[str],
    room: Mapping[str, int],
) -> Digraph:
    graph = Digraph(f"cluster_{number}")
    graph.attr(
        id=cluster.id, **{"class": "cluster"}, label=plain_label([cluster.label]), labeljust="l", style="rounded"
    )
    for own in cluster.vertices:
        if own in vertices and own not in framed:
            framed.add(own)
            graph.node(own, **_vertex(vertices[own], theme, room))
    for position, inner in enumerate(cluster.clusters):
        graph.subgraph(_cluster(inner, f"{number}_{position}", vertices, theme, framed, room))
    return graph


def _vertex(vertex: Vertex, theme: Theme | None, room: Mapping[str, int]) -> dict[str, str]:
    attributes = dict(SHAPES[vertex.kind])
    lines = vertex.label if theme is None else vertex.lines
    attributes |= {"id": vertex.id, "class": f"vertex kind-{vertex.kind}", "label": plain_label(lines)}
    width = max((text_width(line) for line in lines), default=0.0) + 18
    if vertex.has_badge and theme is None:
        width = max(width, room.get(vertex.id, BADGE_ROOM) * DIGIT + 14)
    attributes["width"] = f"{width / POINTS_PER_INCH:.2f}"
    if vertex.is_double:
        attributes["peripheries"] = "2"
    style = [attributes.get("style", ""), "dashed" if vertex.is_dashed else ""]
    if theme is not None:
        style.append("filled")
        attributes["fillcolor"] = theme.fills[vertex.kind]
    if any(style):
        attributes["style"] = ",".join(word for word in style if word)
    return attributes


def _arrow(arrow: Arrow, diagram: Diagram, room: Mapping[str, int] | None) -> dict[str, str]:
    attributes = {"id": arrow.id, "class": f"arrow kind-{arrow.kind}"} | ARROWS[arrow.kind]
    if arrow.note:
        attributes["label"] = plain_label([arrow.note])
    elif arrow.kind == "gradient" and diagram.has_arrow_labels and room is not None:
        attributes["label"] = NARROW_SPACE * round(room.get(arrow.id, LABEL_ROOM) * DIGIT / SPACE + 4)
    if _is_turned(arrow, diagram):
        attributes["dir"] = "back"
    return attributes


def _flow(arrow: Arrow, theme: Theme | None) -> dict[str, str]:
    """The gradient that went along the arrow: thick where it is large, broken where nothing flows."""
    if arrow.flow is None or theme is None:
        return {}
    colour, style = FLOWS[arrow.flow.state]
    ink = getattr(theme, colour)
    width = f"{1.2 + MORE_WIDTH * arrow.flow.weight:.2f}"
    label = plain_label([NARROW_SPACE * 2 + arrow.flow.text])
    return {
        "label": label,
        "fontsize": str(FONT_SIZE),
        "color": ink,
        "fontcolor": ink,
        "penwidth": width,
        "style": style,
        "arrowsize": "0.5",
    }


def _is_turned(arrow: Arrow, diagram: Diagram) -> bool:
    """Whether Graphviz is told the arrow backwards: gradients flow down in a picture that grows up."""
    return diagram.grows_up and arrow.kind == "gradient"
