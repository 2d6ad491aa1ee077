"""Part C: automatic differentiation."""

from __future__ import annotations

import torch

from engine.contract.trace import NodeRanStep
from engine.explain.rules.formula import numbers
from engine.explain.rules.table import rule_for
from engine.program.lesson import lesson
from tests.lessons.running import grad, nodes_run, ran, recorded_grads, traced


def equations(slug: str, node_name: str) -> list[str]:
    """The formulas with numbers at each run of a node of this name."""
    trace = traced(slug)
    found = []
    for step in trace.steps:
        if isinstance(step, NodeRanStep) and trace.nodes[step.node].name == node_name:
            node = trace.nodes[step.node]
            found += [e for _, e in numbers(rule_for(node.name), node, step.grad_outputs, step.grad_inputs, trace)]
    return found


def test_c1_is_the_smallest_graph():
    source = lesson("c1-product").source
    assert source.splitlines()[2:7] == [
        "x = torch.tensor([2., 3.], requires_grad=True)",
        "y = torch.tensor([4., 5.], requires_grad=True)",
        "z = x * y",
        "loss = z.sum()",
        "loss.backward()",
    ]
    assert nodes_run(traced("c1-product")) == ["SumBackward0", "MulBackward0", "AccumulateGrad", "AccumulateGrad"]


def test_c1_gives_each_factor_the_other_one():
    assert grad("c1-product", "x").tolist() == [4, 5]
    assert grad("c1-product", "y").tolist() == [2, 3]
    assert recorded_grads(traced("c1-product")) == {"x": [4, 5], "y": [2, 3]}
    assert equations("c1-product", "MulBackward0") == ["x ← [1, 1] · [4, 5] = [4, 5]", "y ← [1, 1] · [2, 3] = [2, 3]"]


def test_c2_the_slope_of_the_square_at_1_is_2():
    assert grad("c2-square", "x").item() == 2
    assert recorded_grads(traced("c2-square")) == {"x": [2]}
    assert equations("c2-square", "PowBackward0") == ["1 · 2 · 1 = 2"]


def test_c3_backward_from_a_vector_raises_before_any_node_runs():
    assert ran("c3-error").error == "RuntimeError: grad can be implicitly created only for scalar outputs"
    trace = traced("c3-error")
    assert nodes_run(trace) == []
    assert (trace.failure.line, trace.failure.phase) == (5, "backward")


def test_c3_is_cured_by_a_gradient_of_ones_or_by_a_mean():
    assert grad("c3-gradient-ones", "x").tolist() == [2, 4, 6]
    assert torch.allclose(grad("c3-mean", "x"), torch.tensor([2 / 3, 4 / 3, 2.0]))
    assert equations("c3-mean", "MeanBackward0") == ["expand(1) / 3 = [0.3333, 0.3333, 0.3333]"]


def test_c4_backward_is_a_vector_jacobian_product():
    assert torch.allclose(grad("c4-vector-jacobian", "x"), torch.tensor([2.0, 0.4, 0.06]))
    x = torch.tensor([1.0, 2.0, 3.0])
    jacobian = torch.autograd.functional.jacobian(lambda x: x**2, x)
    assert torch.allclose(torch.tensor([1, 0.1, 0.01]) @ jacobian, grad("c4-vector-jacobian", "x"))
    assert torch.allclose(torch.tensor([0, 0, 1.0]) @ jacobian, torch.tensor([0, 0, 6.0]))


def test_c5_detach_shares_the_storage_and_stays_outside_the_graph():
    assert ran("c5-detach").stdout.splitlines()[:2] == ["same storage: True", "d requires grad: False"]
    trace = traced("c5-detach")
    y, d = (next(i for i, one in enumerate(trace.tensors) if one.name == name) for name in "yd")
    assert trace.tensors[d].storage == trace.tensors[y].storage is not None
    assert (trace.tensors[d].cut, trace.tensors[d].cut_from) == ("detach", y)


def test_c5_the_detached_factor_brings_no_gradient():
    assert recorded_grads(traced("c5-detach")) == {"x": [2, 16, 54]}
    assert recorded_grads(traced("c5-tracked")) == {"x": [4, 32, 108]}
    ways = [
        [edge.node is not None for edge in node.next_functions]
        for slug in ("c5-detach", "c5-tracked")
        for node in traced(slug).nodes
        if node.name == "MulBackward0"
    ]
    assert ways == [[True, False], [True, True]]
