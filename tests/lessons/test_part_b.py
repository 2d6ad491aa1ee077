"""Part B: a first tour: tensors, one gradient, and a network of two layers in three forms."""

from __future__ import annotations

import re

import pytest
import torch

from engine.contract.trace import AccumulatedStep, Trace
from tests.lessons.running import grad, ran, traced

pytestmark = pytest.mark.xdist_group("trainings")  # each is run once for all tests
RIGHT = ("b3-two-layers", "b4-adam", "b5-module")


def losses(slug: str) -> list[float]:
    """What the program prints of its loss, every 50 steps."""
    return [float(number) for number in re.findall(r"loss ([\d.infa]+)", ran(slug).stdout)]


def graph(trace: Trace) -> list[tuple[str, tuple[tuple[str | None, int], ...], tuple[tuple[int, ...], ...]]]:
    """The first backward run's nodes in their order of making: names, what they lead to, shapes."""
    nodes = sorted(trace.runs[0].nodes)
    names = [trace.nodes[i].name for i in nodes]
    place = {node: names[:k].count(names[k]) for k, node in enumerate(nodes)}

    def label(node: int | None) -> str | None:
        return None if node is None else f"{trace.nodes[node].name} {place[node]}"

    return sorted(
        (
            label(i) or "",
            tuple((label(edge.node), edge.input_nr) for edge in trace.nodes[i].next_functions),
            trace.nodes[i].output_shapes,
        )
        for i in nodes
    )


# --- B1, B2 ---------------------------------------------------------------------------------------


def test_b1_a_transpose_is_a_view_and_contiguous_copies():
    names = ran("b1-tensors").namespace
    a, transposed, copied = names["a"], names["transposed"], names["copied"]
    assert a.dtype == torch.float32
    assert transposed.untyped_storage().data_ptr() == a.untyped_storage().data_ptr() != copied.data_ptr()
    assert (transposed.is_contiguous(), copied.is_contiguous()) == (False, True)
    assert (transposed[0, 0].item(), copied[0, 0].item()) == (100, 1)
    trace = traced("b1-tensors")
    records = {t.name: t for t in trace.tensors if t.name}
    assert records["transposed"].storage == records["a"].storage != records["copied"].storage
    assert (records["a"].strides, records["transposed"].strides, records["copied"].strides) == ((3, 1), (1, 3), (2, 1))


def test_b1_prints_sum_difference_product_and_device():
    lines = ran("b1-tensors").stdout.splitlines()
    assert lines[:4] == [
        "dtype: torch.float32  shape: (2, 3)",
        "a + b = [[11.0, 22.0, 33.0], [44.0, 55.0, 66.0]]",
        "b - a = [[9.0, 18.0, 27.0], [36.0, 45.0, 54.0]]",
        "a @ b.T = [[140.0, 320.0], [320.0, 770.0]]",
    ]
    assert lines[-1] in ("moved to: cpu", "moved to: cuda")


def test_b2_b_has_no_gradient_because_it_does_not_require_one():
    assert grad("b2-one-of-two", "a").tolist() == [1, 1, 1]
    assert grad("b2-one-of-two", "b") is None
    assert ran("b2-one-of-two").namespace["b"].requires_grad is False
    (add,) = [node for node in traced("b2-one-of-two").nodes if node.name == "AddBackward0"]
    assert [edge.node is None for edge in add.next_functions] == [False, True]
    assert [leaf.name for leaf in traced("b2-one-of-two").leaves] == ["a"]


# --- B3 to B5: the network ------------------------------------------------------------------------


@pytest.mark.parametrize("slug", RIGHT)
def test_the_network_learns_its_targets_by_heart(slug):
    model = ran(slug).namespace["model"]
    assert sum(p.numel() for p in model.parameters()) == 101_110
    assert traced(slug).runs[0].roots[0].value.items[0] > 500
    assert losses(slug)[-1] < 1e-4
    assert len(traced(slug).runs) + len(traced(slug).later_losses) == 500


@pytest.mark.parametrize("slug", RIGHT)
def test_the_norms_of_all_gradients_are_told(slug):
    model = ran(slug).namespace["model"]
    for name, p in model.named_parameters():
        assert f"{name}: norm of the gradient {p.grad.norm().item():.3g}" in ran(slug).stdout
        assert p.grad.norm() > 0


def test_b5_has_the_graph_of_b3_apart_from_names():
    b3, b5 = traced("b3-two-layers"), traced("b5-module")
    assert graph(b3) == graph(b5)
    scopes = [{node.scope for node in trace.nodes if node.name == "AddmmBackward0"} for trace in (b3, b5)]
    assert scopes == [{("model", "0"), ("model", "2")}, {("model", "linear1"), ("model", "linear2")}]
    assert losses("b5-module") == pytest.approx(losses("b3-two-layers"), rel=1e-3, abs=1e-5)


def test_b4_without_zero_grad_the_second_backward_adds_to_the_first():
    steps = [s for s in traced("b4-no-zero-grad").steps if isinstance(s, AccumulatedStep)]
    trace = traced("b4-no-zero-grad")
    bias = [s for s in steps if str(trace.tensors[s.tensor].name).endswith("2.bias")]
    assert [s.before is None for s in bias] == [True, False, False]
    assert list(bias[1].before.items) == list(bias[0].after.items)
    right = [s for s in traced("b4-adam").steps if isinstance(s, AccumulatedStep)]
    assert all(s.before is None for s in right)
    assert losses("b4-no-zero-grad")[-1] > 10


# --- what breaks them -----------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["b3-lr-100", "b5-lr-100"])
def test_sgd_with_a_long_step_diverges(slug):
    assert "loss nan" in ran(slug).stdout


def test_adam_with_a_long_step_does_not():
    assert losses("b4-lr-100")[0] < losses("b4-adam")[0]
    assert losses("b4-lr-100")[-1] < 1


@pytest.mark.parametrize(("slug", "first"), [("b4-detach", "0"), ("b5-detach", "linear1")])
def test_a_layer_behind_detach_never_learns(slug, first):
    model = ran(slug).namespace["model"]
    unreached = [name for name, p in model.named_parameters() if p.grad is None]
    assert unreached == [f"{first}.weight", f"{first}.bias"]
    assert losses(slug)[0] > losses(slug)[-1] > 100


def test_b3_with_detach_stops_at_the_update():
    assert ran("b3-detach").error.startswith("TypeError: unsupported operand type(s) for *: 'float' and 'NoneType'")


@pytest.mark.parametrize("slug", ["b3-data", "b4-data", "b5-data"])
def test_weights_changed_behind_the_back_of_autograd_keep_the_loss_high(slug):
    assert losses(slug)[-1] > 10


@pytest.mark.parametrize("slug", ["b3-no-zero-grad", "b5-no-zero-grad"])
def test_gradients_that_add_up_keep_the_loss_high(slug):
    assert losses(slug)[-1] > 1
