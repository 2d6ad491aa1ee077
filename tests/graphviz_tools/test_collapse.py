"""Graphs too large to read are put together, and nothing gets lost."""

from __future__ import annotations

import pytest

from engine.reading.index import index_of
from engine.text.language import N_
from graphviz_tools.graph.collapse import MAX_VERTICES
from graphviz_tools.graph.leaves import is_leaf_node
from graphviz_tools.graph.loop_rounds import rounds, smallest_period
from graphviz_tools.picture import diagram_of
from graphviz_tools.render.dot import dot_of
from graphviz_tools.render.layout import Layout
from tests.graphviz_tools import traces

LARGE = {"chain": traces.chain(5_000), "wide": traces.wide(3_000), "rounds": traces.recurrent(400)}


@pytest.mark.parametrize("name", LARGE)
def test_at_most_three_hundred_vertices_remain(name: str) -> None:
    assert len(diagram_of(index_of(LARGE[name]), N_).vertices) <= MAX_VERTICES


@pytest.mark.parametrize("name", LARGE)
def test_every_node_is_in_exactly_one_vertex(name: str) -> None:
    trace = LARGE[name]
    drawn = [n for v in diagram_of(index_of(trace), N_).vertices if v.kind in ("node", "group") for n in v.nodes]
    inner = [n for n in range(len(trace.nodes)) if not is_leaf_node(trace, n)]
    assert sorted(drawn) == inner


@pytest.mark.parametrize("name", LARGE)
def test_arrows_between_groups_make_no_cycle(name: str) -> None:
    diagram = diagram_of(index_of(LARGE[name]), N_)
    below: dict[str, set[str]] = {}
    for arrow in diagram.arrows:
        below.setdefault(arrow.source, set()).add(arrow.target)
    waiting = {v.id: sum(v.id in targets for targets in below.values()) for v in diagram.vertices}
    free = [vertex for vertex, n in waiting.items() if n == 0]
    n_reached = 0
    while free:
        n_reached += 1
        for target in below.get(free.pop(), ()):
            waiting[target] -= 1
            if waiting[target] == 0:
                free.append(target)
    assert n_reached == len(diagram.vertices)


def test_a_collapsed_picture_says_so() -> None:
    notice = diagram_of(index_of(LARGE["chain"]), N_).notices[0]
    assert notice == "5,000 nodes are too many for one picture: they are drawn as 8 groups. Every step is there."


def test_a_long_chain_is_pieces_named_by_what_they_repeat() -> None:
    groups = [v for v in diagram_of(index_of(LARGE["chain"]), N_).vertices if v.kind == "group"]
    assert groups[0].lines == ("multiply × 625", "line 3, 625 nodes")


def test_rounds_of_a_loop_are_found_by_the_lines_that_come_again() -> None:
    found = rounds(traces.recurrent(5))
    assert [r.number for r in found] == [1, 2, 3, 4, 5]
    assert found[1].calls == (6, 7, 8, 9)
    assert found[0].lines == (4, 5)


def test_rounds_on_one_line_are_found_by_the_period_of_their_calls() -> None:
    assert [len(r.calls) for r in rounds(traces.chain(12))] == [1] * 12


def test_code_without_a_loop_has_no_rounds() -> None:
    assert rounds(traces.c1()) == ()


@pytest.mark.parametrize(("words", "period"), [("", 0), ("a", 1), ("aaaa", 1), ("ababab", 2), ("abcab", 3), ("abc", 3)])
def test_the_smallest_period_of_a_sequence(words: str, period: int) -> None:
    assert smallest_period(words) == period


@pytest.mark.parametrize("trace", [*LARGE.values(), traces.recurrent(50), traces.recurrent(75)])
def test_a_large_graph_is_laid_out_in_no_time(trace) -> None:
    layout = Layout(time_limit_s=2.0)
    layout.warm()
    assert layout.svg(dot_of(diagram_of(index_of(trace), N_))).startswith("<svg")
    layout.close()


def test_a_leaf_that_one_group_alone_uses_is_drawn_inside_it() -> None:
    diagram = diagram_of(index_of(traces.layers(120)), N_)
    groups = [vertex for vertex in diagram.vertices if vertex.kind == "group"]
    assert groups[0].lines == ("net.0", "2 nodes, net.0.weight")
    assert len(groups) == 120
    assert not any(vertex.kind == "leaf" for vertex in diagram.vertices)
