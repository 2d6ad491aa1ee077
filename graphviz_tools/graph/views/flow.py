"""The backward graph of one run with the size of the gradient that went along each arrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.contract.trace import NodeRanStep, Trace, Value
from engine.reading.index import TraceIndex
from engine.reading.predicates import has_nan, magnitude, weight
from engine.reading.replay import has_start
from engine.text.language import Translate
from engine.text.numbers import number_text
from graphviz_tools.graph.collapse import MAX_VERTICES
from graphviz_tools.graph.diagram import Arrow, Diagram, Flow, FlowState
from graphviz_tools.graph.views.backward import backward

WORST_FIRST: tuple[FlowState, ...] = ("nan", "value", "unknown", "zero", "none", "pending")


def flow(index: TraceIndex, _: Translate, run: int, most: int = MAX_VERTICES) -> Diagram:
    """The graph of one run, without notes of saved tensors. An arrow that stands for several edges shows
    the worst of them: NaN before the largest norm before zero before None."""
    plain = backward(index, _, run, most)
    vertices = tuple(vertex for vertex in plain.vertices if vertex.kind != "saved")
    passed: dict[int, tuple[Value | None, ...]] = {
        s.node: s.grad_inputs for s in index.trace.steps if isinstance(s, NodeRanStep) and s.run == run
    }
    arrows = tuple(
        replace(arrow, flow=worst(_flows(index.trace, arrow, run, passed))) if arrow.kind == "gradient" else arrow
        for arrow in plain.arrows
        if arrow.kind != "saved"
    )
    return replace(plain, vertices=vertices, arrows=arrows, has_arrow_labels=True)


def flow_of(value: Value | None) -> Flow:
    """What to draw for a gradient that a node sent: None, zero, NaN and numbers look different."""
    if value is None:
        return Flow("none", "None")
    if has_nan(value):
        return Flow("nan", "NaN", 1.0)
    size = magnitude(value)
    if size is None:
        is_infinite = value.stats is not None or "inf" in value.items or "-inf" in value.items
        return Flow("nan", "∞", 1.0) if is_infinite else Flow("unknown", "?")
    if size == 0:
        return Flow("zero", "0")
    return Flow("value", number_text(size), weight(value))


def worst(flows: Iterable[Flow]) -> Flow:
    """The one that an arrow shows for several edges; pending without any."""
    ranked = sorted(flows, key=lambda flow: (WORST_FIRST.index(flow.state), -flow.weight))
    return ranked[0] if ranked else Flow("pending", "·")


def _flows(trace: Trace, arrow: Arrow, run: int, passed: dict[int, tuple[Value | None, ...]]) -> Iterator[Flow]:
    for root in trace.runs[run].roots:
        if arrow.root is not None and root.tensor == arrow.root and has_start(root):
            yield flow_of(root.gradient or Value((), "float32", (1.0,)))
    for node, position in arrow.edges:
        if node not in passed:
            yield Flow("pending", "·")
        else:
            yield flow_of(passed[node][position] if position < len(passed[node]) else None)
