"""The table of local rules: from an autograd node's name to what it does with the gradient that arrives."""

from __future__ import annotations

import re

from engine.explain.rules.families import (
    activations,
    arithmetic,
    engine_nodes,
    functions,
    layers,
    linear,
    losses,
    reductions,
    views,
)
from engine.explain.rules.rule import Formula, Rule
from engine.text.language import N_

__all__ = ["RULES", "Formula", "Rule", "rule_for"]

RULES: dict[str, Rule] = {
    name: rule
    for family in (arithmetic, functions, activations, reductions, linear, views, layers, losses, engine_nodes)
    for name, rule in family.RULES.items()
}

_CUSTOM = N_("This is a torch.autograd.Function of the program: its own backward() calculates the gradients.")
_COMPILED = N_("A compiled piece of the program: its backward runs as one block.")
_UNKNOWN = N_("PyTorch's own rule for this operation turns what arrives into the inputs' gradients.")

_BUILT_IN = re.compile(r"^(?P<operation>\w+?)Backward(?:AutogradNestedTensor)?\d+$")


def rule_for(node_name: str) -> Rule:
    """The rule for a node named as its type or by ``Node.name()``. Never raises: an unknown node gets an honest
    general sentence and its own name as the word, without formulas."""
    name = node_name.rpartition("::")[2]
    known = RULES.get(name)
    if known is not None:
        return known
    if name.startswith("CompiledFunction"):
        return Rule(N_("compiled function"), _COMPILED)
    built_in = _BUILT_IN.match(name)
    if built_in is not None:
        return Rule(_operation(built_in["operation"]), _UNKNOWN)
    if name.endswith("Backward"):
        return Rule(name.removesuffix("Backward") or name, _CUSTOM)
    return Rule(name, _UNKNOWN)


def _operation(camel_case: str) -> str:
    """``LinalgLuFactor`` as the torch name it comes from: ``linalg_lu_factor``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", camel_case).lower()
