"""A loop that was stopped has a picture to read, however many rounds it made and whatever they are."""

from __future__ import annotations

import pytest

from engine.contract.trace import NodeRanStep, Trace
from engine.reading.index import index_of
from engine.text.language import N_
from graphviz_tools.graph.diagram import Diagram
from graphviz_tools.graph.leaves import is_leaf_node
from graphviz_tools.payload import ShownStep, encode
from graphviz_tools.picture import diagram_of, show
from graphviz_tools.story.brief import MOST_FULL, WINDOW
from tests.engine.recording.runs import recorded
from tests.graphviz_tools import traces
from tests.graphviz_tools.counted import n_lines
from tests.graphviz_tools.test_any_trace import LAYOUT

HEAD = "import torch\nx = torch.ones(3, requires_grad=True)\nkept, named = [], {}\n"
LOOPS = {
    "one graph a round": "for i in range(N):\n    y = (x * 2).sum()\n",
    "while": "i = 0\nwhile i < N:\n    i += 1\n    y = (x * 2).sum()\n    if y.item() < 0:\n        break\n",
    "several roots a round": "for i in range(N):\n    a = (x * 2).sum()\n    b = x.exp()\n    c = (x - 1).mean()\n",
    "losses kept": "for i in range(N):\n    kept.append((x * i).sum())\n    named[i] = (x + i).mean()\n",
    "rounds of many looks": "for i in range(N):\n    h = x\n    for _ in range(i % 5):\n        h = h.sin()\n    y = h.sum()\n",
    "a function": "def f(k):\n    return (x * k).sum()\nfor i in range(N):\n    f(i)\n",
    "fresh leaves": "for i in range(N):\n    w = torch.ones(3, requires_grad=True)\n    y = (w * x).sum()\n",
    "after a backward": "(x * x).sum().backward()\nfor i in range(N):\n    y = (x * 2).sum()\n",
    "an evaluation": "m = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))\n"
    "for i in range(N):\n    loss = ((m(torch.ones(2, 3)) - 1) ** 2).mean()\n",
    "many roots of one backward": "ys = [(x * i).sum() for i in range(N)]\ntorch.autograd.backward(ys)\n",
    "one node of many roots": "ys = torch.ones(N, requires_grad=True).unbind()\ntorch.autograd.backward(ys)\n",
}
FEW = 80  # vertices


def looped(name: str, n: int) -> Trace:
    return recorded(HEAD + LOOPS[name].replace("N", str(n)))[1]


def picture(trace: Trace) -> Diagram:
    return diagram_of(index_of(trace), N_)


@pytest.mark.parametrize("name", LOOPS)
def test_rounds_without_backward_are_few_vertices_however_many_they_are(name: str) -> None:
    assert len(picture(looped(name, 150)).vertices) <= FEW


@pytest.mark.parametrize("name", LOOPS)
def test_every_node_of_every_round_is_in_one_vertex(name: str) -> None:
    trace = looped(name, 100)
    drawn = [n for v in picture(trace).vertices if v.kind in ("node", "group") for n in v.nodes]
    inner = [n for n in range(len(trace.nodes)) if not is_leaf_node(trace, n)]
    assert sorted(n for n in drawn if not is_leaf_node(trace, n)) == inner


@pytest.mark.parametrize("name", LOOPS)
@pytest.mark.slow
def test_drawing_rounds_takes_work_in_proportion(name: str) -> None:
    small, large = looped(name, 100), looped(name, 400)
    before, after = (
        n_lines(lambda trace=trace: encode(show(trace, _=N_, language="en", layout=LAYOUT))) for trace in (small, large)
    )
    assert after <= 4 * 1.3 * before


def test_the_earlier_rounds_are_one_group_beside_the_last_one() -> None:
    diagram = picture(looped("one graph a round", 100))
    (group,) = (v for v in diagram.vertices if v.kind == "group")
    assert group.lines == ("99 earlier rounds", "line 5, 198 nodes")
    assert [v.lines[0] for v in diagram.vertices if v.kind == "tensor"] == ["y"], (
        "a result; no backward started from it"
    )
    assert [v.lines[0] for v in diagram.vertices if v.kind == "node"] == ["multiply", "sum"]
    assert {(a.source, a.target) for a in diagram.arrows if a.source == group.id} == {(group.id, "v-t0")}
    assert diagram.notices == (
        "Rounds that look alike are one group; the last of each kind is drawn. Every step is there.",
    )


def test_a_root_that_a_run_started_from_is_drawn_among_many_results() -> None:
    diagram = picture(looped("after a backward", 100))
    assert sum(v.is_double for v in diagram.vertices) == 1


def is_brief(step: ShownStep) -> bool:
    return any(getattr(block, "text", "").startswith("Told in brief") for block in step.blocks)


def test_a_very_long_recording_is_told_in_full_at_its_ends_and_where_it_opens() -> None:
    trace = traces.recurrent(MOST_FULL // 4 + 250)
    payload = show(trace, _=N_, language="en", layout=LAYOUT)
    n = len(trace.steps)
    assert len(payload.steps) == n + 1
    assert [k for k, step in enumerate(payload.steps) if is_brief(step)] == list(range(WINDOW, n - WINDOW))
    brief = payload.steps[WINDOW]
    assert (brief.headline, brief.line, brief.focus) == ("matmul(…)", 4, payload.steps[WINDOW].focus)
    assert brief.focus in payload.vertices
    assert f"{n:,} steps: only the first and last" in payload.notices[-1]


def test_the_start_of_a_late_backward_is_told_in_full() -> None:
    trace = recorded(HEAD + f"y = x\nfor _ in range({MOST_FULL}):\n    y = y * 1\ny.sum().backward()\n")[1]
    payload = show(trace, _=N_, language="en", layout=LAYOUT)
    assert not any(is_brief(payload.steps[payload.start_step + k]) for k in range(-WINDOW // 2, WINDOW // 2))
    ran = [k for k, step in enumerate(trace.steps, 1) if isinstance(step, NodeRanStep)]
    assert any(is_brief(payload.steps[k]) and payload.steps[k].headline == "MulBackward0 runs" for k in ran)


def test_a_recording_of_ordinary_length_is_told_in_full() -> None:
    payload = show(traces.recurrent(MOST_FULL // 4 - 10), _=N_, language="en", layout=LAYOUT)
    assert not any(map(is_brief, payload.steps))
    assert payload.notices[-1].find("told in full") < 0
