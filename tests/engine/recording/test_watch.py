"""Saved tensors that are overwritten: the line, the true gradient beside the computed one, and no trace of the look."""

from __future__ import annotations

import struct

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.contract.trace import Limits, Trace, Value
from engine.referee.rules.silently_wrong import findings
from tests.engine.recording.runs import plain, recorded, trace_of

HEAD = """import torch
torch.manual_seed(0)
x = torch.rand(2, 3, requires_grad=True)
y = torch.rand(2, 3, requires_grad=True)
"""
FORMS = [
    "{a}.exp()",
    "{a}.sin()",
    "{a}.tanh()",
    "{a}.sigmoid()",
    "{a} ** 3",
    "{a}.relu()",
    "{a} * {b}",
    "{a} / ({b} + 2)",
    "{a} + {b}",
    "{a} - {b}",
    "{a} @ {b}.t() @ {a}",
    "torch.softmax({a}, 0)",
    "{a}[:, :1] * {b}",
    "{a}.t().t() * {a}",
]
MUTATIONS = [
    "{a}.data.mul_(3)",
    "{a}.data.zero_()",
    "{a}.detach().numpy()[...] = 2",
    "{a}.data[0] += 1",
    "{a}.detach().add_(1)",
    "with torch.no_grad(): {a}.mul_(2)",
    "{a}.data.copy_({b}.data)",
    "{a}.data += 0",
]


@st.composite
def overwriting(draw: st.DrawFn) -> tuple[str, str, int]:
    """(program that overwrites after the forward pass, the same without, number of the line that writes)."""
    names, lines = ["x", "y"], []
    for i in range(draw(st.integers(1, 6))):
        a, b = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        lines.append(f"t{i} = " + draw(st.sampled_from(FORMS)).format(a=a, b=b))
        names.append(f"t{i}")
    forward = HEAD + "\n".join(lines) + f"\nloss = (t{len(lines) - 1} * y).sum()\n"
    a, b = draw(st.sampled_from(names)), draw(st.sampled_from(names))
    mutation = draw(st.sampled_from(MUTATIONS)).format(a=a, b=b)
    return f"{forward}{mutation}\nloss.backward()\n", f"{forward}loss.backward()\n", forward.count("\n") + 1


def close(value: Value | None, right: torch.Tensor | None) -> bool:
    if value is None or right is None:
        return value is None and right is None
    return torch.allclose(torch.tensor(value.items).reshape(value.shape), right, rtol=1e-4, atol=1e-6)


def gradients(source: str) -> dict[str, torch.Tensor | None]:
    """The gradients a program leaves, by an unwatched run."""
    found = plain(source).grads
    return {
        name: None if grad is None else torch.tensor(struct.unpack(f"{len(grad[1]) // 4}f", grad[1])).reshape(2, 3)
        for name, grad in found.items()
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(overwriting())
@pytest.mark.slow
def test_the_true_gradient_is_that_of_the_program_without_the_overwriting(programs: tuple[str, str, int]) -> None:
    wrong, right, line = programs
    expected, computed = gradients(right), gradients(wrong)
    assume(all(g is None or bool(g.isfinite().all()) for g in expected.values()))
    result, trace = recorded(wrong)
    assert result == plain(wrong)
    names = {number: tensor.name for number, tensor in enumerate(trace.tensors)}
    for found in trace.true_gradients:
        assert found.unavailable is None
        assert close(found.true, expected[names[found.tensor] or ""])
    is_wrong = result.error is not None or any(not same(computed[name], expected[name]) for name in expected)
    assert [f.line for f in findings(trace)] == ([line] if is_wrong else [])
    for leaf in trace.leaves:
        right_grad = leaf.true_grad if leaf.true_grad is not None else leaf.grad
        assert close(right_grad, expected[leaf.name])


def same(one: torch.Tensor | None, other: torch.Tensor | None) -> bool:
    if one is None or other is None:
        return one is other
    return torch.allclose(one, other, rtol=1e-4, atol=1e-6)


def only(trace: Trace) -> tuple[str, int | None, str | None, tuple[tuple[str, int], ...]]:
    (finding,) = findings(trace)
    return finding.kind, finding.line, finding.name, finding.lines


D5 = "import torch\na = torch.tensor([7., 0., 0.], requires_grad=True)\nb = a + 2\nloss = torch.mean(b * b)\n{}\n"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("b.data.zero_()", "silent-wrong-gradient"),
        ("b.detach().numpy()[:] = 0", "silent-wrong-gradient"),
        ("b.data = torch.zeros(3)", "silent-wrong-gradient"),
        ("torch.nn.init.zeros_(b.data)", "silent-wrong-gradient"),
        ("b.detach().zero_()", "inplace-error"),
        ("with torch.no_grad(): b.zero_()", "inplace-error"),
    ],
)
def test_every_way_to_overwrite_b_is_found_at_its_line_with_the_true_gradient(change: str, kind: str) -> None:
    trace = trace_of(D5.format(change) + "loss.backward()\n")
    assert only(trace) == (kind, 5, "b", (("saved", 4), ("changed", 5), ("used", 6)))
    (leaf,) = trace.leaves
    assert leaf.true_grad is not None
    assert leaf.true_grad.items == pytest.approx((6.0, 4 / 3, 4 / 3))
    assert (leaf.grad is None) == (kind == "inplace-error")


@pytest.mark.parametrize(
    "change",
    ["b.clone().zero_()", "b.data.add_(1); b.data.sub_(1)", "a.data.zero_()", "c = b * 0", "b.data.mul_(1)"],
)
def test_a_change_of_a_copy_of_what_is_not_saved_or_one_that_is_undone_is_no_finding(change: str) -> None:
    trace = trace_of(D5.format(change) + "loss.backward()\n")
    assert findings(trace) == ()
    assert trace.leaves[0].true_grad is None


def test_two_nodes_that_saved_the_same_memory_at_different_times_both_get_their_own_numbers() -> None:
    source = (
        "import torch\nx = torch.tensor([1., 2.], requires_grad=True)\ny = x * 1\np = y * y\ny.data.mul_(10)\n"
        "q = y * y\ny.data.zero_()\n(p + q).sum().backward()\n"
    )
    trace = trace_of(source)
    assert trace.leaves[0].true_grad is not None
    assert trace.leaves[0].true_grad.items == (2 * 1.0 + 2 * 10.0, 2 * 2.0 + 2 * 20.0)
    assert sorted(f.line or 0 for f in findings(trace)) == [5, 7]


def test_a_gradient_that_is_cleared_or_clipped_afterwards_has_no_true_sum_any_more() -> None:
    for after in ("a.grad = None", "a.grad.add_(1)"):
        trace = trace_of(D5.format("b.data.zero_()") + f"loss.backward()\n{after}\n")
        assert trace.leaves[0].true_grad is None
        assert [g.differs for g in trace.true_gradients] == [True]


def test_the_true_sum_goes_on_over_later_right_runs() -> None:
    trace = trace_of(D5.format("b.data.zero_()") + "loss.backward()\n(a * 3).sum().backward()\n")
    assert trace.leaves[0].grad is not None and trace.leaves[0].grad.items == (3.0, 3.0, 3.0)
    assert trace.leaves[0].true_grad is not None
    assert trace.leaves[0].true_grad.items == pytest.approx((9.0, 3 + 4 / 3, 3 + 4 / 3))


def test_over_the_budget_a_change_is_detected_by_checksum_and_the_true_gradient_is_not_available() -> None:
    trace = trace_of(D5.format("b.data.zero_()") + "loss.backward()\n", Limits(watch_bytes=8))
    assert only(trace)[:2] == ("silent-wrong-gradient", 5)
    assert [(g.true, g.unavailable) for g in trace.true_gradients] == [(None, "budget")]
    assert [o.what for o in trace.omissions] == ["watch"]


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("b.register_hook(print)\nb.data.zero_()", "hooks"),
        (
            "class F(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, t):\n        return t.sum()\n"
            "    @staticmethod\n    def backward(ctx, g):\n        print('ran')\n        return g.expand(3)\n"
            "loss = loss + F.apply(b)\nb.data.zero_()",
            "custom_function",
        ),
    ],
)
def test_where_looking_could_have_effects_there_is_a_reason_instead_of_a_number(setting: str, reason: str) -> None:
    source = D5.format(setting) + "loss.backward()\n"
    result, trace = recorded(source)
    assert result == plain(source)
    assert [g.unavailable for g in trace.true_gradients] == [reason]
    assert [f.kind for f in findings(trace)] == ["silent-wrong-gradient"]


def test_a_line_of_numpy_inside_a_function_is_named() -> None:
    source = (
        "import torch, numpy as np\na = torch.tensor([7., 0., 0.], requires_grad=True)\nb = a + 2\n"
        "def change(view):\n    other = 1\n    np.multiply(view, 0, out=view)\n    return other\n"
        "loss = (b * b).mean()\nchange(b.detach().numpy())\nloss.backward()\n"
    )
    assert only(trace_of(source))[:2] == ("silent-wrong-gradient", 6)


def test_memory_given_by_numpy_is_watched_too() -> None:
    source = (
        "import torch, numpy as np\ndata = np.array([1., 2.])\nx = torch.from_numpy(data)\n"
        "w = torch.ones(2, dtype=torch.float64, requires_grad=True)\nloss = (w * x).sum()\ndata[:] = 5\nloss.backward()\n"
    )
    trace = trace_of(source)
    assert only(trace)[:3] == ("silent-wrong-gradient", 6, "x")
    assert trace.leaves[0].true_grad is not None and trace.leaves[0].true_grad.items == (1.0, 2.0)


def test_an_optimizer_step_between_forward_and_backward_is_its_own_kind() -> None:
    source = (
        "import torch\nw = torch.ones(2, requires_grad=True)\nopt = torch.optim.SGD([w], lr=0.1)\n"
        "one = (w * w).sum()\ntwo = (w ** 3).sum()\none.backward()\nopt.step()\n"
        "try:\n    two.backward()\nexcept RuntimeError:\n    pass\n"
    )
    assert only(trace_of(source))[:3] == ("step-before-backward", 7, "w")


def test_what_autograd_grad_returns_is_compared_as_well() -> None:
    trace = trace_of(D5.format("b.data.zero_()") + "g, = torch.autograd.grad(loss, a)\n")
    (found,) = trace.true_gradients
    assert found.computed is not None and found.computed.items == (0.0, 0.0, 0.0)
    assert found.true is not None and found.true.items == pytest.approx((6.0, 4 / 3, 4 / 3))
    assert only(trace)[:2] == ("silent-wrong-gradient", 5)
