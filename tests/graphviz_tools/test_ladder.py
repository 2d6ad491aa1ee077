"""Which picture is drawn when the one that is meant is too hard."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from engine.text.language import N_
from graphviz_tools.compare.graph_pair import graph_pair
from graphviz_tools.graph.diagram import Arrow, Cluster, Diagram, Flow, Vertex
from graphviz_tools.graph.effort import MOST, effort, is_hopeless
from graphviz_tools.picture import flow_picture, show
from graphviz_tools.render.dot import dot_of
from graphviz_tools.render.ladder import PLAIN, RUNGS, SMALLER, climb, plain, reason
from graphviz_tools.render.layout import LayoutError, TookTooLong
from tests.graphviz_tools import traces


def graph(n: int, pairs: list[tuple[int, int]], **more) -> Diagram:
    vertices = tuple(Vertex(f"v-n{i}", "node", (str(i),), str(i)) for i in range(n))
    arrows = tuple(Arrow(f"a-{k}", f"v-n{i}", f"v-n{j}", edges=((i, k),)) for k, (i, j) in enumerate(pairs))
    return Diagram(vertices, arrows, **more)


def full(n: int) -> Diagram:
    """Every vertex joined with every later one."""
    return graph(n, list(combinations(range(n), 2)))


class Refusing:
    """Lays out what ``takes`` accepts; ``asked`` are the texts that came."""

    def __init__(self, takes: Callable[[str], bool], error: LayoutError) -> None:
        self.asked: list[str] = []
        self._takes, self._error = takes, error

    def svg(self, dot: str) -> str:
        self.asked.append(dot)
        if self._takes(dot):
            return "<svg></svg>"
        raise self._error


LATE = TookTooLong(2.0)


def test_effort_counts_the_ranks_that_arrows_cross() -> None:
    assert effort(graph(3, [(0, 1), (1, 2)])) == 2
    assert effort(graph(3, [(0, 1), (1, 2), (0, 2)])) == 4
    assert effort(graph(3, [(0, 1), (1, 2), (0, 2)], has_arrow_labels=True)) == 8
    assert effort(full(40)) == sum(j - i for i, j in combinations(range(40), 2))


def test_a_large_graph_with_short_arrows_is_not_hopeless() -> None:
    assert not is_hopeless(graph(5000, [(i, i + 1) for i in range(4999)]))
    assert is_hopeless(full(95))


def test_a_cycle_has_an_effort_too() -> None:
    assert effort(graph(2, [(0, 1), (1, 0)])) == 2


def test_a_plain_picture_has_one_arrow_for_all_parallel_ones_and_says_why() -> None:
    many = graph(2, [(0, 1)] * 5000, clusters=(Cluster("c", "net"),), has_arrow_labels=True, notices=("first",))
    drawn = plain(many, "why")
    assert [arrow.edges for arrow in drawn.arrows] == [tuple((0, k) for k in range(5000))]
    assert (drawn.clusters, drawn.has_arrow_labels, drawn.notices) == ((), False, ("why", "first"))
    assert "splines=line" in dot_of(drawn)
    assert drawn.vertices == many.vertices


def test_the_worst_of_parallel_gradients_is_the_one_that_is_shown() -> None:
    arrows = tuple(
        Arrow(f"a-{k}", "x", "y", flow=flow) for k, flow in enumerate((Flow("zero", "0"), Flow("nan", "NaN")))
    )
    assert plain(Diagram((), arrows), "").arrows[0].flow == Flow("nan", "NaN")


def test_what_is_hopeless_is_not_tried() -> None:
    sizes = {300: 290, 60: 60, 12: 12}
    tried: list[int] = []

    def draw(diagram: Diagram) -> str:
        tried.append(len(diagram.vertices))
        return "drawn"

    assert climb(lambda most: full(sizes[most]), draw, N_) == "drawn"
    assert tried == [12]
    assert effort(full(60)) > MOST


def test_after_two_that_took_too_long_only_the_smallest_is_tried() -> None:
    tried: list[tuple[int, bool]] = []

    def draw(diagram: Diagram) -> str:
        tried.append((len(diagram.vertices), diagram.is_plain))
        raise LATE

    error = climb(lambda most: graph(most, []), draw, N_)
    assert tried == [(300, False), (300, True), (12, True)]
    assert isinstance(error, TookTooLong)
    assert reason(error, N_).startswith("Drawing this graph took more than 2 seconds")


def test_a_picture_that_is_simpler_says_so() -> None:
    layout = Refusing(lambda dot: "splines=line" in dot, LATE)
    payload = show(traces.c1(), _=N_, language="en", layout=layout)
    assert payload.svg == "<svg></svg>"
    assert payload.notices[0] == PLAIN
    assert len(layout.asked) == 2
    assert all(arrow_id in payload.arrows for step in payload.steps for arrow_id in step.lit)


@pytest.mark.slow
def test_a_dense_graph_is_put_together_and_every_step_still_points_at_what_is_drawn() -> None:
    layout = Refusing(lambda dot: True, LATE)
    payload = show(traces.dense(45), _=N_, language="en", layout=layout)
    assert payload.svg is not None
    assert SMALLER in payload.notices
    assert len(layout.asked) == 1
    assert len(payload.vertices) < 60
    assert {step.focus for step in payload.steps} - {None} <= set(payload.vertices)
    assert {end for arrow in payload.arrows.values() for end in (arrow.source, arrow.target)} <= set(payload.vertices)


@pytest.mark.parametrize("error", [LATE, LayoutError("it is odd.")], ids=["late", "odd"])
@pytest.mark.slow
def test_where_nothing_can_be_drawn_all_vertices_and_the_reason_are_there(error: LayoutError) -> None:
    layout = Refusing(lambda dot: False, error)
    payload = show(traces.dense(45), _=N_, language="en", layout=layout)
    assert payload.svg is None
    assert len(payload.vertices) > 45
    assert payload.no_picture == reason(error, N_)
    assert SMALLER not in payload.notices


def test_every_kind_of_picture_has_the_same_way_down() -> None:
    layout = Refusing(lambda dot: "splines=line" in dot, LATE)
    assert flow_picture(traces.c1(), 0, _=N_, theme="light", layout=layout).svg is not None
    pair = graph_pair(traces.c1(), traces.mutated("data"), layout, N_)
    assert pair.before.svg is not None and pair.after.svg is not None
    assert pair.before.notices[0] == PLAIN
    layout = Refusing(lambda dot: "splines=line" in dot, LATE)
    combined = show(traces.c1(), view="combined", _=N_, language="en", layout=layout)
    assert combined.svg is not None and combined.notices[0] == PLAIN


def test_the_last_rung_is_small_however_the_graph_is() -> None:
    assert RUNGS[-1].most == 12
