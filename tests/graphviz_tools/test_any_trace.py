"""Whatever was recorded gives a payload: random traces, and recordings of random programs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.text.language import N_
from graphviz_tools.payload import encode
from graphviz_tools.picture import dot_text, flow_picture, show
from graphviz_tools.render.layout import Layout
from tests.engine.recording.programs import programs
from tests.engine.recording.runs import recorded
from tests.graphviz_tools.random_traces import random_trace
from tests.graphviz_tools.test_payload import assert_consistent


class NoLayout(Layout):
    """Gives the ids of the DOT text without a picture."""

    def svg(self, dot: str) -> str:
        return "<svg>" + "".join(f'<g id="{own}"/>' for own in _ids(dot)) + "</svg>"


def _ids(dot: str) -> list[str]:
    return [part.split()[0].strip('"]') for part in dot.split(" id=")[1:]]


LAYOUT = NoLayout()
VIEWS = st.sampled_from(["backward", "combined"])
NUMBERS = st.one_of(st.none(), st.integers(-2, 8), st.just(10**9))  # of a run or a tensor, as an address may say it


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32), VIEWS, NUMBERS, NUMBERS)
def test_any_trace_gives_a_payload(seed: int, view: Any, run: int | None, tensor: int | None) -> None:
    trace = random_trace(seed)
    payload = show(trace, view=view, _=N_, language="en", run=run, tensor=tensor, layout=LAYOUT)
    assert len(payload.steps) == len(trace.steps) + 1
    assert (payload.svg is None) == bool(payload.no_picture)
    assert_consistent(payload)
    assert encode(payload)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), VIEWS, NUMBERS)
def test_any_trace_gives_the_other_pictures(seed: int, view: Any, run: int | None) -> None:
    trace = random_trace(seed)
    assert dot_text(trace, view=view, _=N_, run=run).startswith("digraph")
    picture = flow_picture(trace, -1 if run is None else run, _=N_, theme="light", layout=LAYOUT)
    assert (picture.svg is None) == bool(picture.reason)


@pytest.mark.parametrize("n", [1, 100, 300])
@pytest.mark.parametrize("view", ["backward", "combined"])
def test_calls_without_a_graph_give_a_payload(view: Any, n: int) -> None:
    _, trace = recorded(f"import torch\nx = torch.ones(3)\nfor _ in range({n}):\n    x = x * 2\n")
    payload = show(trace, view=view, _=N_, language="en", run=0, layout=LAYOUT)
    assert len(payload.steps) == len(trace.steps) + 1
    assert_consistent(payload)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_any_program_recorded_gives_a_payload(source: str) -> None:
    _, trace = recorded(source)
    for view in ("backward", "combined"):
        payload = show(trace, view=view, _=N_, language="en", layout=LAYOUT)
        assert_consistent(payload)
