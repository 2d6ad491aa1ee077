"""Why a gradient is None, zero or not finite: told beside it in the inspector, while it holds."""

from __future__ import annotations

import msgspec
import pytest

from engine.contract.trace import AccumulatedStep, GradSetStep, RunEndedStep, RunRecord, RunStartedStep, Trace
from engine.reading.index import index_of
from graphviz_tools.payload import ValuesBlock, WhyBlock
from graphviz_tools.picture import diagram_of, show
from graphviz_tools.story.context import Stage
from graphviz_tools.story.inspector import card, grad_tracks
from graphviz_tools.story.why import spans
from graphviz_tools.value_table import ValueTable
from tests.graphviz_tools import traces

END = 12  # the step at which backward of the trace c1 is done
X, Z = 0, 2  # tensors


def staged(trace: Trace) -> Stage:
    index = index_of(trace)
    return Stage(index, diagram_of(index, str), ValueTable(str), str)


def told(trace: Trace, tensor: int) -> list[tuple[str, int, int | None]]:
    return [(span.reason.code, span.since, span.until) for span in spans(staged(trace), tensor)]


def followed(trace: Trace, *steps: object) -> Trace:
    return msgspec.structs.replace(trace, steps=(*trace.steps, *steps))


CLEARED = GradSetStep(X, 6, traces.value(4, 5), None)


def test_an_ordinary_gradient_has_nothing_to_tell() -> None:
    assert told(traces.c1(), X) == []


def test_what_is_no_leaf_has_none_from_the_first_step_on() -> None:
    assert told(traces.c1(), Z) == [("not_leaf", 0, None)]


def test_a_cleared_gradient_is_told_from_where_it_was_cleared() -> None:
    assert told(followed(traces.c1(), CLEARED), X) == [("cleared", END + 1, None)]


def test_a_reason_holds_until_another_backward_starts() -> None:
    again = RunRecord("backward", 8, (), nodes=())
    written = AccumulatedStep(1, X, None, traces.value(1, 1), 0)
    trace = followed(traces.c1(), CLEARED, RunStartedStep(1), written, RunEndedStep(1, True))
    trace = msgspec.structs.replace(trace, runs=(*trace.runs, again))
    assert told(trace, X) == [("cleared", END + 1, END + 2)]


def test_without_a_backward_the_end_says_so() -> None:
    trace = traces.c1()
    trace = msgspec.structs.replace(trace, steps=trace.steps[:4], runs=())
    assert told(trace, X) == [("no_backward", 4, None)]


def test_a_failed_backward_is_the_reason_of_what_it_did_not_reach() -> None:
    trace = traces.mutated("detach")
    assert told(trace, 0) == [("backward_failed", 9, None)]


def test_zeros_are_told_with_the_node_that_made_them_and_its_vertex() -> None:
    stage = staged(traces.mutated("data"))
    leaf = next(vertex for vertex in stage.diagram.vertices if vertex.kind == "leaf")
    (block,) = (b for b in card(stage, leaf, grad_tracks(stage)) if isinstance(b, WhyBlock))
    assert block.since == len(stage.trace.steps)
    assert block.place == stage.vertex_of_node[2]
    assert block.place_text.startswith("MulBackward0")


@pytest.mark.parametrize("vertex", ["v-n2", "v-t3"])
def test_none_is_shown_as_none_where_it_is_certain(vertex: str) -> None:
    stage = staged(traces.c1())
    blocks = card(stage, stage.by_id[vertex], grad_tracks(stage))
    (grad,) = (block for block in blocks if isinstance(block, ValuesBlock) and block.title == ".grad")
    assert [(step, stage.table.rows()[ref].kind) for step, ref in grad.rows[0].track] == [(0, "none")]


def test_a_payload_opens_at_the_tensor_asked_for() -> None:
    payload = show(traces.c1(), _=str, language="en", tensor=X)
    assert payload.start_vertex is not None
    assert payload.vertices[payload.start_vertex].title.startswith("x")
    assert payload.start_step == END
