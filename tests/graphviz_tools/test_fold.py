"""A graph with thousands of leaves still makes one readable picture."""

from __future__ import annotations

from engine.text.language import N_
from graphviz_tools.graph.diagram import Arrow, Diagram, Vertex
from graphviz_tools.graph.fold import fold_leaves


def wide(n: int) -> Diagram:
    node = Vertex("v-n0", "node", ("cat",), "cat", True, (0,))
    leaves = [Vertex(f"v-t{i}", "leaf", (f"w{i}", "(1,)"), f"w{i}", True, (i,), tensor=i) for i in range(1, n + 1)]
    arrows = [Arrow(f"a-0-{i}", "v-n0", f"v-t{i + 1}", edges=((0, i),)) for i in range(n)]
    return Diagram((node, *leaves), tuple(arrows))


def test_a_picture_that_fits_stays_as_it_is() -> None:
    assert fold_leaves(wide(299), N_) == wide(299)


def test_leaves_of_one_node_become_one_group_that_keeps_every_node_and_edge() -> None:
    folded = fold_leaves(wide(1000), N_)
    assert [v.kind for v in folded.vertices] == ["node", "group"]
    assert folded.vertices[1].lines == ("1000 leaves", "(1,)")
    assert folded.vertices[1].nodes == tuple(range(1, 1001))
    assert len(folded.arrows) == 1
    assert folded.arrows[0].edges == tuple((0, i) for i in range(1000))
    assert folded.arrows[0].target == folded.vertices[1].id
    assert "1000 leaves" in folded.notices[-1]
