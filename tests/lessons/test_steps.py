"""Every step of every lesson, and of programs with a bit of everything, has a sentence, and tensors have names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.contract.trace import Trace
from engine.program.lesson import lessons
from engine.reading.index import index_of
from engine.text.language import N_
from graphviz_tools.payload import RuleBlock, ShownStep, TextBlock, ValuesBlock
from graphviz_tools.picture import diagram_of
from graphviz_tools.story.context import Stage
from graphviz_tools.story.steps import shown_steps
from graphviz_tools.value_table import ValueTable
from tests.engine.recording.runs import trace_of
from tests.lessons.running import traced

PLAIN = """
import torch
a = torch.tensor([1., 2.])
b = torch.ones(2)
c = a + b
c.zero_()
d = c.view(2, 1)
e = d.T.sum().item()
f = torch.from_numpy(c.numpy())
f[0] = 7
print(f.tolist(), f.to("cpu"))
h = torch.stack([a, b]).max(dim=0)
a.data = b
"""
FROZEN = """
import torch
net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(8, 3))
for p in net[0].parameters():
    p.requires_grad_(False)
opt = torch.optim.Adam(net.parameters(), lr=0.1)
batch = {"x": torch.ones(2, 1, 4, 4), "y": torch.tensor([0, 1])}
loss = torch.nn.functional.cross_entropy(net(batch["x"] * 2), batch["y"])
opt.zero_grad()
loss.backward()
print(net[2].weight.grad[0, 0].item(), loss.item(), loss.argmax())
torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
opt.step()
opt.zero_grad()
opt.step()
x = torch.ones(2, requires_grad=True)
y = x * 2
y.backward(gradient=torch.ones(2))
with torch.no_grad():
    x -= 0.1 * x.grad
x.grad.zero_()
x.grad = None
"""


def shown(trace: Trace) -> tuple[ShownStep, ...]:
    index = index_of(trace)
    return shown_steps(Stage(index, diagram_of(index, N_, "combined"), ValueTable(N_), N_), {})


def texts(step: ShownStep) -> Iterator[str]:
    yield step.headline
    for block in step.blocks:
        if isinstance(block, ValuesBlock):
            yield from (row.label for row in block.rows)
        else:
            yield block.text if isinstance(block, TextBlock) else ""


def faults(trace: Trace) -> list[str]:
    """Steps without a sentence, and texts with a tensor that is called unnamed."""
    steps = shown(trace)
    bare = [s.headline for s in steps if not any(isinstance(b, (TextBlock, RuleBlock)) for b in s.blocks)]
    return bare + [text for step in steps for text in texts(step) if "unnamed" in text]


@pytest.mark.parametrize("slug", [lesson.slug for lesson in lessons()])
def test_every_step_of_a_lesson_has_a_sentence_and_names(slug: str) -> None:
    assert faults(traced(slug)) == []


@pytest.mark.parametrize("source", [PLAIN, FROZEN])
def test_every_step_of_an_odd_program_has_a_sentence_and_names(source: str) -> None:
    assert faults(trace_of(source)) == []


def sentences(source: str) -> dict[str, str]:
    """Headline -> the first sentence, of a program's steps."""
    found: dict[str, str] = {}
    for step in shown(trace_of(source)):
        found.setdefault(step.headline, next((b.text for b in step.blocks if isinstance(b, TextBlock)), ""))
    return found


def test_plain_operations_say_what_they_did_and_why_no_node_is_added() -> None:
    said = sentences(PLAIN)
    assert said["b = ones(2)"].startswith("A new tensor. It does not require grad")
    assert said["c = a + b"] == "None of a, b requires grad: PyTorch calculates the numbers and adds no node."
    assert said["c.zero_()"] == "c gets new numbers in its own memory. No node is added."
    assert said["d = c.view(2, 1)"].startswith("The result is a view: the same memory as c")
    assert said["d.T.sum().item()"].startswith("The numbers of d.T.sum() are read. It is in no graph")
    assert said["c.numpy()"].startswith("NumPy sees the memory of c")
    assert said["f.to('cpu')"].startswith("There was nothing to do")
    assert said["a.data = b"].startswith("a is given other numbers past the graph")


def test_what_happens_around_a_graph_says_so() -> None:
    said = sentences(FROZEN)
    assert said["net.0.weight.requires_grad_(False)"].startswith("net.0.weight is frozen")
    conv = next(text for headline, text in said.items() if headline.startswith("conv2d("))
    assert conv.startswith('None of batch["x"] * 2, net.0.weight, net.0.bias requires grad')
    assert said["loss.item()"] == "Only the numbers are read here: no gradient can come back through them."
    assert said["net.2.weight.grad[0, 0].item()"].startswith("The numbers of net.2.weight.grad[0, 0] are read.")
    assert said["loss.argmax()"].startswith("The result is of dtype int64.")
    assert said["Adam.step()"].startswith("The optimizer changes 2 of its parameters in place")
    assert said["net.2.weight.grad = None"].startswith("The old gradient is gone")
    assert said["y.backward(gradient=torch.ones(2))"].startswith("Backward starts with the gradient that the program")
    assert said["x -= x.grad * 0.1"].startswith("Gradients are switched off here")
    assert said["x.grad.zero_()"].startswith("A gradient itself is changed")


def test_who_shares_bytes_is_told_of_those_that_are_there_already() -> None:
    steps = {step.headline: step for step in shown(trace_of(PLAIN))}
    told = [block.text for block in steps["c.zero_()"].blocks if isinstance(block, TextBlock)]
    assert told[-1] == "c was written to in place: version 0 → 1."
