"""Errors about gradients become findings: the line that caused them, the right cure, once for each cause."""

from __future__ import annotations

import pytest

from tests.engine.referee.judged import W, found, places, words

SECOND = {
    "the same root twice": (
        "y = (w ** 2).sum()\ny.backward()\ny.backward()",
        6,
        "This is the second backward from `y`. The first, on line 5, freed what was saved for it (`w`).",
        "`retain_graph=True`; their gradients add up",
    ),
    "two losses of one forward": (
        "h = w.exp()\na = h.sum()\nb = (h * 2).sum()\na.backward()\nb.backward()",
        8,
        "`b` shares a part of its graph with what the backward on line 7 started from",
        "really wanted twice",
    ),
    "a state carried over": (
        "h = torch.ones(2)\nfor _ in range(2):\n    h = torch.tanh(w * h)\n    h.sum().backward()",
        6,
        "was made of `h` of the round before",
        "`retain_graph=True` would only hide it",
    ),
    "a state carried over by an assignment": (
        "h = torch.ones(2)\nfor _ in range(2):\n    new = torch.tanh(w * h)\n    new.sum().backward()\n    h = new",
        8,
        "was made of `new` of the round before",
        "`new = new.detach()`",
    ),
    "a part calculated outside the loop": (
        "h = w.exp()\nfor _ in range(2):\n    (h * h).sum().backward()",
        6,
        "was made of `h`, which was calculated once, on line 4",
        "inside the loop",
    ),
}


@pytest.mark.parametrize(("source", "line", "meaning", "cure"), SECOND.values(), ids=SECOND)
def test_a_second_backward_tells_whether_keeping_the_graph_cures_or_hides(
    source: str, line: int, meaning: str, cure: str
) -> None:
    (finding,) = found(W + source)
    assert (finding.kind, finding.line) == ("second-backward", line)
    said, advised = words(finding)
    assert meaning in said
    assert cure in advised


CUTS = {
    "detach": ("loss = w.sum()\nloss = loss.detach()\nloss.backward()", 5, "detach()"),
    "item": ("n = w.sum().item()\nloss = torch.tensor(n)\nloss.backward()", 4, "item()"),
    "no_grad over a module": (
        "net = nn.Linear(2, 1)\nwith torch.no_grad():\n    out = net(torch.ones(2))\nout.sum().backward()",
        6,
        "recording switched off",
    ),
    "comparison": ("loss = (w > 1).float().mean()\nloss.backward()", 4, "no derivative"),
    "frozen, each parameter": (
        "net = nn.Linear(2, 1)\nfor p in net.parameters():\n    p.requires_grad = False\nnet(torch.ones(2)).sum().backward()",
        6,
        "line 6 switched `requires_grad` off",
    ),
    "frozen, the module": (
        "net = nn.Linear(2, 1).requires_grad_(False)\nnet(torch.ones(2)).sum().backward()",
        4,
        "frozen",
    ),
    "nothing to do with w": (
        "z = w * 2\nloss = torch.ones(2).sum()\nloss.backward()",
        6,
        "does not depend on any tensor",
    ),
}


@pytest.mark.parametrize(("source", "line", "meaning"), CUTS.values(), ids=CUTS)
def test_a_missing_graph_is_blamed_on_the_line_that_cut_it(source: str, line: int, meaning: str) -> None:
    (finding,) = found(W + source)
    assert (finding.kind, finding.line) == ("no-grad-fn", line)
    assert meaning in words(finding)[0]


def test_errors_that_the_program_caught_are_findings_too() -> None:
    caught = "try:\n    {}\nexcept RuntimeError:\n    pass\n"
    assert places(W + caught.format("(w * 2).backward()")) == [("non-scalar-root", 5)]
    assert places(W + caught.format("w.add_(1)")) == [("leaf-inplace", 5)]
    assert places(W + caught.format("torch.arange(3).requires_grad_()")) == [("integer-requires-grad", 5)]


def test_one_line_in_a_loop_is_one_finding() -> None:
    source = "for _ in range(3):\n    try:\n        w.mul_(2)\n    except RuntimeError:\n        pass\n"
    assert places(W + source) == [("leaf-inplace", 6)]


def test_an_uncaught_error_is_found_once_and_points_at_its_step() -> None:
    (finding,) = found(W + "y = w * 2\ny.backward()\n")
    assert (finding.kind, finding.line, finding.name) == ("non-scalar-root", 5, "y")
    assert finding.lines == (("backward", 5),)
    assert finding.step is not None and finding.step > 1


def test_a_view_of_a_leaf_names_the_leaf() -> None:
    (finding,) = found(W + "w[0] = 3.\n")
    assert (finding.kind, finding.line, finding.name) == ("leaf-inplace", 4, "w")


def test_errors_about_other_things_are_none_of_the_referees() -> None:
    assert places(W + "try:\n    w @ torch.ones(3)\nexcept RuntimeError:\n    pass\n") == []
