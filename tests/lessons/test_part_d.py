"""Part D: no_grad, detach against .data, in-place changes."""

from __future__ import annotations

import pytest
import torch

from engine.contract.trace import Trace
from tests.lessons.running import grad, nodes_run, ran, recorded_grads, traced

RIGHT = torch.tensor([6.0, 4 / 3, 4 / 3])


def call(trace: Trace, name: str):
    """The only call of this name."""
    (it,) = [one for one in trace.calls if one.name == name]
    return it


def test_d3_only_what_is_calculated_inside_the_block_is_not_recorded():
    assert ran("d3-no-grad").stdout.splitlines()[:3] == ["before: True", "inside: False", "after:  True"]
    squares = [one for one in traced("d3-no-grad").calls if one.name == "pow"]
    assert [one.outputs[0].requires_grad for one in squares] == [True, False, True]
    assert [one.grad_enabled for one in squares] == [True, False, True]
    assert recorded_grads(traced("d3-no-grad")) == {"x": [2, 4, 6]}


def test_d5_detach_raises_at_the_product_because_the_version_moved():
    trace = traced("d5-detach")
    assert "is at version 1; expected version 0" in ran("d5-detach").error
    assert trace.nodes[trace.failure.node].name == "MulBackward0"
    assert [saved.version for saved in trace.nodes[trace.failure.node].saved] == [0, 0]
    (change,) = call(trace, "zero_").in_place
    assert (change.version_before, change.version_after) == (0, 1)
    assert nodes_run(trace)[0] == "MeanBackward0"
    assert grad("d5-detach", "a") is None


def test_d5_data_runs_silently_and_gives_zeros():
    trace = traced("d5-data")
    assert trace.ending == "ok"
    assert grad("d5-data", "a").tolist() == [0, 0, 0]
    assert recorded_grads(trace) == {"a": [0, 0, 0]}


@pytest.mark.parametrize(("slug", "cut"), [("d5-detach", "detach"), ("d5-data", "data")])
def test_d5_both_share_the_storage_of_b(slug, cut):
    trace = traced(slug)
    b, b_ = (next(t for t in trace.tensors if t.name == name) for name in ("b", "b_"))
    assert b_.storage == b.storage is not None
    assert (b_.cut, trace.tensors[b_.cut_from].name) == (cut, "b")


@pytest.mark.parametrize("slug", ["d5-clone", "d5-out-of-place"])
def test_d5_a_copy_or_a_new_tensor_leaves_the_gradient_right(slug):
    assert ran(slug).error is None
    assert torch.allclose(grad(slug, "a"), RIGHT)


def test_d5_a_change_under_no_grad_still_raises():
    assert "is at version 1; expected version 0" in ran("d5-no-grad").error


def test_d5_a_change_through_numpy_is_silent_and_wrong():
    assert ran("d5-numpy").error is None
    assert grad("d5-numpy", "a").tolist() == [0, 0, 0]


def test_d5_a_change_of_what_nobody_saved_is_harmless():
    assert ran("d5-not-saved").error is None
    assert grad("d5-not-saved", "a").tolist() == [1, 1, 1]
    (sum_node,) = [node for node in traced("d5-not-saved").nodes if node.name == "SumBackward0"]
    assert sum_node.saved == ()
