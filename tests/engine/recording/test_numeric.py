"""The check by central differences: what it gives, where there is none, and that the program notices nothing."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.contract.trace import Limits, NoNumericGradient
from engine.gradients.central_differences import Check, checks
from tests.engine.recording.runs import plain, recorded

NUMERIC = Limits(numeric_items=64)


def checked(source: str) -> tuple[Check, ...]:
    """The checks of a program, which must be left as it is."""
    result, trace = recorded(source, NUMERIC)
    assert result == plain(source)
    assert trace.omissions == ()
    return checks(trace)


SMOOTH = ["torch.sin({})", "torch.exp({} / 4)", "{} * {}", "({}).sigmoid()", "({} + 2).pow(3)", "({}).tanh().cumsum(0)"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(SMOOTH), min_size=1, max_size=4), st.integers(0, 1000))
def test_it_agrees_with_autograd_on_smooth_programs(parts: list[str], seed: int) -> None:
    expression = "x"
    for part in parts:
        expression = part.replace("{}", f"({expression})")
    source = f"import torch\ntorch.manual_seed({seed})\nx = torch.rand(3, dtype=torch.float64, requires_grad=True)\n({expression}).sum().backward()\n"
    (check,) = checked(source)
    assume(all(isinstance(number, float) and abs(number) < 1e3 for number in check.computed or ()))  # no overflow
    assert check.agrees, check


def test_a_silently_wrong_gradient_is_another_one() -> None:
    source = (
        "import torch\na = torch.tensor([7.0, 0.0, 0.0], requires_grad=True)\nb = a + 2\n"
        "loss = (b * b).mean()\nb.data.zero_()\nloss.backward()\n"
    )
    (check,) = checked(source)
    assert (check.computed, check.agrees) == ((0, 0, 0), False)
    assert check.numeric == pytest.approx((6, 4 / 3, 4 / 3))
    assert check.difference == pytest.approx(6)


def test_what_was_detached_counts_as_a_constant() -> None:
    (check,) = checked("import torch\nx = torch.tensor(3.0, requires_grad=True)\n(x * x.detach()).backward()\n")
    assert check.numeric == pytest.approx((3,))
    assert check.agrees


def test_writing_in_place_into_a_buffer_is_followed() -> None:
    source = (
        "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\nbuffer = torch.zeros(3)\n"
        "buffer[0] = x[1] * 2\nbuffer[1:] = x\nbuffer[1:].mul_(3)\n(buffer ** 2).sum().backward()\n"
    )
    (check,) = checked(source)
    assert check.numeric == pytest.approx((18, 52))
    assert check.agrees


def test_a_kink_is_told_and_left_out() -> None:
    (check,) = checked("import torch\nx = torch.tensor([0.0, 2.0], requires_grad=True)\nx.relu().sum().backward()\n")
    assert (check.kinks, check.agrees) == ((0,), True)


def test_each_run_of_a_training_is_checked_by_what_it_added() -> None:
    source = (
        "import torch\nw = torch.tensor([1.0, 2.0], requires_grad=True)\nopt = torch.optim.SGD([w], lr=0.1)\n"
        "for i in range(3):\n    (w ** 2).sum().backward()\n    opt.step()\n"
    )
    found = checked(source)
    assert [check.run for check in found] == [0, 1, 2]
    assert all(check.agrees for check in found)
    assert found[1].computed == pytest.approx((1.6, 3.2))


def test_the_given_gradient_weighs_the_root() -> None:
    source = (
        "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\n"
        "print(torch.autograd.grad(x ** 2, x, torch.tensor([1.0, 10.0])))\n"
    )
    (check,) = checked(source)
    assert check.computed == (2, 40)
    assert check.numeric == pytest.approx((2, 40))


LEAF = "import torch\nx = torch.rand(3, requires_grad=True)\n"
NONE = {
    "random": "torch.nn.functional.dropout(x).sum().backward()\n",
    "too_many": "y = torch.rand(65, requires_grad=True)\n(y * 2).sum().backward()\n",
    "hooks": "x.register_hook(lambda grad: grad * 2)\n(x * 2).sum().backward()\n",
    "not_real": "z = torch.rand(2, dtype=torch.cfloat, requires_grad=True)\n(z * z.conj()).real.sum().backward()\n",
    "out_of_sight": (
        "class Double(torch.autograd.Function):\n"
        "    @staticmethod\n    def forward(ctx, x): return x * 2\n"
        "    @staticmethod\n    def backward(ctx, grad): return grad * 2\n"
        "(Double.apply(x) * 3).sum().backward()\n"
    ),
    "not_repeatable": "y = x * 1\ny.data.add_(5)\n(y * y).sum().backward()\n",
}


@pytest.mark.parametrize("reason", NONE)
def test_where_there_is_none_the_reason_is_told(reason: NoNumericGradient) -> None:
    _, trace = recorded(LEAF + NONE[reason], NUMERIC)
    assert [(check.unavailable, check.numeric, check.agrees) for check in checks(trace)] == [(reason, None, None)]
    assert trace.omissions == ()


def test_a_comment_about_hooks_is_no_hook() -> None:
    _, trace = recorded(LEAF + "(x * 2).sum().backward()  # not x.register_hook\n", NUMERIC)
    assert [check.unavailable for check in checks(trace)] == [None]


def test_nothing_is_checked_unless_asked() -> None:
    _, trace = recorded(LEAF + "(x * 2).sum().backward()\n")
    assert checks(trace) == ()
