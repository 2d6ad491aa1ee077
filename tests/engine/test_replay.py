"""The state of nodes and tensors at every step."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings

from engine.contract.trace import NodeRanStep, Trace
from engine.reading.gradient_sum import adds_up
from engine.reading.replay import Arrival, NodeChanged, snapshot, transitions
from tests.engine.recording.programs import programs
from tests.engine.recording.runs import recorded
from tests.graphviz_tools import traces
from tests.graphviz_tools.traces import scalar, value

C1 = traces.c1()


def states(trace: Trace, step: int) -> list[str]:
    return [node.state for node in snapshot(trace, step).nodes]


def test_before_the_first_line_nothing_is_made() -> None:
    start = snapshot(C1, 0)
    assert {node.state for node in start.nodes} == {"unmade"}
    assert not any(tensor.is_made for tensor in start.tensors)


def test_a_node_waits_from_the_call_that_made_it() -> None:
    assert states(C1, 3) == ["waiting", "waiting", "waiting", "unmade"]


def test_the_roots_node_is_ready_when_the_run_starts() -> None:
    assert states(C1, 5) == ["waiting", "waiting", "waiting", "ready"]


def test_a_node_runs_at_its_step_and_is_done_after_it() -> None:
    assert states(C1, 6) == ["waiting", "waiting", "ready", "running"]
    assert states(C1, 7) == ["ready", "ready", "running", "done"]


def test_a_leaf_is_at_work_until_its_grad_is_written() -> None:
    assert states(C1, 8)[0] == states(C1, 9)[0] == "running"
    assert states(C1, 10)[0] == "done"


def test_everything_has_run_at_the_end() -> None:
    assert states(C1, 12) == ["done"] * 4


def test_grad_is_never_computed_until_it_is_written() -> None:
    assert snapshot(C1, 8).tensors[0].grad.kind == "never"
    grad = snapshot(C1, 9).tensors[0].grad
    assert (grad.kind, grad.value) == ("value", value(4, 5))


def test_saved_tensors_are_kept_while_their_node_runs_and_freed_after() -> None:
    assert snapshot(C1, 7).nodes[2].keeps_saved
    assert not snapshot(C1, 8).nodes[2].keeps_saved


def test_both_edges_of_a_square_bring_a_summand() -> None:
    arrivals = snapshot(traces.square(), 4).arrivals[0]
    assert [(a.source, a.edge, a.value) for a in arrivals] == [(1, 0, scalar(3)), (1, 1, scalar(3))]


def test_a_leaf_reached_by_two_edges_is_ready_only_after_both() -> None:
    changes = list(transitions(traces.square()))
    assert changes[4].count(NodeChanged(0, "ready")) == 1


def test_detach_moves_the_version_of_the_original_and_data_does_not() -> None:
    assert snapshot(traces.mutated("detach"), 6).tensors[1].version == 1
    assert snapshot(traces.mutated("data"), 6).tensors[1].version == 0
    assert snapshot(traces.mutated("data"), 6).tensors[4].version == 1


def test_the_node_that_raised_is_failed_and_those_before_it_are_done() -> None:
    assert states(traces.mutated("detach"), 10) == ["waiting", "waiting", "failed", "done"]


def test_a_step_outside_the_trace_is_an_error() -> None:
    with pytest.raises(IndexError, match="step 13 of a trace with 12 steps"):
        snapshot(C1, 13)


def test_a_summand_that_is_left_out_is_noticed() -> None:
    three, six = scalar(3), scalar(6)
    one, other = Arrival(0, 0, 0, 1, 0, three), Arrival(0, 0, 0, 1, 1, three)
    assert adds_up([one, other], six) is True
    assert adds_up([one], six) is False
    assert adds_up([one], value(math.pi, 1)) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_what_a_node_is_given_is_the_sum_of_what_arrived(source: str) -> None:
    if "register_hook" in source:
        return
    _, trace = recorded(source)
    arrived: dict[tuple[int, int], list[Arrival]] = {}
    for step, changes in enumerate(transitions(trace)):
        event = trace.steps[step - 1] if step else None
        if isinstance(event, NodeRanStep):
            parts = arrived.get((event.run, event.node), [])
            for number, total in enumerate(event.grad_outputs):
                mine = [part for part in parts if part.input_nr == number]
                assert (total is None) == (not mine)
                assert adds_up(mine, total) is not False, (source, event, mine)
        for change in changes:
            if isinstance(change, Arrival):
                arrived.setdefault((change.run, change.node), []).append(change)
