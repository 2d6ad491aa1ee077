"""Names as a learner knows them: variables, operations in words first, expressions instead of ids."""

from __future__ import annotations

from engine.contract.trace import CallRecord, NodeRecord, Trace
from engine.explain.rules.table import rule_for
from engine.reading.naming import LONGEST_NAME, LONGEST_TOLD, Unnamed, call_expression, elided, tensor_expression
from engine.text.language import Translate
from graphviz_tools.value_table import shape_text

__all__ = [
    "LONGEST_NAME",
    "LONGEST_TOLD",
    "call_text",
    "elided",
    "node_word",
    "scope_text",
    "tensor_label",
    "tensor_text",
]

MAX_SCOPE = 32  # names in the path of a module


def tensor_label(trace: Trace, tensor: int, _: Translate, longest: int = LONGEST_NAME) -> str:
    """As :func:`tensor_text`, short enough for a box."""
    return elided(tensor_text(trace, tensor, _), longest)


def node_word(node: NodeRecord, _: Translate) -> str:
    """What the node does, in a word: "multiply"."""
    return _(rule_for(node.name).word)


def scope_text(scope: tuple[str, ...]) -> str:
    return elided(".".join(elided(name, LONGEST_TOLD) for name in scope[:MAX_SCOPE]), LONGEST_TOLD)


def tensor_text(trace: Trace, tensor: int, _: Translate) -> str:
    """The variable's name, or the expression that made the tensor: "b * b"; without either "unnamed (2, 3)"."""
    return tensor_expression(trace, tensor, _unnamed(_))


def call_text(trace: Trace, call: CallRecord, _: Translate) -> str:
    """A call as a program would write it: "x * y", "z.sum()", "mean(b * b)", "b_ += 1"."""
    return call_expression(trace, call, _unnamed(_))


def _unnamed(_: Translate) -> Unnamed:
    return lambda record: _("unnamed {shape}").format(shape=shape_text(record.shape, _))
