"""Part F: the errors learners meet, each with its cure."""

from __future__ import annotations

import difflib

import pytest
import torch

from engine.contract.trace import AccumulatedStep, Trace
from engine.program.lesson import Lesson, lesson, lessons
from tests.lessons.running import grad, nodes_run, ran, recorded_grads, traced

PART = [one for one in lessons() if one.order[0] == "F"]
WRONG = [one.slug for one in PART if one.cure]
MODIFIED = (
    "RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation"
)
TWICE = "RuntimeError: Trying to backward through the graph a second time"
NO_GRAD_FN = "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"
RAISING = {
    "f01-saved-overwritten": (MODIFIED, 7, "backward"),
    "f03-second-backward": (TWICE, 8, "backward"),
    "f04-item": (NO_GRAD_FN, 10, "backward"),
    "f04-new-tensor": (NO_GRAD_FN, 10, "backward"),
    "f04-numpy": (NO_GRAD_FN, 10, "backward"),
    "f04-no-grad": (NO_GRAD_FN, 11, "backward"),
    "f04-argmax": (NO_GRAD_FN, 8, "backward"),
    "f05-loss-per-sample": ("RuntimeError: grad can be implicitly created only for scalar outputs", 8, "backward"),
    "f06-leaf-in-place": (
        "RuntimeError: a leaf Variable that requires grad is being used in an in-place",
        6,
        "forward",
    ),
    "f10-rebound-weight": ("TypeError: unsupported operand type(s) for *: 'float' and 'NoneType'", 8, "forward"),
    "f11-step-between": (MODIFIED, 15, "backward"),
    "f12-hidden-state": (TWICE, 9, "backward"),
    "f16-numpy": ("RuntimeError: Can't call numpy() on Tensor that requires grad", 5, "forward"),
    "f18-unused-input": (
        "RuntimeError: The differentiated Tensor at index 1 appears to not have been used",
        7,
        "backward",
    ),
    "f19-integers": (
        "RuntimeError: Only Tensors of floating point and complex dtype can require gradients",
        3,
        "forward",
    ),
}


def last_lines(slug: str, count: int) -> list[str]:
    """The end of what the plain run prints."""
    return ran(slug).stdout.splitlines()[-count:]


def node_names(trace: Trace) -> list[str]:
    return [node.name for node in trace.nodes]


def cured(one: Lesson) -> Lesson:
    found = lesson(one.cure)
    assert found is not None, f"{one.slug} names the cure {one.cure}, which is no lesson"
    return found


# --- their form -----------------------------------------------------------------------------------


def test_part_f_has_its_nineteen_topics():
    assert list(dict.fromkeys(one.id for one in PART)) == [f"F{n}" for n in range(1, 20)]


def test_each_program_that_raises_has_a_cure_and_so_have_the_silent_ones():
    silent = {"f07-scaled-weight", "f08-never-reached", "f09-no-zero-grad", "f13-total-loss", "f14-masked-root"}
    assert set(WRONG) == RAISING.keys() | silent
    assert {one.slug for one in PART if ran(one.slug).error} == RAISING.keys()


@pytest.mark.parametrize("one", [one for one in lessons() if one.cure], ids=lambda one: one.slug)
def test_a_cure_is_a_program_of_the_same_lesson_that_runs_to_its_end(one):
    assert cured(one).id == one.id
    assert cured(one).cure == ""
    assert ran(one.cure).error is None


@pytest.mark.parametrize("slug", WRONG)
def test_a_cure_changes_few_lines(slug):
    one = lesson(slug)
    changes = list(difflib.ndiff(one.source.splitlines(), cured(one).source.splitlines()))
    assert 1 <= sum(line.startswith("- ") for line in changes) + sum(line.startswith("+ ") for line in changes) <= 5


@pytest.mark.parametrize("slug", RAISING)
def test_the_error_is_the_known_one_on_its_line(slug):
    message, line, phase = RAISING[slug]
    assert ran(slug).error.startswith(message)
    failure = traced(slug).failure
    assert (failure.line, failure.phase) == (line, phase)


# --- what happens in them -------------------------------------------------------------------------


def test_f1_exp_saved_its_result_at_version_0_and_a_new_tensor_leaves_it_alone():
    trace = traced("f01-saved-overwritten")
    node = trace.nodes[trace.failure.node]
    assert (node.name, [(saved.role, saved.version) for saved in node.saved]) == ("ExpBackward0", [("result", 0)])
    assert "is at version 1; expected version 0" in trace.failure.message
    assert torch.allclose(grad("f01-saved-overwritten-cured", "x"), torch.tensor([0.0, 1.0]).exp())


def test_f2_in_place_is_right_where_nothing_saved_is_changed():
    for slug in ("f02-safe-in-place", "f02-out-of-place"):
        assert grad(slug, "x").tolist() == [2, 2]
        assert node_names(traced(slug)) == ["AccumulateGrad", "MulBackward0", "AddBackward0", "SumBackward0"]
    n_storages = {slug: len(traced(slug).storages) for slug in ("f02-safe-in-place", "f02-out-of-place")}
    assert n_storages["f02-out-of-place"] == n_storages["f02-safe-in-place"] + 1


def test_f2_exp_saves_its_result_after_it_has_written():
    assert torch.allclose(grad("f02-safe-exp", "x"), 2 * torch.tensor([0.0, 2.0]).exp())
    (node,) = [node for node in traced("f02-safe-exp").nodes if node.name == "ExpBackward0"]
    assert [(saved.role, saved.version) for saved in node.saved] == [("result", 1)]


def test_f3_the_second_run_fails_where_the_graphs_meet():
    trace = traced("f03-second-backward")
    assert trace.nodes[trace.failure.node].name == "PowBackward0"
    assert [run.line for run in trace.runs] == [7, 8]
    assert grad("f03-second-backward", "x").tolist() == [2, 4, 6]


@pytest.mark.parametrize(("slug", "n_runs"), [("f03-second-backward-cured", 1), ("f03-retain-graph", 2)])
def test_f3_both_cures_give_the_same_sum(slug, n_runs):
    assert torch.allclose(grad(slug, "x"), torch.tensor([8 / 3, 16 / 3, 8.0]))
    assert len(traced(slug).runs) == n_runs
    assert nodes_run(traced(slug)).count("PowBackward0") == n_runs


@pytest.mark.parametrize("slug", [slug for slug in WRONG if slug.startswith("f04")])
def test_f4_the_loss_has_no_graph(slug):
    assert last_lines(slug, 1) == ["loss requires grad: False"]
    assert ran(slug).namespace["loss"].grad_fn is None


def test_f4_only_what_is_recorded_leads_back():
    assert torch.allclose(grad("f04-no-graph-cured", "w"), torch.tensor(-34 / 3))
    assert nodes_run(traced("f04-no-graph-cured")) == [
        "MeanBackward0",
        "PowBackward0",
        "SubBackward0",
        "MulBackward0",
        "AccumulateGrad",
    ]
    assert {call.cut for call in traced("f04-numpy").calls} >= {"detach", "numpy"}
    assert "item" in {call.cut for call in traced("f04-item").calls}
    scores, onehot = torch.tensor([1.0, 3.0, 2.0]), torch.tensor([1.0, 0.0, 0.0])
    assert torch.allclose(grad("f04-argmax-cured", "scores"), scores.softmax(0) - onehot)


def test_f5_the_mean_of_three_losses():
    assert ran("f05-loss-per-sample").namespace["loss"].tolist() == [1, 4, 16]
    assert nodes_run(traced("f05-loss-per-sample")) == []
    assert torch.allclose(grad("f05-loss-per-sample-cured", "w"), torch.tensor(-34 / 3))


def test_f6_the_update_runs_when_it_is_not_recorded():
    w = ran("f06-leaf-in-place-cured").namespace["w"]
    assert torch.allclose(w.detach(), torch.tensor([0.8, 1.6]))
    assert w.is_leaf and w.requires_grad
    assert ran("f06-leaf-in-place").namespace["w"].tolist() == [1, 2]


def test_f7_the_gradient_went_to_the_ones():
    assert last_lines("f07-scaled-weight", 2) == ["w is a leaf: False", "w.grad = None"]
    trace = traced("f07-scaled-weight")
    (added,) = [step for step in trace.steps if isinstance(step, AccumulatedStep)]
    assert trace.tensors[added.tensor].name is None
    assert torch.allclose(torch.tensor(added.after.items), torch.tensor([0.1, 0.2, 0.3]))
    assert recorded_grads(traced("f07-scaled-weight-cured")) == {"w": [1, 2, 3]}
    assert node_names(traced("f07-scaled-weight-cured")) == ["AccumulateGrad", "MulBackward0", "SumBackward0"]


def test_f8_the_intercept_is_reached_once_it_is_added():
    assert recorded_grads(traced("f08-never-reached")) == {"w": [6], "b": []}
    assert recorded_grads(traced("f08-never-reached-cured")) == {"w": [12], "b": [4]}


def test_f9_without_zero_grad_the_second_step_leaves_the_minimum():
    assert [line.split()[-1] for line in last_lines("f09-no-zero-grad", 3)] == ["3.0", "6.0", "6.0"]
    assert [line.split()[-1] for line in last_lines("f09-no-zero-grad-cured", 3)] == ["3.0", "3.0", "3.0"]


def test_f10_the_new_weight_comes_from_the_old_one():
    assert last_lines("f10-rebound-weight", 1)[0].endswith("a leaf: False")
    assert ran("f10-rebound-weight").namespace["w"].grad_fn.name() == "SubBackward0"
    assert nodes_run(traced("f10-rebound-weight")) == [
        "PowBackward0",
        "SubBackward0",
        "AccumulateGrad",
        "PowBackward0",
        "SubBackward0",
        "SubBackward0",
        "AccumulateGrad",
    ]
    assert [line.endswith("a leaf: True") for line in last_lines("f10-rebound-weight-cured", 2)] == [True, True]
    assert torch.allclose(ran("f10-rebound-weight-cured").namespace["w"], torch.tensor(1.08))


def test_f11_the_step_moves_the_version_of_a_saved_tensor():
    trace = traced("f11-step-between")
    node = trace.nodes[trace.failure.node]
    assert "is at version 1; expected version 0" in trace.failure.message
    assert node.name == "MulBackward0"
    assert {saved.role: trace.tensors[saved.tensor].name for saved in node.saved} == {"self": "d", "other": "fake"}


def test_f11_each_optimizer_steps_along_its_own_loss():
    end = ran("f11-step-between-cured").namespace
    d = 2 - 0.01 * 2 * 6 * 3  # d loss_d / d d, with score = 6 and fake = 3
    g = 1 - 0.01 * 2 * (d * 3 - 1) * d * 3
    assert (end["d"].item(), end["g"].item()) == pytest.approx((d, g))


def test_f12_the_second_round_leads_back_to_the_first():
    assert ran("f12-hidden-state").stdout.count("w.grad") == 1
    trace = traced("f12-hidden-state")
    assert trace.failure.node in trace.runs[0].nodes
    assert trace.nodes[trace.failure.node].name == "TanhBackward0"
    assert ran("f12-hidden-state-cured").stdout.count("w.grad") == 3
    w, hidden = torch.tensor(0.5, requires_grad=True), torch.tensor(0.0)
    for x in [0.5, -1.0, 2.0]:
        hidden = torch.tanh(w * hidden.detach() + x)
        (hidden**2).backward()
    assert torch.equal(grad("f12-hidden-state-cured", "w"), w.grad)


def test_f13_the_total_is_a_number_or_the_end_of_three_graphs():
    total = ran("f13-total-loss").namespace["total"]
    losses = []
    node = total.grad_fn
    while node is not None and node.name() == "AddBackward0":
        node, loss = (following for following, _ in (*node.next_functions, (None, 0))[:2])
        losses.append(loss or node)
    assert ran("f13-total-loss-cured").namespace["total"] == 21.0 == total.item()
    assert len(losses) == 3


def test_f14_the_mask_before_the_root_keeps_nan_out():
    wrong, right = grad("f14-masked-root", "x"), grad("f14-masked-root-cured", "x")
    assert wrong.isnan().tolist() == [True, False]
    assert right.tolist() == [0, 0.25]
    results = [ran(slug).namespace["y"].tolist() for slug in ("f14-masked-root", "f14-masked-root-cured")]
    assert results == [[0, 2], [0, 2]]


def test_f15_eval_lets_gradients_through_and_no_grad_does_not():
    assert last_lines("f15-eval", 2) == ["out requires grad: True", "weight.grad = tensor([[1., 2.]])"]
    assert last_lines("f15-no-grad", 2) == ["out requires grad: False", "weight.grad = None"]
    assert "AddmmBackward0" in node_names(traced("f15-eval"))
    assert "AddmmBackward0" not in node_names(traced("f15-no-grad"))


def test_f16_a_detached_array_leaves_the_graph_whole():
    assert last_lines("f16-numpy-cured", 2) == ["y as an array: [1. 4. 9.]", "x.grad = tensor([2., 4., 6.])"]


def test_f17_autograd_grad_returns_what_backward_writes():
    assert last_lines("f17-backward", 3) == ["gradient = tensor(24.)", "x.grad = tensor(24.)", "w.grad = tensor(36.)"]
    assert last_lines("f17-autograd-grad", 3) == ["gradient = tensor(24.)", "x.grad = None", "w.grad = None"]
    assert [run.kind for slug in ("f17-backward", "f17-autograd-grad") for run in traced(slug).runs] == [
        "backward",
        "grad",
    ]


def test_f18_the_unused_input_gets_none_or_zeros_on_demand():
    assert last_lines("f18-unused-input-cured", 2) == ["x: tensor([2., 4.])", "z: None"]
    assert last_lines("f18-zeros", 2) == ["x: tensor([2., 4.])", "z: tensor([0., 0.])"]


def test_f19_floating_point_numbers_can_require_grad():
    assert grad("f19-integers-cured", "x").tolist() == [0, 2, 4]
    assert ran("f19-integers-cured").namespace["x"].dtype == torch.float32
