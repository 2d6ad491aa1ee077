"""Tensors are called as the program calls them: by variables, paths and the expressions of its lines."""

from __future__ import annotations

import pytest

from engine.contract.trace import Trace
from engine.reading.naming import own_name
from tests.engine.recording.runs import plain, recorded, trace_of

HEAD = "import torch\n"
CLASS = """
class Config: pass
cfg = Config()
cfg.rate = torch.tensor([0.5])
"""
NET = """
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.ModuleList([torch.nn.Linear(2, 2)])
        self.scale = torch.nn.Parameter(torch.ones(1))
net = Net()
"""


def taken(source: str) -> list[str | None]:
    """The names of the tensors that the program's last call took."""
    return names(trace_of(HEAD + source))


def names(trace: Trace) -> list[str | None]:
    return [own_name(trace, a.tensor) for a in trace.calls[-1].inputs if a.tensor is not None]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('batch = {"x": torch.ones(2)}\ny = batch["x"] * 2', 'batch["x"]'),
        ("layers = [torch.ones(2), torch.zeros(2)]\nfor i in range(2):\n    layers[i].sum()", "layers[1]"),
        ("pair = (torch.ones(2), torch.zeros(2))\npair[-1].sum()", "pair[-1]"),
        ('deep = {"a": {"b": [torch.ones(2)]}}\ndeep["a"]["b"][0].sum()', 'deep["a"]["b"][0]'),
        (CLASS + "cfg.rate.sum()", "cfg.rate"),
        (NET + "net.scale.sum()", "net.scale"),
        (NET + "net.hidden[0].weight.sum()", "net.hidden.0.weight"),
        (NET + "def f():\n    own = Net()\n    return own.hidden[0].weight.sum()\nf()", "own.hidden[0].weight"),
        ("ws = [torch.ones(2) for _ in range(9)]\nfor w in ws:\n    last = w.sum()", "w"),
        ("h = {}\nh['t'] = torch.ones(2) * 3\ntorch.ones(1)\nk = list(h)[0]\nh[k].sum()", 'h["t"]'),
        ("x = {\n    'a':\n    torch.ones(2),\n}\ny = (\n    x['a']\n    .sum()\n)", 'x["a"]'),
    ],
)
def test_a_tensor_that_no_variable_holds_is_called_by_the_expression_on_its_line(source: str, name: str) -> None:
    assert taken(source) == [name]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("w = torch.ones(2, requires_grad=True)\nw.sum().backward()\nw.grad.tolist()", "w.grad"),
        (NET + "net.scale.sum().backward()\n(net.scale.grad * 2)", "net.scale.grad"),
        (NET + "net.scale.sum().backward()\nfor p in [net.scale]:\n    p.grad.zero_()", "net.scale.grad"),
        (
            NET + "net.scale.sum().backward()\nopt = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)\nopt.step()\n"
            "opt.state[net.scale]['momentum_buffer'].sum()",
            'opt.state[net.scale]["momentum_buffer"]',
        ),
        ("w = torch.ones(2, requires_grad=True)\nw.sum().backward()\ng = w.grad\ntorch.ones(1)\ng.sum()", "g"),
    ],
)
def test_gradients_and_the_state_of_optimizers_are_called_by_their_owner(source: str, name: str) -> None:
    assert taken(source) == [name]


LOUD = """
import torch
class Loud:
    def __init__(self):
        self.__dict__["w"] = torch.ones(2)
    def __getattribute__(self, name):
        print("asked for", name)
        return object.__getattribute__(self, name)
    def __getattr__(self, name):
        print("missing", name)
        return torch.ones(2)
    @property
    def made(self):
        print("made")
        return torch.ones(2)
class Items(dict):
    def __getitem__(self, key):
        print("item", key)
        return dict.__getitem__(self, key)
class NoDict:
    @property
    def __dict__(self):
        print("dict")
        return {}
loud, items, hidden = Loud(), Items(w=torch.ones(2)), NoDict()
y = loud.w * loud.made + loud.other.sum()
z = items["w"] * 2
n = torch.ones(1)
try:
    hidden.w * 2
except AttributeError:
    pass
y.sum()
"""


def test_names_are_read_without_running_the_program() -> None:
    """The program ends with its objects in place; what is printed after its last line, the test itself asked for."""
    source = LOUD + "print('end')\n"
    (told, _, after), (expected, _, _) = (r.stdout.partition("end\n") for r in (recorded(source)[0], plain(source)))
    assert told == expected
    assert told.count("asked for w") == 1
    assert after == "asked for __class__\n"


def test_arguments_that_torch_passes_on_as_defaults_are_left_out() -> None:
    call = trace_of(HEAD + "x = torch.ones(2)\nx.norm()").calls[-1]
    assert [(a.keyword, a.text) for a in call.inputs] == [(None, None)]
    call = trace_of(HEAD + "x = torch.ones(2)\nx.norm(1, keepdim=True)").calls[-1]
    assert [(a.keyword, a.text) for a in call.inputs[1:]] == [("p", "1"), ("keepdim", "True")]


def test_a_statement_of_very_many_lines_is_followed_line_by_line() -> None:
    source = HEAD + "x = torch.ones(2)\ny = [\n" + "    x.T,\n" * 400 + "]\n"
    assert len(trace_of(source).calls) == 401
