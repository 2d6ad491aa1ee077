"""Part E: leaves and accumulation."""

from __future__ import annotations

import warnings

import torch

from engine.trace import AccumulatedStep
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
