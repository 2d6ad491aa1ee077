"""Gradients on top of old ones are a mistake in some programs and meant in others."""

from __future__ import annotations

import pytest

from tests.engine.referee.judged import NET, W, found, places, words

STEP = "    loss = net(torch.randn(3, 2)).pow(2).mean()\n"
WRONG = {
    "no zero_grad": (NET + "for _ in range(3):\n" + STEP + "    loss.backward()\n    opt.step()\n", 8),
    "cleared before the loop only": (
        NET + "opt.zero_grad()\nfor _ in range(3):\n" + STEP + "    loss.backward()\n    opt.step()\n",
        9,
    ),
    "changed through data": (
        W + "for _ in range(2):\n    loss = (w ** 2).sum()\n    loss.backward()\n    w.data -= 0.1 * w.grad\n",
        6,
    ),
    "the same backward twice": (W + "y = (w ** 2).sum()\ny.backward(retain_graph=True)\ny.backward()\n", 6),
    "read in between": (
        W + "y = (w ** 2).sum()\ny.backward()\nprint(w.grad)\nz = (w ** 3).sum()\nz.backward()\nprint(w.grad)\n",
        8,
    ),
    "printed in a loop": (W + "for _ in range(5):\n    y = (w ** 2).sum()\n    y.backward()\n    print(w.grad)\n", 6),
}


@pytest.mark.parametrize(("source", "line"), WRONG.values(), ids=WRONG)
def test_a_gradient_that_should_have_been_gone(source: str, line: int) -> None:
    assert places(source) == [("grad-accumulated", line)]


CLEAR = "    with torch.no_grad():\n        w -= 0.1 * w.grad\n        {}\n"
RIGHT = {
    "cleared after the step": NET
    + "for _ in range(3):\n"
    + STEP
    + "    loss.backward()\n    opt.step()\n    opt.zero_grad()\n",
    "filled with zeros": NET
    + "for _ in range(3):\n    opt.zero_grad(set_to_none=False)\n"
    + STEP
    + "    loss.backward()\n    opt.step()\n",
    "zeroed by hand": W + "for _ in range(3):\n    (w ** 2).sum().backward()\n" + CLEAR.format("w.grad.zero_()"),
    "set to None": W + "for _ in range(3):\n    (w ** 2).sum().backward()\n" + CLEAR.format("w.grad = None"),
    "two backwards for each step": NET
    + "for i in range(6):\n"
    + STEP
    + "    loss.backward()\n    if i % 2:\n        opt.step()\n        opt.zero_grad()\n",
    "two losses of different kinds": W + "(w ** 2).sum().backward()\n(w * 3).sum().backward()\nprint(w.grad)\n",
    "a sum over a data set": W + "for x in torch.eye(2):\n    (w @ x).backward()\nprint(w.grad)\n",
    "polluted, but cleared before use": (
        "import torch\nfrom torch import nn\ntorch.manual_seed(0)\nG, D = nn.Linear(2, 2), nn.Linear(2, 1)\n"
        "og = torch.optim.SGD(G.parameters(), lr=.1)\nod = torch.optim.SGD(D.parameters(), lr=.1)\n"
        "for _ in range(2):\n    od.zero_grad()\n    D(G(torch.randn(3, 2)).detach()).mean().backward()\n    od.step()\n"
        "    og.zero_grad()\n    D(G(torch.randn(3, 2))).mean().backward()\n    og.step()\n"
    ),
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_what_is_meant_or_harmless_is_no_finding(source: str) -> None:
    assert places(source) == []


def test_the_sentence_counts_the_parameters() -> None:
    (finding,) = found(WRONG["no zero_grad"][0])
    assert finding.name == "net.weight"
    assert "`net.weight.grad` and in those of 1 more" in words(finding)[0]


REBOUND = {
    "in a loop": ("w = w - 0.1 * w.grad", 6),
    "of the data": ("w = w.data - 0.1 * w.grad", 6),
    "without recording": ("with torch.no_grad(): w = w - 0.1 * w.grad", 6),
}


@pytest.mark.parametrize(("update", "line"), REBOUND.values(), ids=REBOUND)
def test_a_name_taken_from_its_leaf(update: str, line: int) -> None:
    source = W + "for _ in range(2):\n    (w ** 2).sum().backward()\n    " + update + "\n"
    assert places(source) == [("rebound-leaf", line)]


@pytest.mark.parametrize(
    "update",
    [
        "w = (w - 0.1 * w.grad).detach().requires_grad_()",
        "w = (w - 0.1 * w.grad).detach(); w.requires_grad = True",
        "w.data = w - 0.1 * w.grad; w.grad = None",
        "with torch.no_grad(): w.copy_(w - 0.1 * w.grad); w.grad = None",
    ],
)
def test_a_new_leaf_may_take_the_name(update: str) -> None:
    assert places(W + "for _ in range(2):\n    (w ** 2).sum().backward()\n    " + update + "\n") == []


def test_a_last_update_by_name_harms_nobody() -> None:
    assert places(W + "(w ** 2).sum().backward()\nw = w - 0.1 * w.grad\nprint((w ** 2).sum())\n") == []


STEPS = {
    "before the backward": (
        "    opt.zero_grad()\n" + STEP + "    opt.step()\n    loss.backward()\n",
        9,
        "comes before",
    ),
    "after the clearing": (
        STEP + "    loss.backward()\n    opt.zero_grad()\n    opt.step()\n",
        10,
        "were cleared before",
    ),
    "without a backward": (STEP + "    opt.step()\n", 8, "no backward ever ran"),
}


@pytest.mark.parametrize(("body", "line", "meaning"), STEPS.values(), ids=STEPS)
def test_a_step_with_nothing_to_step_with(body: str, line: int, meaning: str) -> None:
    (finding,) = found(NET + "for _ in range(2):\n" + body)
    assert (finding.kind, finding.line) == ("step-before-backward", line)
    assert meaning in words(finding)[0]


def test_steps_for_a_schedule_alone_are_right() -> None:
    source = NET + "for _ in range(3):\n    opt.step()\n"
    assert places(source) == []
