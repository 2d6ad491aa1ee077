"""Whatever was recorded gives a payload: random traces, and recordings of random programs."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.language import N_
from graphviz_tools.layout import Layout
from graphviz_tools.player.payload import encode
from graphviz_tools.show import show
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


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["backward", "combined"]), st.sampled_from([None, 0, 1, 7]))
def test_any_trace_gives_a_payload(seed: int, view: Any, run: int | None) -> None:
    trace = random_trace(seed)
    payload = show(trace, view=view, _=N_, language="en", run=run, layout=LAYOUT)
    assert len(payload.steps) == len(trace.steps) + 1
    assert (payload.svg is None) == bool(payload.no_picture)
    assert_consistent(payload)
    assert encode(payload)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_any_program_recorded_gives_a_payload(source: str) -> None:
    _, trace = recorded(source)
    for view in ("backward", "combined"):
        payload = show(trace, view=view, _=N_, language="en", layout=LAYOUT)
        assert_consistent(payload)
