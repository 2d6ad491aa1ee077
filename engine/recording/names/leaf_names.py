"""Leaves by the names that the program's module gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch


def named_leaves(
    variables: Mapping[str, Any], of_loops: frozenset[str] = frozenset()
) -> Iterator[tuple[str, torch.Tensor]]:
    """Tensors held by module-level names, then by modules and optimizers held by one, with their paths.

    What a loop's variable still holds comes after the modules: ``p`` is a poor name for a parameter.
    ``isinstance`` would ask an object of the program for its ``__class__``.
    """
    things = [(name, thing) for name, thing in list(variables.items()) if not name.startswith("__")]
    for name, thing in things:
        if issubclass(type(thing), torch.Tensor) and name not in of_loops:
            yield name, thing
    for name, thing in things:
        if issubclass(type(thing), torch.nn.Module):
            yield from ((f"{name}.{path}", parameter) for path, parameter in thing.named_parameters())
    for name, thing in things:
        if issubclass(type(thing), torch.Tensor) and name in of_loops:
            yield name, thing
    for name, thing in things:
        if issubclass(type(thing), torch.optim.Optimizer):
            for g, group in enumerate(thing.param_groups):
                yield from ((f"{name}.param_groups.{g}.{i}", p) for i, p in enumerate(group["params"]))
