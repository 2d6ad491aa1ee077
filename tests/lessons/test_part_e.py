"""Part E: leaves and accumulation."""

from __future__ import annotations

import warnings

import pytest
import torch

from engine.contract.trace import AccumulatedStep
from tests.lessons.running import found, grad, ran, recorded_grads, traced


def test_e1_the_leaf_has_no_grad_fn_and_what_grows_from_it_has():
    assert ran("e1-leaf").stdout.splitlines() == [
        "x: True None",
        "y: False AddBackward0",
        "z: False MulBackward0",
        "z = tensor([27., 48., 75.], grad_fn=<MulBackward0>)",
    ]
    trace = traced("e1-leaf")
    assert [node.name for node in trace.nodes] == ["AccumulateGrad", "AddBackward0", "MulBackward0", "MulBackward0"]
    assert trace.runs == ()


def test_e1_integers_cannot_require_grad():
    message = "RuntimeError: Only Tensors of floating point and complex dtype can require gradients"
    assert ran("e1-integers").error == message
    assert (traced("e1-integers").failure.phase, traced("e1-integers").failure.line) == ("forward", 3)


def test_e2_a_second_backward_adds_to_the_gradient_through_a_new_graph():
    assert ran("e2-accumulate").stdout.count("4.5000, 4.5000") == 2
    assert torch.equal(grad("e2-accumulate", "x"), torch.full((2, 2), 9.0))
    trace = traced("e2-accumulate")
    added = [step for step in trace.steps if isinstance(step, AccumulatedStep)]
    assert added[0].before is None
    assert [list(step.after.items) for step in added] == [[4.5] * 4, [9.0] * 4]
    first, second = (set(run.nodes) for run in trace.runs)
    assert {trace.nodes[node].name for node in first & second} == {"AccumulateGrad"}


def test_e3_gradients_of_intermediate_tensors_are_not_kept():
    lines = ran("e3-intermediate").stdout.splitlines()
    assert lines[-2:] == ["y.grad = None", "z.grad = None"]
    assert recorded_grads(traced("e3-intermediate")) == {"x": [4.5] * 4}


def test_e3_pytorch_warns_about_asking():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(found("e3-intermediate").source, "e3", "exec"), {})
    assert any("not a leaf Tensor is being accessed" in str(warning.message) for warning in caught)


def test_e3_retain_grad_keeps_them():
    text = ran("e3-retain-grad").stdout
    assert text.count("4.5000") == 8 and text.count("0.2500") == 4
    trace = traced("e3-retain-grad")
    kept = [step for step in trace.steps if isinstance(step, AccumulatedStep) and step.node is None]
    assert {trace.tensors[step.tensor].name: step.after.items[0] for step in kept} == {"z": 0.25, "y": 4.5}


def test_e4_the_path_under_no_grad_does_not_count():
    assert grad("e4-cut", "x").item() == 2
    assert recorded_grads(traced("e4-cut")) == {"x": [2]}
    (cut,) = [call for call in traced("e4-cut").calls if not call.grad_enabled]
    assert (cut.line, cut.outputs[0].requires_grad) == (6, False)
    assert traced("e4-cut").tensors[cut.outputs[0].tensor].name == "y2"


def test_e4_without_the_cut_both_paths_add_up():
    assert grad("e4-tracked", "x").item() == 5
    assert recorded_grads(traced("e4-tracked")) == {"x": [5]}


def test_e5_a_change_before_the_forward_pass_is_harmless():
    assert ran("e5-before").namespace["y"].tolist() == [100, 400, 900]
    assert recorded_grads(traced("e5-before")) == {"x": [20, 40, 60]}


def test_e5_a_change_after_it_is_silent_and_wrong():
    y = ran("e5-between").namespace["y"]
    assert y.tolist() == [1, 4, 9]
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    (right,) = torch.autograd.grad((x**2).sum(), x)
    assert right.tolist() == [2, 4, 6]
    assert grad("e5-between", "x").tolist() == [20, 40, 60]
    trace = traced("e5-between")
    assert trace.ending == "ok"
    assert recorded_grads(trace) == {"x": [20, 40, 60]}


def test_e5_the_version_of_the_leaf_does_not_move():
    assert ran("e5-between").namespace["x"]._version == 0
    (saved,) = [node.saved for node in traced("e5-between").nodes if node.name == "PowBackward0"]
    assert [(one.role, one.version) for one in saved] == [("self", 0)]


# --- E6: linear regression ------------------------------------------------------------------------


def test_e6_finds_the_weights_that_the_data_were_made_with():
    names = ran("e6-regression").namespace
    assert names["w"].flatten().tolist() == pytest.approx([2, 1], abs=0.05)
    assert names["b"].item() == pytest.approx(4.2, abs=0.05)
    assert "shapes: (100, 1) (100, 1)" in ran("e6-regression").stdout
    losses = [float(line.split()[-1]) for line in ran("e6-regression").stdout.splitlines()[:10]]
    assert losses == sorted(losses, reverse=True)
    trace = traced("e6-regression")
    assert len(trace.runs) + len(trace.later_losses) == 100
    x, y = names["features"], names["labels"]
    assert (tuple(x.shape), tuple(y.shape)) == ((1000, 2), (1000, 1))
    assert (y - x @ names["true_w"] - names["true_b"]).std().item() == pytest.approx(0.01, rel=0.1)


def test_e6_in_every_epoch_each_row_is_dealt_out_once():
    namespace: dict = {}
    source = found("e6-regression").source
    exec(source[: source.index("w = torch.zeros")], namespace)
    dealt = torch.cat([features for features, labels in namespace["batches"](100)])
    again = torch.cat([features for features, labels in namespace["batches"](100)])
    assert sorted(dealt[:, 0].tolist()) == sorted(namespace["features"][:, 0].tolist()) == sorted(again[:, 0].tolist())
    assert not torch.equal(dealt, again)


def test_e6_of_shapes_n_and_n_1_every_prediction_is_compared_with_every_label():
    names = ran("e6-broadcast").namespace
    assert tuple(names["residual"].shape) == (100, 100)
    assert names["w"].flatten().tolist() == pytest.approx([0, 0], abs=0.1)
    assert names["b"].item() == pytest.approx(4.2, abs=0.1)
    losses = [float(line.split()[-1]) for line in ran("e6-broadcast").stdout.splitlines()[:10]]
    assert losses[-1] == pytest.approx(names["y"].var().item() / 2, rel=0.1)
    assert ran("e6-broadcast").error is None


def test_e6_a_house_costs_what_area_and_age_make_of_it():
    assert ran("e6-house-prices").stdout.splitlines()[-1] == "price = 3.00 per square metre, -2.00 per year, and 80.0"


def test_e6_behind_detach_the_weights_never_move():
    names = ran("e6-detach").namespace
    assert names["w"].grad is None
    assert names["w"].flatten().tolist() == [0, 0]
    assert names["b"].item() == pytest.approx(4.2, abs=0.1)


@pytest.mark.parametrize("slug", ["e6-lr-100", "e6-data", "e6-no-zero-grad"])
def test_e6_broken_it_ends_far_from_the_truth(slug):
    b = ran(slug).namespace["b"].item()
    assert not abs(b - 4.2) < 1
