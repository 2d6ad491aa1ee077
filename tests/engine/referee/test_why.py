"""One exact reason for a gradient that is None, zero or not finite, for any tensor of a program."""

from __future__ import annotations

import pytest

from engine.contract.trace import AccumulatedStep, Trace
from engine.referee.why import Reason, why
from tests.engine.recording.runs import trace_of
from tests.engine.referee.judged import W


def reason(source: str, name: str = "w", step: int | None = None) -> Reason | None:
    trace = trace_of(W + source)
    return why(trace, tensor(trace, name), step)


def tensor(trace: Trace, name: str) -> int:
    return next(i for i, record in enumerate(trace.tensors) if record.name == name)


NONE = {
    "no_backward": ("y = w * 2\n", "w", 3),
    "backward_failed": ("y = w * 2\ntry:\n    y.backward()\nexcept RuntimeError:\n    pass\n", "w", 6),
    "grad_only": ("torch.autograd.grad(w.sum(), w)\n", "w", 4),
    "not_an_input": ("v = torch.ones(2, requires_grad=True)\n(w * v).sum().backward(inputs=[v])\n", "w", 5),
    "cleared": ("w.sum().backward()\nw.grad = None\n", "w", 5),
    "not_leaf": ("y = w * 2\ny.sum().backward()\n", "y", 4),
    "not_required": ("c = torch.ones(2)\n(w * c).sum().backward()\n", "c", 4),
    "frozen": ("v = torch.ones(2, requires_grad=True)\nv.requires_grad_(False)\n(w * v).sum().backward()\n", "v", 5),
}


@pytest.mark.parametrize("code", NONE)
def test_a_grad_that_is_none(code: str) -> None:
    source, name, line = NONE[code]
    found = reason(source, name)
    assert found is not None
    assert (found.code, found.line) == (code, line)
    assert f"`{name}.grad` is None" in found.explanation.text(lambda text: text)[0]


def test_a_leaf_behind_a_cut_points_at_the_cut() -> None:
    found = reason("v = torch.ones(2, requires_grad=True)\ny = (v * 2).detach()\n(w * y).sum().backward()\n", "v")
    assert found is not None
    assert (found.code, found.line) == ("not_reached", 5)
    assert "`detach()` on line 5" in found.explanation.text(lambda text: text)[0]


ZERO = {
    "zero_relu": "(-w).relu().sum().backward()\n",
    "zero_factor": "(w * torch.zeros(2)).sum().backward()\n",
    "zero_clamped": "(w * 5).clamp(max=1).sum().backward()\n",
    "zero_not_chosen": "torch.stack([w.sum(), torch.tensor(9.)]).max().backward()\n",
    "zero_masked": "torch.where(w > 5, w, 1.).sum().backward()\n",
    "zero_flat": "(w * 1.2).round().sum().backward()\n",
    "zero_saturated": "(w * 1000).sigmoid().sum().backward()\n",
    "zero_at_zero": "((w - w.detach()) ** 2).sum().backward()\n",
    "zero_cancelled": "(w - w).sum().backward()\n",
    "zero_given": "(w * 2).backward(torch.zeros(2))\n",
    "cleared_to_zero": "w.sum().backward()\nw.grad.zero_()\n",
}


@pytest.mark.parametrize("code", ZERO)
def test_a_grad_that_is_zero(code: str) -> None:
    found = reason(ZERO[code])
    assert found is not None
    assert found.code == code


def test_a_dead_relu_points_at_its_node_although_others_follow() -> None:
    trace = trace_of(W + "h = (-w).relu()\ny = h * 3\nloss = y.sum()\nloss.backward()\n")
    found = why(trace, tensor(trace, "w"))
    assert found is not None and found.node is not None
    assert (trace.nodes[found.node].name, found.line) == ("ReluBackward0", 4)


def test_a_grad_that_is_not_finite_has_the_reason_of_the_finding() -> None:
    found = reason("v = (w * 0).sqrt()\nv.sum().backward()\n")
    assert found is not None
    assert (found.code, found.line) == ("not_finite", 4)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("(w ** 2).sum().backward()\n", "w"),
        ("y = w * 2\ny.retain_grad()\ny.sum().backward()\n", "y"),
        ("(w * torch.tensor([1., 0.])).sum().backward()\n", "w"),
    ],
)
def test_an_ordinary_gradient_needs_no_reason(source: str, name: str) -> None:
    assert reason(source, name) is None


def test_the_reason_is_that_of_the_step_asked_for() -> None:
    source = "loss = (w ** 2).sum()\nloss.backward()\nw.grad = None\n"
    trace = trace_of(W + source)
    written = next(i for i, step in enumerate(trace.steps) if isinstance(step, AccumulatedStep))
    before, after, end = (why(trace, tensor(trace, "w"), step) for step in (2, written + 1, None))
    assert before is not None and before.code == "no_backward"
    assert after is None
    assert end is not None and (end.code, end.line) == ("cleared", 6)
