"""Graphs that stay in memory round after round, and values that are kept by right."""

from __future__ import annotations

import pytest

from tests.engine.referee.judged import W, found, places, words

LOOP = (
    W + "{}\nfor i in range(4):\n    w.grad = None\n    loss = ((w - i) ** 2).sum()\n    loss.backward()\n    {}\n"
)  # lines 4 to 9

KEPT = {
    "added up": ("total = 0", "total += loss"),
    "added up in a tensor": ("total = torch.zeros(())", "total += loss"),
    "a running mean": ("mean = torch.zeros(())", "mean = 0.9 * mean + 0.1 * loss"),
    "in a list": ("kept = []", "kept.append(loss)"),
    "in a list of pairs": ("kept = []", "kept.append((i, loss))"),
    "in a dict": ("kept = {}", "kept[i] = loss"),
    "in a list that grows": ("kept = []", "kept += [loss]"),
}


@pytest.mark.parametrize(("before", "after"), KEPT.values(), ids=KEPT)
def test_a_loss_kept_with_its_graph(before: str, after: str) -> None:
    assert places(LOOP.format(before, after)) == [("graph-retained", 9)]


def test_the_sentence_names_what_keeps_and_what_is_kept() -> None:
    (finding,) = found(LOOP.format("total = 0", "total += loss"))
    assert (finding.name, finding.node is not None) == ("total", True)
    assert words(finding)[0].startswith("Line 9 adds `loss` with its graph to `total`.")
    (finding,) = found(LOOP.format("kept = []", "kept.append(loss)"))
    assert words(finding)[0].startswith("Line 9 keeps `loss` with its graph: ")


def test_what_a_function_returns_is_found_where_it_is_kept() -> None:
    source = W + "def step():\n    w.grad = None\n    loss = (w ** 2).sum()\n    loss.backward()\n    return loss\n"
    assert places(source + "kept = [step() for _ in range(4)]\n") == [("graph-retained", 9)]
    assert places(source + "kept = [step().item() for _ in range(4)]\n") == []
    assert places(source + "a = step()\nb = step()\nc = step()\n") == []


RIGHT = {
    "numbers added up": ("total = 0", "total += loss.item()"),
    "detached": ("kept = []", "kept.append(loss.detach())"),
    "the last one kept": ("last = None", "last = loss"),
    "printed": ("pass", "print(loss)"),
}


@pytest.mark.parametrize(("before", "after"), RIGHT.values(), ids=RIGHT)
def test_numbers_and_the_last_loss_may_be_kept(before: str, after: str) -> None:
    assert places(LOOP.format(before, after)) == []


def test_a_total_that_is_the_root_itself_is_right() -> None:
    source = "for _ in range(3):\n    total = 0\n    w.grad = None\n    for i in range(3):\n        total = total + (w * i).sum()\n"
    assert places(W + source + "    total.backward()\n") == []


STATE = (
    W
    + "h = torch.ones(2)\nfor _ in range(3):\n    w.grad = None\n    h = torch.tanh(w * {})\n    h.sum().backward({})\n"
)


def test_rounds_chained_by_a_state_and_retain_graph() -> None:
    (finding,) = found(STATE.format("h", "retain_graph=True"))
    assert (finding.kind, finding.line, finding.name) == ("graph-retained", 7, "h")
    assert places(STATE.format("h.detach()", "retain_graph=True")) == []
    assert places(STATE.format("h.detach()", "")) == []


def test_derivatives_of_derivatives_are_no_chain_by_mistake() -> None:
    source = "y = w[0] ** 5\nfor _ in range(4):\n    y, = torch.autograd.grad(y.sum(), w, create_graph=True)\n"
    assert places(W + source) == []
