"""Part D: parameters that require grad or are frozen, and one training step."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from engine.contract.trace import Trace
from tests.lessons.running import nodes_run, ran, recorded_grads, traced

CONVOLUTIONS = ["model.0.weight", "model.0.bias", "model.1.weight", "model.1.bias"]
SMALLEST, LARGEST = 0.1284, 0.4017


def layers(slug: str) -> nn.Sequential:
    """The model after the plain run."""
    model = ran(slug).namespace["model"]
    assert isinstance(model, nn.Sequential)
    return model


def convolution_edges(trace: Trace) -> list[list[bool]]:
    """For each convolution's node, whether its input, weight and bias get a gradient."""
    return [
        [edge.node is not None for edge in node.next_functions]
        for node in trace.nodes
        if node.name == "ConvolutionBackward0"
    ]


def test_d1_the_parameters_make_the_output_require_grad_and_the_batch_gets_no_gradient():
    assert ran("d1-input").stdout.splitlines() == [
        "batch requires grad:  False",
        "output requires grad: True",
        "batch.grad = None",
        "model[0].weight.grad: (16, 3, 3, 3)",
    ]
    assert convolution_edges(traced("d1-input")) == [[False, True, True], [True, True, True]]
    assert [leaf.name for leaf in traced("d1-input").leaves] == CONVOLUTIONS


def test_d2_fully_frozen_there_is_no_graph():
    assert ran("d2-frozen").stdout.splitlines() == ["output requires grad: False", "output.grad_fn = None"]
    assert traced("d2-frozen").nodes == ()
    assert traced("d2-frozen").leaves == ()


def test_d2_half_frozen_only_the_second_layer_has_leaves():
    trace = traced("d2-half-frozen")
    assert [leaf.name for leaf in trace.leaves] == CONVOLUTIONS[2:]
    assert convolution_edges(trace) == [[False, True, True]]
    assert ran("d2-half-frozen").stdout.splitlines() == [
        "output requires grad: True",
        "model[0].weight.grad = None",
        "model[1].weight.grad: (32, 16, 3, 3)",
    ]


def test_d2_with_the_second_layer_frozen_its_node_comes_back_to_reach_the_first():
    batch = torch.rand(8, 3, 50, 100)
    model = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1))
    model[1].requires_grad_(False)
    node = model(batch).grad_fn
    assert [edge is not None for edge, _ in node.next_functions] == [True, False, False]


def test_d4_equal_outputs_give_the_loss_ln_20():
    assert ran("d4-equal-weights").stdout.splitlines()[0] == "output: (8, 20)"
    assert ran("d4-equal-weights").namespace["loss"].item() == pytest.approx(math.log(20), abs=1e-5)
    assert round(math.log(20), 4) == 2.9957


def test_d4_the_convolutions_get_zero_up_to_rounding():
    model = layers("d4-equal-weights")
    for place in (0, 1):
        assert model[place].weight.grad.abs().max() < 1e-5
    recorded = recorded_grads(traced("d4-equal-weights"))
    assert all(abs(one) < 1e-5 for name in ("model.0.weight", "model.1.weight") for one in recorded[name])
    assert nodes_run(traced("d4-equal-weights"))[:2] == ["NllLossBackward0", "LogSoftmaxBackward0"]


def test_d4_the_gradient_at_the_outputs_is_softmax_minus_onehot_and_sums_to_zero():
    output = ran("d4-equal-weights").namespace["output"].detach().double().requires_grad_()
    nn.functional.cross_entropy(output, torch.full((8,), 1), reduction="sum").backward()
    onehot = nn.functional.one_hot(torch.full((8,), 1), 20)
    assert torch.allclose(output.grad, 1 / 20 - onehot.double())
    assert output.grad.sum(dim=1).abs().max() < 1e-12


def test_d4_in_double_precision_the_gradient_of_the_convolutions_is_far_below_the_one_of_a_public_tutorial():
    model = layers("d4-equal-weights")
    exact = nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, bias=False),
        nn.Conv2d(16, 32, 3, padding=1, bias=False),
        nn.Flatten(),
        nn.Linear(3200, 20, bias=False),
    ).double()
    assert [type(one) for one in exact] == [type(one) for one in model]
    for weight in exact.parameters():
        nn.init.constant_(weight, 0.1)
    images = torch.ones(8, 3, 10, 10, dtype=torch.double)
    nn.functional.cross_entropy(exact(images), torch.full((8,), 1)).backward()
    assert exact[0].weight.grad.abs().max() < 1e-12


def test_d4_the_step_is_old_minus_lr_times_grad():
    lines = ran("d4-equal-weights").stdout.splitlines()
    old, grad, new = (float(line.split(":")[1]) for line in lines[-3:])
    assert (old, grad, new) == (pytest.approx(0.1), pytest.approx(-11.4, abs=1e-3), pytest.approx(11.5, abs=1e-3))
    weight = layers("d4-equal-weights")[3].weight
    assert torch.allclose(weight.detach(), 0.1 - weight.grad)


def test_d4_unequal_rows_of_the_last_layer_let_the_convolutions_learn():
    grad = layers("d4-symmetry-broken")[0].weight.grad
    assert grad.min().item() == pytest.approx(SMALLEST, abs=1e-3)
    assert grad.max().item() == pytest.approx(LARGEST, abs=1e-3)


def test_d4_filters_that_start_equal_stay_equal():
    assert ran("d4-symmetry-broken").stdout.splitlines()[-1] == "all filters alike: True"
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, bias=False),
        nn.Conv2d(16, 32, 3, padding=1, bias=False),
        nn.Flatten(),
        nn.Linear(3200, 20, bias=False),
    )
    for layer in (model[0], model[1]):
        nn.init.constant_(layer.weight, 0.1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    for _ in range(5):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(torch.ones(8, 3, 10, 10)), torch.full((8,), 1)).backward()
        optimizer.step()
    first = model[0].weight.detach()
    assert not torch.allclose(first, torch.full_like(first, 0.1), atol=1e-6)
    assert torch.allclose(first, first[:1].expand(16, 3, 3, 3))


def test_d4_zero_grad_sets_none():
    assert ran("d4-zero-grad").stdout.splitlines()[-1] == "after:  None"
    assert all(one.grad is None for one in layers("d4-zero-grad").parameters())
    assert set(map(tuple, recorded_grads(traced("d4-zero-grad")).values())) == {()}


def test_d4_set_to_none_false_fills_the_same_tensors_with_zeros():
    assert ran("d4-zeros").stdout.splitlines()[-2:] == ["after:  tensor([0., 0., 0.])", "same tensor: True"]
    assert all(one.grad.count_nonzero() == 0 for one in layers("d4-zeros").parameters())


@pytest.mark.parametrize(("set_to_none", "stays"), [(True, True), (False, False)])
def test_d4_with_momentum_a_gradient_of_zeros_still_moves_the_weight(set_to_none, stays):
    weight = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1, momentum=0.9)
    weight.sum().backward()
    optimizer.step()
    before = weight.item()
    optimizer.zero_grad(set_to_none=set_to_none)
    optimizer.step()
    assert (weight.item() == before) is stays
