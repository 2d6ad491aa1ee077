"""What a recording holds, against what PyTorch computed."""

from __future__ import annotations

import pytest
import torch

from engine.contract.trace import (
    AccumulatedStep,
    CalledStep,
    Edge,
    FailedStep,
    GradSetStep,
    Limits,
    NodeRanStep,
    RunEndedStep,
    RunStartedStep,
    Trace,
    Value,
)
from tests.engine.recording.runs import trace_of

C1 = """import torch
x = torch.tensor([2., 3.], requires_grad=True)
y = torch.tensor([4., 5.], requires_grad=True)
z = x * y
loss = z.sum()
loss.backward()
"""


def items(value: Value | None) -> tuple | None:
    return None if value is None else value.items


def ran(trace: Trace, run: int = 0) -> list[tuple[str, list, list]]:
    """(node name, grad_outputs, grad_inputs) of a run, in the engine's order."""
    return [
        (trace.nodes[s.node].name, [items(v) for v in s.grad_outputs], [items(v) for v in s.grad_inputs])
        for s in trace.steps
        if isinstance(s, NodeRanStep) and s.run == run
    ]


def named(trace: Trace, name: str) -> int:
    """Id of the first tensor with this name."""
    return next(i for i, tensor in enumerate(trace.tensors) if tensor.name == name)


def test_the_smallest_graph_is_recorded_whole() -> None:
    trace = trace_of(C1)
    assert [type(s) for s in trace.steps] == [
        CalledStep,
        CalledStep,
        CalledStep,
        CalledStep,
        RunStartedStep,
        NodeRanStep,
        NodeRanStep,
        NodeRanStep,
        AccumulatedStep,
        NodeRanStep,
        AccumulatedStep,
        RunEndedStep,
    ]
    assert ran(trace) == [
        ("SumBackward0", [(1.0,)], [(1.0, 1.0)]),
        ("MulBackward0", [(1.0, 1.0)], [(4.0, 5.0), (2.0, 3.0)]),
        ("AccumulateGrad", [(4.0, 5.0)], []),
        ("AccumulateGrad", [(2.0, 3.0)], []),
    ]
    assert [t.name for t in trace.tensors] == ["x", "y", "z", "loss"]
    assert [(c.name, c.line) for c in trace.calls] == [("tensor", 2), ("tensor", 3), ("mul", 4), ("sum", 5)]
    mul = next(n for n in trace.nodes if n.name == "MulBackward0")
    assert mul.line == 4
    assert [(s.role, s.tensor, s.version) for s in mul.saved] == [("other", 1, 0), ("self", 0, 0)]
    assert [(leaf.name, items(leaf.grad)) for leaf in trace.leaves] == [("x", (4.0, 5.0)), ("y", (2.0, 3.0))]


def test_both_edges_of_x_times_x_are_kept() -> None:
    trace = trace_of("import torch\nx = torch.tensor(3., requires_grad=True)\n(x * x).backward()\n")
    mul = next(n for n in trace.nodes if n.name == "MulBackward0")
    assert mul.next_functions == (Edge(0, 0), Edge(0, 0))
    assert ran(trace)[0] == ("MulBackward0", [(1.0,)], [(3.0,), (3.0,)])
    assert ran(trace)[1] == ("AccumulateGrad", [(6.0,)], [])


D5 = """import torch
a = torch.tensor([7., 0, 0], requires_grad=True)
b = a + 2
loss = (b * b).mean()
b_ = b.{how}
b_.zero_()
loss.backward()
"""


def test_detach_shares_the_version_counter_and_the_failing_node_is_named() -> None:
    trace = trace_of(D5.format(how="detach()"))
    assert trace.ending == "error" and trace.failure is not None
    assert (trace.failure.phase, trace.failure.line) == ("backward", 7)
    assert trace.failure.node is not None and trace.nodes[trace.failure.node].name == "MulBackward0"
    assert items(trace.failure.grad_outputs[0]) == (1 / 3,) * 3 or len(items(trace.failure.grad_outputs[0]) or ()) == 3
    zero = next(c for c in trace.calls if c.name == "zero_")
    assert [(w.version_before, w.version_after) for w in zero.in_place] == [(0, 1)]
    b, b_ = trace.tensors[named(trace, "b")], trace.tensors[named(trace, "b_")]
    assert b.storage == b_.storage and b_.cut == "detach" and b_.cut_from == named(trace, "b")
    assert isinstance(trace.steps[-1], FailedStep)
    ended = trace.steps[-2]
    assert isinstance(ended, RunEndedStep) and not ended.completed and ended.failed_node == trace.failure.node


def test_data_has_a_version_counter_of_its_own_and_the_gradient_is_silently_zero() -> None:
    trace = trace_of(D5.format(how="data"))
    assert trace.ending == "ok"
    assert items(trace.leaves[0].grad) == (0.0, 0.0, 0.0)
    b, b_ = trace.tensors[named(trace, "b")], trace.tensors[named(trace, "b_")]
    assert b.storage == b_.storage and b_.cut == "data"


def test_accumulation_shows_the_gradient_before_and_after() -> None:
    source = (
        "import torch\nx = torch.ones(2, requires_grad=True)\n"
        "for _ in range(2): (x * 3).sum().backward()\nx.grad = None\n"
    )
    trace = trace_of(source)
    steps = [s for s in trace.steps if isinstance(s, AccumulatedStep)]
    assert [(items(s.before), items(s.after)) for s in steps] == [(None, (3.0, 3.0)), ((3.0, 3.0), (6.0, 6.0))]
    cleared = [s for s in trace.steps if isinstance(s, GradSetStep)]
    assert [(items(s.before), items(s.after), s.line) for s in cleared] == [((6.0, 6.0), None, 4)]


def test_retain_grad_keeps_the_gradient_of_a_non_leaf() -> None:
    source = (
        "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\ny.retain_grad()\n(y * y).sum().backward()\n"
    )
    trace = trace_of(source)
    kept = next(s for s in trace.steps if isinstance(s, AccumulatedStep) and s.node is None)
    assert (kept.tensor, items(kept.after)) == (named(trace, "y"), (4.0, 4.0))


def test_autograd_grad_returns_and_accumulates_nothing() -> None:
    source = "import torch\nx = torch.tensor(3., requires_grad=True)\ng, = torch.autograd.grad(x ** 2, x)\n"
    trace = trace_of(source)
    assert trace.runs[0].kind == "grad" and trace.runs[0].inputs == (0,)
    ended = trace.steps[-1]
    assert isinstance(ended, RunEndedStep) and items(ended.returned[0]) == (6.0,)
    assert not [s for s in trace.steps if isinstance(s, AccumulatedStep)]


def test_double_backward_records_the_nodes_that_backward_made() -> None:
    source = (
        "import torch\nx = torch.tensor(2., requires_grad=True)\ny = x ** 3\n"
        "g, = torch.autograd.grad(y, x, create_graph=True)\ng.backward()\n"
    )
    trace = trace_of(source)
    assert len(trace.runs) == 2 and trace.runs[0].create_graph
    assert items(trace.leaves[0].grad) == (12.0,)


CUSTOM = """import torch
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return a * a
    @staticmethod
    def backward(ctx, g):
        (a,) = ctx.saved_tensors
        return 2 * a * g
x = torch.tensor([3.], requires_grad=True)
y = Square.apply(x)
y.sum().backward()
"""


def test_a_custom_function_is_named_after_its_class_and_placed_on_its_apply_line() -> None:
    trace = trace_of(CUSTOM)
    node = next(n for n in trace.nodes if n.is_custom)
    assert (node.name, node.line) == ("SquareBackward", 12)
    assert [(s.role, s.tensor) for s in node.saved] == [("saved_0", named(trace, "x"))]
    assert "Square" in [c.name for c in trace.calls]
    assert [(c.name, c.line) for c in trace.calls if c.line == 10] == [("mul", 10), ("mul", 10)]


def test_lists_of_modules_are_levels_of_a_scope_although_nobody_calls_them() -> None:
    source = (
        "import torch\nfrom torch import nn\n"
        "class Block(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.attn = nn.Linear(2, 2)\n"
        "        self.tools = nn.ModuleDict({'act': nn.ReLU()})\n"
        "    def forward(self, x):\n        return self.tools['act'](self.attn(x))\n"
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.blocks = nn.ModuleList([Block(), Block()])\n        self.borrowed = [self.blocks[0].attn]\n"
        "    def forward(self, x):\n        for block in self.blocks:\n            x = block(x)\n        return x\n"
        "model = Net()\nmodel(torch.ones(1, 2)).sum().backward()\n"
    )
    scopes = {c.scope for c in trace_of(source).calls if c.scope}
    assert scopes == {("model", "blocks", str(n), *inner) for n in (0, 1) for inner in (("attn",), ("tools", "act"))}


def test_a_module_that_belongs_elsewhere_is_a_level_by_its_own_name() -> None:
    source = (
        "import torch\nfrom torch import nn\n"
        "class Head(nn.Module):\n    def __init__(self, tied):\n        super().__init__()\n        self.tied = [tied]\n"
        "    def forward(self, x):\n        return self.tied[0](x)\n"
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.parts = nn.ModuleList([nn.Linear(2, 2)])\n        self.head = Head(self.parts[0])\n"
        "    def forward(self, x):\n        return self.head(x)\n"
        "model = Net()\nmodel(torch.ones(1, 2)).sum().backward()\n"
    )
    assert {c.scope for c in trace_of(source).calls if c.scope} == {("model", "head", "0")}


def test_modules_give_scopes_and_parameter_paths() -> None:
    source = (
        "import torch\nmodel = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1))\n"
        "opt = torch.optim.SGD(model.parameters(), lr=1.)\nx = torch.ones(2, 3)\n"
        "model(x).sum().backward()\nopt.step()\n"
    )
    trace = trace_of(source)
    linear = next(c for c in trace.calls if c.name == "linear")
    assert linear.scope == ("model", "0")
    names = [trace.tensors[a.tensor].name for a in linear.inputs if a.tensor is not None]
    assert names == ["x", "model.0.weight", "model.0.bias"]
    step = next(c for c in trace.calls if c.name == "SGD.step")
    assert step.line == 6 and len(step.in_place) == 2
    assert [leaf.name for leaf in trace.leaves] == ["model.0.weight", "model.0.bias"]


def test_a_no_grad_block_is_seen_on_its_calls() -> None:
    source = (
        "import torch\nx = torch.tensor(1., requires_grad=True)\ny1 = x ** 2\n"
        "with torch.no_grad():\n    y2 = x ** 3\ny3 = y1 + y2\ny3.backward()\n"
    )
    trace = trace_of(source)
    assert [c.grad_enabled for c in trace.calls if c.name == "pow"] == [True, False]
    assert items(trace.leaves[0].grad) == (2.0,)


@pytest.mark.slow
def test_a_chain_of_5000_nodes_records_without_recursion() -> None:
    source = (
        "import torch\nx = torch.ones(1, requires_grad=True)\ny = x\nfor _ in range(5000): y = y + 1\ny.backward()\n"
    )
    trace = trace_of(source)
    assert len(trace.nodes) == 5001
    assert items(trace.leaves[0].grad) == (1.0,)


def test_limits_are_kept_and_said() -> None:
    source = "import torch\nx = torch.ones(1, requires_grad=True)\nfor _ in range(50): y = x * 2\nprint('end')\n"
    trace = trace_of(source, Limits(calls=10))
    assert len(trace.calls) == 10
    assert [(o.what, o.limit) for o in trace.omissions] == [("calls", 10)]
    assert trace.ending == "ok"


def test_values_that_no_number_can_show_are_words() -> None:
    source = "import torch\nx = torch.tensor([0., -1., 1e38], requires_grad=True)\n(x.sqrt() * 1e30).sum().backward()\n"
    trace = trace_of(source)
    assert items(trace.leaves[0].grad)[:2] == ("inf", "nan")  # type: ignore[index]


def test_large_tensors_keep_corners_and_statistics() -> None:
    trace = trace_of("import torch\nx = torch.arange(10_000.).reshape(100, 100)\ny = x * 1\n")
    value = trace.calls[1].outputs[0].value
    assert value is not None and not value.is_whole and len(value.items) == 36
    assert value.kept == ((0, 1, 2, 97, 98, 99),) * 2
    assert value.items[:4] == (0.0, 1.0, 2.0, 97.0)
    assert value.stats is not None
    assert (value.stats.min, value.stats.max, value.stats.n_zeros) == (0.0, 9999.0, 1)
    assert value.stats.mean == 4999.5
    assert abs(float(value.stats.norm or 0) - float(torch.arange(10_000.0).norm())) < 1


def test_odd_tensors_give_a_preview_or_a_reason() -> None:
    source = """import torch
a = torch.zeros(0, 3, requires_grad=True)
b = torch.tensor(5)
c = torch.tensor([1 + 2j], requires_grad=True)
d = torch.tensor([True, False])
e = torch.eye(2).to_sparse()
f = torch.empty(3, device="meta")
"""
    trace = trace_of(source)
    values = {name: trace.calls[i].outputs[0].value for i, name in enumerate("abcd")}
    assert (values["a"].shape, values["a"].items) == ((0, 3), ())  # type: ignore[union-attr]
    assert values["b"].items == (5,)  # type: ignore[union-attr]
    assert (values["c"].items[0].re, values["c"].items[0].im) == (1.0, 2.0)  # type: ignore[union-attr]
    assert values["d"].items == (True, False)  # type: ignore[union-attr]
    sparse = next(c for c in trace.calls if c.name == "to_sparse").outputs[0].value
    assert sparse is not None and sparse.items == (1.0, 0.0, 0.0, 1.0)
    meta = next(c for c in trace.calls if c.name == "empty").outputs[0].value
    assert meta is not None and meta.items == () and "meta" in (meta.unavailable or "")


def test_a_nested_run_inside_backward_is_recorded_inside_it() -> None:
    source = """import torch
from torch.utils.checkpoint import checkpoint
x = torch.ones(2, requires_grad=True)
y = checkpoint(lambda a: (a * 2).exp(), x, use_reentrant=True)
y.sum().backward()
"""
    trace = trace_of(source)
    assert trace.ending == "ok", trace.failure
    assert [run.parent for run in trace.runs] == [None, 0]
    assert trace.leaves[0].grad is not None
    assert [round(float(v), 4) for v in trace.leaves[0].grad.items] == [14.7781, 14.7781]  # type: ignore[arg-type]


def test_a_leaf_of_a_run_and_of_the_run_inside_it_is_told_what_was_written_each_time() -> None:
    source = """import torch
from torch.utils.checkpoint import checkpoint
w = torch.ones(2, requires_grad=True)
x = torch.ones(2, requires_grad=True)
y = checkpoint(lambda a: a * w * 3, x, use_reentrant=True)
(y * w).sum().backward()
"""
    trace = trace_of(source)
    numbers = [
        [None if value is None else value.items[0] for value in (step.before, step.after)]
        for step in trace.steps
        if isinstance(step, AccumulatedStep) and trace.tensors[step.tensor].name == "w"
    ]
    assert all(after is not None and after != before for before, after in numbers)
    assert [after for _, after in numbers][-1] == 6.0 == trace.leaves[0].grad.items[0]  # type: ignore[union-attr]


def test_a_tensor_that_cannot_be_read_is_said_and_the_program_goes_on() -> None:
    source = """import torch
x = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], requires_grad=True)
y = (x * 2).to_padded_tensor(0.).sum()
y.backward()
print("end")
"""
    trace = trace_of(source)
    assert trace.ending == "ok"
    assert trace.omissions == ()
    reasons = [state.value.unavailable for call in trace.calls for state in call.outputs if state.value is not None]
    assert "nested tensor: a list of tensors of several shapes" in reasons


def test_parameters_met_before_their_module_ran_get_their_paths_and_loop_variables_rename_none() -> None:
    source = """import torch
from torch import nn
model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)).to("cpu")
nn.init.constant_(model[0].weight, 0.5)
model(torch.ones(1, 2)).sum().backward()
for p in model.parameters():
    p.grad.mul_(1)
"""
    trace = trace_of(source)
    paths = ["model.0.weight", "model.0.bias", "model.1.weight", "model.1.bias"]
    leaves = [trace.tensors[node.variable].name for node in trace.nodes if node.variable is not None]
    assert sorted(map(str, leaves)) == sorted(paths)
    assert [leaf.name for leaf in trace.leaves] == paths


def test_a_tensor_bound_before_a_module_that_holds_it_keeps_its_own_name() -> None:
    source = """import torch
w = torch.nn.Parameter(torch.ones(2))
model = torch.nn.ParameterList([w])
(model[0] * 2).sum().backward()
"""
    assert [leaf.name for leaf in trace_of(source).leaves] == ["w"]


def test_a_loop_without_a_graph_is_recorded_a_hundred_times_and_a_graph_after_it_whole() -> None:
    source = """import torch
total = torch.zeros(2)
for i in range(150):
    total = total + 1
x = torch.ones(2, requires_grad=True)
for i in range(120):
    y = x * total
y.sum().backward()
"""
    trace = trace_of(source)
    assert [(o.what, o.limit, o.line) for o in trace.omissions] == [("rounds", 100, 4)]
    assert sum(call.line == 4 for call in trace.calls) == 100
    assert sum(call.line == 7 for call in trace.calls) == 120
    assert [(leaf.name, items(leaf.grad)) for leaf in trace.leaves] == [("x", (150.0, 150.0))]


def test_a_call_that_makes_the_first_node_is_recorded_however_often_its_line_ran() -> None:
    source = """import torch
w = torch.ones(2)
for i in range(200):
    if i == 150:
        w.requires_grad_()
    y = w * 2
y.sum().backward()
"""
    trace = trace_of(source)
    assert sum(call.name == "mul" for call in trace.calls) == 100 + 50
    assert [node.name for node in trace.nodes if node.call is not None].count("MulBackward0") == 50
    assert [(leaf.name, items(leaf.grad)) for leaf in trace.leaves] == [("w", (2.0, 2.0))]
