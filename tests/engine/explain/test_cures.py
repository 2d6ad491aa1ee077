"""Cures speak of the program's own names and lines."""

from __future__ import annotations

import re

import pytest

from engine.contract.trace import Trace
from engine.explain.errors.explain_error import explain
from engine.explain.errors.stack import own_frames
from engine.program.lesson import lessons
from engine.referee.findings import findings
from tests.engine.recording.runs import trace_of
from tests.lessons.running import traced

HEAD = "import torch\nw = torch.ones(3, requires_grad=True)\n"
USED = HEAD + "h = w.exp()\n{change}\nh.sum().backward()\n"


def cures(trace: Trace) -> list[str]:
    """What is told to do about the failure, and about each finding."""
    explanation = explain(trace)
    found = [] if explanation is None else [explanation.text(str)[1]]
    return found + [finding.explanation.text(str)[1] for finding in findings(trace)]


@pytest.mark.parametrize(
    ("program", "cure"),
    [
        (USED.format(change="h.mul_(2)"), "`h = h.mul(2)` in place of `h.mul_(2)` on line 4"),
        (USED.format(change="h += 1"), "`h = h + 1` in place of `h += 1` on line 4"),
        (USED.format(change="h.zero_()"), "`h = torch.zeros_like(h)` in place of `h.zero_()`"),
        (USED.format(change="h[0] = 1"), "Let line 4 change a copy, `h.clone()`"),
        (USED.format(change="a = h.detach().numpy(); a[0] = 7"), "Copy before line 4 writes: `h.detach().clone()"),
        (HEAD + "(w - w).sqrt().sum().backward()", "`(w - w).clamp(min=1e-12)`"),
        (HEAD + "d = torch.zeros(3)\n(w / d).sum().backward()", "`d.clamp(min=1e-12)`"),
        (HEAD + "n = torch.arange(3)\nn.mean()", "`n.float().mean()`"),
        (HEAD + "k = torch.ones(4, 3)\ntorch.ones(2, 3) @ k", "transpose it, `k.T`"),
        (HEAD + "q = w * 2\ntorch.optim.SGD([q], 0.1)", "`q = (...).requires_grad_()`"),
        (HEAD + "if w > 0: pass", "such as `w.sum()`"),
    ],
)
def test_a_cure_is_in_the_programs_words(program: str, cure: str) -> None:
    assert any(cure in told for told in cures(trace_of(program))), cures(trace_of(program))


@pytest.mark.parametrize("slug", [lesson.slug for lesson in lessons() if not lesson.is_training])
def test_no_cure_names_a_variable_that_is_not_there(slug: str) -> None:
    trace = traced(slug)
    words = set(re.findall(r"\w+", trace.program.source))
    code = [part for cure in cures(trace) for part in re.findall(r"`([^`]*)`", cure)]
    single_letters = {name for part in code for name in re.findall(r"(?<![\w.])[a-z](?!\w)", part)}
    assert single_letters <= words


HELPERS = """import torch
def score(s):
    return (s * torch.ones(5)).sum()
def loss_of(model, data):
    return score(model @ data)
w = torch.ones(3, 4, requires_grad=True)
loss = loss_of(w, torch.ones(4, 2))
"""


def test_the_way_to_an_error_is_told_by_the_programs_own_frames() -> None:
    frames = own_frames(trace_of(HELPERS))
    assert [(frame.line, frame.function) for frame in frames] == [(7, "<module>"), (5, "loss_of"), (3, "score")]
    assert frames[1].text == "return score(model @ data)"


def test_both_operands_of_a_failing_operation_are_named() -> None:
    explanation = explain(trace_of(HELPERS))
    assert explanation is not None
    assert "On this line: `s` (3, 2), `ones(5)` (5,)." in explanation.text(str)[0]


def test_a_deep_recursion_has_a_bounded_stack_and_words_that_look_like_frames_are_none() -> None:
    deep = "def f(n):\n    return 1 / 0 if n == 0 else g(n)\ndef g(n):\n    return f(n - 1)\nf(40)\n"
    assert len(own_frames(trace_of(deep))) == 12
    liar = "raise ValueError('x\\n  File \"program.py\", line 1, in liar')\n"
    assert [frame.function for frame in own_frames(trace_of(liar))] == ["<module>"]
    assert own_frames(trace_of("x = 1")) == ()
