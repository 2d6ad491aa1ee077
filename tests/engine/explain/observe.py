"""One execution of an autograd node by real PyTorch, as the records that a formula is calculated from."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from engine.contract.trace import Edge, Limits, NodeRecord, Saved, Value
from engine.recording import private
from engine.recording.graph.preview import preview

Values = tuple["Value | None", ...]


@dataclass(frozen=True)
class Observed:
    node: NodeRecord
    grad_outputs: Values
    grad_inputs: Values


def observe(result: torch.Tensor, gradient: torch.Tensor) -> Observed:
    """Run backward from ``result`` and record what its own node was given and gave."""
    function = result.grad_fn
    assert function is not None
    node = _node(function)
    seen: list[tuple[Values, Values]] = []
    function.register_hook(lambda grad_inputs, grad_outputs: seen.append((_values(grad_outputs), _values(grad_inputs))))
    result.backward(gradient)
    return Observed(node, *seen[0])


def _node(function: torch.autograd.graph.Node) -> NodeRecord:
    saved, attributes = [], []
    for name in private.saved_names(type(function)):
        content = getattr(function, name)
        role = name.removeprefix("_saved_")
        if isinstance(content, torch.Tensor):
            saved.append(Saved(role, content._version, value=_value(content)))
        elif content is not None:
            attributes.append((role, repr(private.plain(content))))
    edges = tuple(Edge(None if target is None else 0) for target, _ in function.next_functions)
    return NodeRecord(type(function).__name__, next_functions=edges, saved=tuple(saved), attributes=tuple(attributes))


def _values(tensors: tuple[torch.Tensor | None, ...]) -> Values:
    return tuple(None if tensor is None else _value(tensor) for tensor in tensors)


def _value(tensor: torch.Tensor) -> Value:
    with torch.no_grad():
        return preview(tensor.detach(), Limits(), 1000)
