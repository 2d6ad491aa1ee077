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
