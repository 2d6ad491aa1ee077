"""How much work Graphviz will have with a diagram, known beforehand in linear time.

Dot puts vertices in ranks and replaces an arrow over k ranks by a chain of k links; the time goes into ordering
and placing the links. So the number of links tells more than those of vertices and arrows: 4,900 arrows between
neighbouring ranks take 0.4 s, 400 that lead anywhere take 4.
"""

from __future__ import annotations

from collections import Counter

from graphviz_tools.graph.diagram import Diagram

MOST = 10_000  # links; from 5,000 on some graphs take more than 2 s, beyond this all that were measured


def effort(diagram: Diagram) -> int:
    """The number of links; labels take a rank of their own, so with them it is twice that.

    In a cycle, which no recorded graph has, arrows back count as one.
    """
    ranks = _ranks(diagram)
    links = sum(max(1, ranks[arrow.target] - ranks[arrow.source]) for arrow in diagram.arrows)
    return links * 2 if diagram.has_arrow_labels else links


def is_hopeless(diagram: Diagram) -> bool:
    """Whether not even a try is worth its time."""
    return effort(diagram) > MOST


def _ranks(diagram: Diagram) -> dict[str, int]:
    """Vertex id -> length of the longest path to it."""
    below: dict[str, list[str]] = {vertex.id: [] for vertex in diagram.vertices}
    for arrow in diagram.arrows:
        below.setdefault(arrow.source, []).append(arrow.target)
        below.setdefault(arrow.target, [])
    n_above = Counter(arrow.target for arrow in diagram.arrows)
    ranks = dict.fromkeys(below, 0)
    free = [vertex for vertex in below if not n_above[vertex]]
    while free:
        vertex = free.pop()
        for target in below[vertex]:
            ranks[target] = max(ranks[target], ranks[vertex] + 1)
            n_above[target] -= 1
            if not n_above[target]:
                free.append(target)
    return ranks
