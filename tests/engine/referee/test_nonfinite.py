"""NaN and infinity in a gradient, traced to the call or node that made it of finite numbers."""

from __future__ import annotations

import pytest

from tests.engine.referee.judged import found, places, words

X = "import torch\nx = torch.tensor([0., 4.], requires_grad=True)\n"  # lines 1 and 2
BORN = {
    "square root at 0": ("y = x.sqrt()\ny.sum().backward()", 3, "slope of the square root at 0 is infinite"),
    "masked square root": (
        "y = torch.where(x > 0, x.sqrt(), 0.)\ny.sum().backward()",
        3,
        "masking the result does not mask",
    ),
    "logarithm of 0": ("y = x.log()\nloss = y.sum()\nloss.backward()", 3, "log(0) is −∞"),
    "masked logarithm": ("y = torch.where(x > 0, x.log(), 0.)\ny.sum().backward()", 3, "A logarithm was taken of 0"),
    "0/0": ("y = x / x\nz = y.sum()\nz.backward()", 3, "divides by 0"),
    "masked division": ("y = torch.where(x > 0, 1 / x, 0.)\ny.sum().backward()", 3, "divides by 0, and the result"),
    "exp": ("y = (x * 100).exp()\nloss = (y / y.sum()).sum()\nloss.backward()", 3, "too large for its dtype"),
    "fractional power at 0": ("y = x ** 0.5\ny.sum().backward()", 3, "slope of this power at 0"),
    "acos at 1": ("y = torch.acos(x / 4)\ny.sum().backward()", 3, "end of the range"),
    "float16": ("y = (x.half() * 300).pow(3)\nloss = y.sum()\nloss.backward()", 3, "too large for float16"),
    "NaN in the data": (
        "d = torch.tensor([1., float('nan')])\nloss = (x * d).sum()\nloss.backward()",
        3,
        "The numbers themselves",
    ),
    "a given gradient": ("y = x * 2\ny.backward(torch.tensor([1., float('inf')]))", 4, "was given a gradient"),
    "a fully masked row": ("p = (x * 0 - torch.inf).softmax(0)\np[0].backward()", 3, "∞ − ∞, 0/0"),
    "exploding in backward": (
        "y = ((x * 1e-30) ** 2 * 1e38).sum()\ny.backward(torch.tensor(1e30))",
        3,
        "too large for its dtype",
    ),
}


@pytest.mark.parametrize(("source", "line", "meaning"), BORN.values(), ids=BORN)
def test_the_first_number_that_is_not_finite(source: str, line: int, meaning: str) -> None:
    (finding,) = found(X + source)
    assert (finding.kind, finding.line, finding.name) == ("nan-gradient", line, "x")
    assert meaning in words(finding)[0]


RIGHT = {
    "a masked softmax": "p = x.masked_fill(x > 1, -torch.inf).softmax(0)\np[0].backward()",
    "a mask on the input": "y = torch.where(x > 0, torch.where(x > 0, x, 1.).sqrt(), 0.)\ny.sum().backward()",
    "an infinity in the loss alone": "(x.sum() + torch.inf).backward()",
    "a norm at 0, which PyTorch makes 0": "(x[:1] * 1).norm().backward()",
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_finite_gradients_are_no_finding(source: str) -> None:
    assert places(X + source) == []


def test_a_training_that_goes_wrong_is_one_finding() -> None:
    source = "opt = torch.optim.SGD([x], lr=0.1)\nfor _ in range(3):\n    opt.zero_grad()\n    x.sqrt().sum().backward()\n    opt.step()\n"
    assert places(X + source) == [("nan-gradient", 6)]


def test_a_run_past_the_budget_is_said_to_be_one() -> None:
    source = "opt = torch.optim.SGD([x], lr=10.)\nfor _ in range(60):\n    opt.zero_grad()\n    (x ** 4).sum().backward()\n    opt.step()\n"
    (finding,) = found(X + source)
    assert (finding.kind, finding.line) == ("nan-gradient", 6)
    assert "the first 3 backward runs" in words(finding)[0]
