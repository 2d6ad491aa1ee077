"""Payloads written by hand: what the player must show does not depend on who made it."""

from __future__ import annotations

from html import escape

from engine.text.language import translator
from graphviz_tools.payload import (
    Band,
    Cell,
    LineMark,
    Mark,
    Payload,
    Row,
    ShownArrow,
    ShownStep,
    ShownValue,
    ShownVertex,
    TextBlock,
    ValuesBlock,
)
from graphviz_tools.story.strings import player_strings

HOSTILE = """<script>window.hacked = 1</script><image href="http://127.0.0.1:9/x.png" onerror="window.hacked = 1"/>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="window.hacked = 1"/></body></foreignObject>
<animate onbegin="window.hacked = 1" attributeName="x" dur="1s"/><style>* { background: url(http://127.0.0.1:9/) }</style>
<a xlink:href="javascript:window.hacked = 1"><text x="0" y="0">link</text></a>"""
NAME = "变量 <script>window.hacked = 1</script>"
LEGEND = (("failed", "failed"), ("done", "done"), ("waiting", "waiting"))
VALUES = (
    ShownValue("tensor", "[0, NaN]", rows=((Cell("0", "zero"), Cell("NaN", "nan", full="nan")),)),
    ShownValue("none", "None"),
    ShownValue("pending", "·"),
    ShownValue("tensor", "", rows=((Cell("1"), Cell("2.5")), (Cell("0.125", heat=1.0), Cell("-3", heat=-1.0)))),
)
LONG = "grad [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"


def odd() -> Payload:
    """A node that fails, a leaf drawn twice, a freed tensor, NaN, None, zero, nothing yet, Chinese and markup as names."""
    vertices = {
        "root": ShownVertex("root", "loss, root", states=((0, "waiting"), (2, "running"), (3, "done"))),
        "bad": ShownVertex(
            "node", f"{NAME} MulBackward0", states=((2, "ready"), (3, "failed")), line=2, badge=((0, "·"),)
        ),
        "w1": ShownVertex("leaf", "w, leaf", badge=((0, "·"), (3, LONG)), same_as=("w2",), card=(TextBlock(NAME),)),
        "w2": ShownVertex("leaf", "w again, leaf", built_at=2, same_as=("w1",)),
        "kept": ShownVertex("saved", "self = w, saved", states=((0, "ready"), (3, "freed"))),
    }
    rows = tuple(Row(label, i) for i, label in enumerate(("numbers", "none", "pending", "matrix")))
    steps = (
        ShownStep("start", "start"),
        ShownStep(NAME, "forward", line=1, focus="w1", short="makes w"),
        ShownStep("backward", "backward", line=2, focus="root", lit=("a1",), printed=3),
        ShownStep("fails", "backward", line=2, focus="bad", blocks=(ValuesBlock("values", rows),), printed=5),
        ShownStep("RuntimeError", "end", blocks=(TextBlock(NAME, "error", "what it means"),), printed=5),
    )
    arrows = {
        "a1": ShownArrow("root", "bad", label=((2, "1"),), weight=((2, 0.5),)),
        "a2": ShownArrow("bad", "w2", built_at=1),
        "a3": ShownArrow("bad", "kept", "saved"),
    }
    return _payload("odd", "w = 1\nloss.backward()\n", steps, vertices, arrows, svg(vertices, arrows, HOSTILE))


def many(n: int = 200) -> Payload:
    """``n`` nodes below one root; every one runs, one after the other."""
    names = [f"n{i}" for i in range(n)]
    vertices = {
        name: ShownVertex(
            "node", f"{name}, node", badge=((0, "·"), (i + 1, "grad 1")), states=((i + 1, "running"), (i + 2, "done"))
        )
        for i, name in enumerate(names)
    }
    arrows = {f"a{i}": ShownArrow(names[i], names[i + 1], label=((i + 1, "1"),)) for i in range(n - 1)}
    moves = tuple(ShownStep(f"{name} runs", "backward", 1, name, (f"a{i}",)) for i, name in enumerate(names))
    steps = (ShownStep("start", "start"), *moves)
    return _payload("many", "x.backward()\n", steps, vertices, arrows, svg(vertices, arrows), marks=())


def no_graph() -> Payload:
    """A program without a graph."""
    steps = (ShownStep("start", "start"), ShownStep("end", "end", printed=5))
    return _payload("none", "print(1)\n", steps, {}, {}, None, marks=())


def svg(vertices: dict[str, ShownVertex], arrows: dict[str, ShownArrow], more: str = "") -> str:
    """What Graphviz would give, in rows of three or ten vertices."""
    columns = 10 if len(vertices) > 9 else 3
    place = {name: (i % columns * 130 + 10, i // columns * 90 + 10) for i, name in enumerate(vertices)}
    groups = [
        f'<g id="{name}" class="node vertex kind-{vertex.kind}" onclick="window.hacked = 1"><polygon points="{x},{y} {x + 100},{y} '
        f'{x + 100},{y + 50} {x},{y + 50}"/><text text-anchor="middle" x="{x + 50}" y="{y + 20}">{escape(vertex.title[:12])}</text>'
        f'<text text-anchor="middle" x="{x + 50}" y="{y + 40}">·</text></g>'
        for (name, vertex), (x, y) in zip(vertices.items(), place.values())
    ]
    lines = [
        f'<g id="{name}" class="edge arrow kind-{arrow.kind}"><path d="M{place[arrow.source][0]},{place[arrow.source][1]} '
        f'L{place[arrow.target][0]},{place[arrow.target][1]}"/></g>'
        for name, arrow in arrows.items()
    ]
    inner = "".join([*lines, *groups])
    return (
        f'<svg viewBox="0 0 {columns * 130} {len(vertices) // columns * 90 + 90}" xmlns="http://www.w3.org/2000/svg" '
        f'onload="window.hacked = 1" xmlns:xlink="http://www.w3.org/1999/xlink"><g id="graph0" class="graph">{inner}{more}</g></svg>'
    )


def _payload(
    key: str,
    source: str,
    steps: tuple[ShownStep, ...],
    vertices: dict[str, ShownVertex],
    arrows: dict[str, ShownArrow],
    drawing: str | None,
    marks: tuple[Mark, ...] = (Mark(1, "mutation", "w changed"), Mark(3, "failure", NAME)),
) -> Payload:
    return Payload(
        version=1,
        run_key=key,
        source=source,
        stdout="3\n\n12",
        steps=steps,
        values=VALUES,
        vertices=vertices,
        arrows=arrows,
        bands=(Band("forward", 1, 1), Band("backward", 2, len(steps) - 1)),
        marks=marks,
        line_marks=(LineMark(2, "error", NAME),) if marks else (),
        strings=player_strings(translator("en")),
        legend=LEGEND,
        svg=drawing,
        no_picture="" if drawing else "There is no graph.",
        failure_step=3 if marks else None,
        editable=True,
    )
