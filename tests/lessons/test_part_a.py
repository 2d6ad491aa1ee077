"""Part A: a cubic learns to look like sin(x), from gradients by hand to optimizers."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from itertools import pairwise

import numpy as np
import pytest
import torch

from engine.contract.trace import AccumulatedStep, GradSetStep, Trace
from tests.lessons.running import found, grad, nodes_run, ran, traced

pytestmark = pytest.mark.xdist_group("trainings")  # each is run once for all tests
OPTIMIZERS = ("a6-rmsprop", "a6-sgd", "a6-momentum", "a6-adam")
MODEL = ("a5-layer", *OPTIMIZERS)
N_FULL = 3


def losses(slug: str) -> list[float]:
    """What the program prints of its loss, every 100 steps."""
    return [float(number) for number in re.findall(r"loss ([\d.infa]+)", ran(slug).stdout)]


def numbers(slug: str, names: str = "abcd") -> list[float]:
    return [float(ran(slug).namespace[name]) for name in names]  # type: ignore[arg-type]


def stopped_after(*counts: int) -> list[dict[str, float]]:
    """What the NumPy program knows after so many steps."""
    namespaces: list[dict[str, float]] = [{} for _count in counts]
    for count, namespace in zip(counts, namespaces, strict=True):
        with redirect_stdout(io.StringIO()):
            exec(found("a1-numpy").source.replace("range(2000)", f"range({count})"), namespace)
    return namespaces


def by_hand(n_steps: int) -> list[dict[str, float]]:
    """The gradients that the NumPy program calculates at each of its first steps."""
    steps = stopped_after(*range(n_steps + 1))
    return [{name: (before[name] - after[name]) / after["lr"] for name in "abcd"} for before, after in pairwise(steps)]


def accumulated(trace: Trace) -> list[dict[str, list[float]]]:
    """For each recorded backward run, what it wrote into .grad, by name."""
    runs: list[dict[str, list[float]]] = [{} for run in trace.runs]
    for step in trace.steps:
        if isinstance(step, AccumulatedStep):
            runs[step.run][trace.tensors[step.tensor].name] = list(step.after.items)
    return runs


# --- A1 to A3: the same curve three times ---------------------------------------------------------


def test_the_best_cubic_is_the_one_that_the_text_names():
    x = np.linspace(-np.pi, np.pi, 2000)
    best = np.linalg.lstsq(np.stack([x**k for k in range(4)], axis=1), np.sin(x), rcond=None)[0]
    assert best == pytest.approx([0, 0.8567, 0, -0.0933], abs=5e-5)
    assert "b = 0.8567, c = 0 and d = −0.0933" in " ".join(found("a1-numpy").text)


def test_a1_falls_to_near_the_best_cubic_without_any_graph():
    assert all(before > after for before, after in pairwise(losses("a1-numpy")))
    assert len(losses("a1-numpy")) == 20
    _a, b, _c, d = numbers("a1-numpy")
    assert (b, d) == pytest.approx((0.83, -0.09), abs=5e-3)
    trace = traced("a1-numpy")
    assert (trace.nodes, trace.runs, trace.leaves) == ((), (), ())


def test_a2_has_the_numbers_of_a1_to_float32_accuracy_and_no_graph_either():
    assert numbers("a2-tensors") == pytest.approx(numbers("a1-numpy"), rel=1e-4, abs=1e-6)
    assert losses("a2-tensors") == pytest.approx(losses("a1-numpy"), rel=1e-4)
    assert ran("a2-tensors").namespace["a"].dtype == torch.float32
    assert "device: " in ran("a2-tensors").stdout
    trace = traced("a2-tensors")
    assert (trace.nodes, trace.runs) == ((), ())


def test_a3_finds_the_gradients_that_were_derived_by_hand():
    recorded = accumulated(traced("a3-autograd"))
    assert len(recorded) == N_FULL
    for step, expected in zip(recorded, by_hand(N_FULL), strict=True):
        assert {name: items[0] for name, items in step.items()} == pytest.approx(expected, rel=1e-4)


def test_a3_has_a_new_graph_each_step_and_the_gradients_are_set_to_none():
    trace = traced("a3-autograd")
    assert set.intersection(*(set(run.nodes) for run in trace.runs)) == {
        i for i, node in enumerate(trace.nodes) if node.name == "AccumulateGrad"
    }
    cleared = [step for step in trace.steps if isinstance(step, GradSetStep)]
    assert len(cleared) >= 8
    assert all(step.after is None for step in cleared)
    assert numbers("a3-autograd") == pytest.approx(numbers("a1-numpy"), rel=1e-4, abs=1e-6)
    assert [run.roots[0].value.items[0] for run in trace.runs] == pytest.approx(
        [namespace["loss"] for namespace in stopped_after(1, 2, 3)], rel=1e-4
    )
    assert len(trace.later_losses) == 2000 - N_FULL


# --- A4: a node of one's own ----------------------------------------------------------------------


def test_a4_ends_at_the_known_polynomial():
    assert numbers("a4-function") == pytest.approx([0, -2.2085, 0, 0.2555], abs=5e-4)
    assert losses("a4-function")[-1] == pytest.approx(8.94, abs=0.005)


def test_a4_the_node_is_named_after_the_class_and_keeps_z():
    trace = traced("a4-function")
    nodes = [node for node in trace.nodes if node.name == "LegendrePolynomial3Backward"]
    assert nodes_run(trace).count("LegendrePolynomial3Backward") == N_FULL
    assert all(node.is_custom for node in nodes)
    (saved,) = nodes[0].saved
    assert (saved.role, saved.value.shape) == ("saved_0", (2000,))
    z = 0.3 * np.linspace(-np.pi, np.pi, 2000)
    assert saved.value.items[0] == pytest.approx(z[0], rel=1e-6)


def test_a4_its_derivative_is_right():
    function = ran("a4-function").namespace["LegendrePolynomial3"]
    z = torch.linspace(-1, 1, 7, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(function.apply, z)
    assert torch.allclose(function.apply(z), torch.special.legendre_polynomial_p(z, 3))


# --- A5, A6: layers and optimizers ----------------------------------------------------------------


def test_a5_has_a_weight_and_a_bias_inside_the_scope_of_its_layer():
    trace = traced("a5-layer")
    assert {leaf.name: leaf.shape for leaf in trace.leaves} == {"model.0.weight": (1, 3), "model.0.bias": (1,)}
    scopes = {node.name: node.scope for node in trace.nodes if node.name in ("AddmmBackward0", "MseLossBackward0")}
    assert scopes["AddmmBackward0"] == ("model", "0")
    assert "MseLossBackward0" in nodes_run(trace)
    assert losses("a5-layer")[-1] == pytest.approx(9.177, abs=0.01)


@pytest.mark.parametrize(
    ("slug", "state"),
    [
        ("a6-rmsprop", {"step", "square_avg"}),
        ("a6-sgd", set()),
        ("a6-momentum", {"momentum_buffer"}),
        ("a6-adam", {"step", "exp_avg", "exp_avg_sq"}),
    ],
)
def test_a6_each_optimizer_keeps_its_own_state_for_each_parameter(slug, state):
    model, optimizer = ran(slug).namespace["model"], ran(slug).namespace["optimizer"]
    for name, parameter in model.named_parameters():
        assert set(optimizer.state[parameter]) == state
        assert f"{name} " in ran(slug).stdout
        assert all(key in ran(slug).stdout for key in state)


def test_a6_they_start_alike_and_end_at_different_losses():
    starts = [traced(slug).runs[0].roots[0].value.items[0] for slug in (*OPTIMIZERS, "a5-layer")]
    assert len(set(starts)) == 1
    ends = {slug: losses(slug)[-1] for slug in OPTIMIZERS}
    best = 8.817  # of any cubic
    assert all(best - 0.001 <= end < best + 0.5 for end in ends.values())
    assert ends["a6-adam"] == pytest.approx(best, abs=0.001)
    assert ends["a6-momentum"] == pytest.approx(best, abs=0.001)
    assert ends["a6-sgd"] > best + 0.3


def test_a6_sgd_is_the_update_that_was_written_by_hand():
    assert losses("a6-sgd") == pytest.approx(losses("a5-layer"), rel=1e-3)


# --- what breaks them -----------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["a1-lr-100", "a2-lr-100", "a3-lr-100", "a4-lr-100", "a5-lr-100", "a3-data"])
def test_a_broken_training_diverges_to_nan(slug):
    assert "nan" in ran(slug).stdout


def test_a6_rmsprop_does_not_diverge_with_a_long_step_but_gets_nowhere():
    assert all(np.isfinite(losses("a6-lr-100")))
    assert losses("a6-lr-100")[-1] > 500


@pytest.mark.parametrize("slug", ["a3-no-zero-grad", "a5-no-zero-grad", "a6-no-zero-grad"])
def test_gradients_that_add_up_make_the_loss_rise_again(slug):
    values = losses(slug)
    assert any(after > 1.5 * before for before, after in pairwise(values))
    assert values[-1] > 1000


@pytest.mark.parametrize("slug", ["a3-detach", "a5-detach", "a6-detach"])
def test_a_loss_behind_detach_has_no_graph(slug):
    assert ran(slug).error.startswith("RuntimeError: element 0 of tensors does not require grad")


def test_a4_behind_detach_two_of_four_are_never_reached():
    assert ran("a4-detach").error.startswith("TypeError: unsupported operand")
    assert [grad("a4-detach", name) is None for name in "cd"] == [True, True]


@pytest.mark.parametrize("slug", ["a5-data", "a6-data", "a3-data", "a4-data"])
def test_data_in_the_wrong_place_gives_other_gradients_from_the_first_step_on(slug):
    right = {"a3": "a3-autograd", "a4": "a4-function", "a5": "a5-layer", "a6": "a6-rmsprop"}[slug[:2]]
    wrong_run, right_run = (traced(name).runs[0].roots[0].value.items for name in (slug, right))
    assert wrong_run == right_run
    assert accumulated(traced(slug))[0] != accumulated(traced(right))[0]
