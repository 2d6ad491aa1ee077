"""A `.grad` that is None where one was wanted, and the many that are None by right."""

from __future__ import annotations

import pytest

from tests.engine.referee.judged import W, found, places, words

CLASS = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 3)
        self.b = nn.Linear(3, 3)
        self.c = nn.Linear(3, 1)
    def forward(self, x, deep=False):
        h = self.a(x).relu(){}
        return self.c(h)
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range({}):
    opt.zero_grad()
    net(torch.ones(1, 2)).sum().backward()
    opt.step()
"""


def test_the_grad_of_a_result_is_found_at_its_reading() -> None:
    (finding,) = found(W + "y = w * 2\nloss = y.sum()\nloss.backward()\nprint(y.grad)\n")
    assert (finding.kind, finding.line, finding.name) == ("grad-none-nonleaf", 7, "y")
    assert "the result of MulBackward0 on line 4" in words(finding)[0]
    assert "`y.retain_grad()`" in words(finding)[1]


def test_a_scaled_leaf_is_told_from_a_result() -> None:
    (finding,) = found("import torch\nw = torch.ones(3, requires_grad=True) * 0.1\nw.sum().backward()\nprint(w.grad)\n")
    assert (finding.kind, finding.line) == ("grad-none-nonleaf", 4)
    assert "Line 2 made a leaf" in words(finding)[0]
    assert "`w = (...).requires_grad_()`" in words(finding)[1]


@pytest.mark.parametrize(
    "source",
    [
        "y = w * 2\ny.retain_grad()\ny.sum().backward()\nprint(y.grad)\n",
        "print(w.grad)\nw.sum().backward()\nprint(w.grad)\n",
        "y = w.detach()\nw.sum().backward()\nprint(y.grad)\n",
    ],
)
def test_reading_a_grad_that_may_be_none_is_right(source: str) -> None:
    assert places(W + source) == []


@pytest.mark.parametrize("n", [1, 3, 10])
def test_a_forgotten_layer_is_found_also_past_the_recording_budget(n: int) -> None:
    (finding,) = found(CLASS.format("", n))
    assert (finding.kind, finding.line, finding.name) == ("grad-none-unreached", 7, "net.b.weight")


def test_a_layer_under_a_condition_is_not_forgotten() -> None:
    deep = "\n        if deep:\n            h = self.b(h)"
    assert places(CLASS.format(deep, 1)) == []


def test_a_cut_inside_a_module_is_blamed_on_the_cut() -> None:
    (finding,) = found(CLASS.format(".detach() + 0 * self.b(torch.ones(1, 3))", 2))
    assert (finding.kind, finding.line) == ("grad-none-unreached", 10)
    assert "`detach()` on line 10" in words(finding)[0]


UNREACHED = {
    "not used": ("b = torch.ones(2, requires_grad=True)\nw.sum().backward()\nprint(b.grad)\n", 4),
    "not used, not read": ("b = torch.ones(2, requires_grad=True)\nw.sum().backward()\n", 4),
    "used beside the loss": ("b = torch.ones(2, requires_grad=True)\ny = b * 2\nw.sum().backward()\n", 4),
    "through a number": ("n = w.sum().item()\nloss = torch.tensor(n, requires_grad=True)\nloss.backward()\n", 4),
    "detached, then required": ("y = (w * 2).detach().requires_grad_()\ny.sum().backward()\nprint(w.grad)\n", 4),
}


@pytest.mark.parametrize(("source", "line"), UNREACHED.values(), ids=UNREACHED)
def test_a_leaf_that_backward_did_not_reach(source: str, line: int) -> None:
    assert places(W + source) == [("grad-none-unreached", line)]


NET = "import torch, copy\nfrom torch import nn\ntorch.manual_seed(0)\na, b = nn.Linear(2, 2), nn.Linear(2, 1)\n"
WANTED = {
    "a branch not taken": W
    + "b = torch.ones(2, requires_grad=True)\nloss = (w if True else b).sum()\nloss.backward()\n",
    "made after the backward": W + "w.sum().backward()\nb = torch.ones(2, requires_grad=True)\n",
    "torch.autograd.grad only": W + "torch.autograd.grad(w.sum(), w)\n",
    "inputs= left it out": W + "b = torch.ones(2, requires_grad=True)\n(w * b).sum().backward(inputs=[w])\n",
    "cleared at the end": W + "w.sum().backward()\nw.grad = None\n",
    "stopped on purpose": W + "b = torch.ones(2, requires_grad=True)\n(w * b.detach()).sum().backward()\n",
    "a target under no_grad": NET + "with torch.no_grad():\n    y = a(torch.ones(2))\nb(y).sum().backward()\n",
    "a generator in the discriminator's turn": NET + "og = torch.optim.SGD(a.parameters(), lr=1)\n"
    "b(a(torch.ones(2)).detach()).sum().backward()\n",
    "an expert not chosen": NET + "m = nn.ModuleList([a, b])\nm[1](torch.ones(2)).sum().backward()\n",
}


@pytest.mark.parametrize("source", WANTED.values(), ids=WANTED)
def test_a_leaf_may_have_no_gradient(source: str) -> None:
    assert places(source) == []
