"""What a line calculates with, in the program's own words, for cures that name it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.contract.trace import Argument, CallRecord, Failure, Raised, TensorRecord, Trace
from engine.contract.values import shape_text
from engine.program.source import source_of
from engine.reading.naming import as_receiver, call_expression, called, own_name, tensor_expression
from engine.text.quoting import quoted

MOST_TOLD = 4  # operands of one call
UNKNOWN = "input"  # what PyTorch's own documentation calls it
_OUT_OF_PLACE = {"zero_": "torch.zeros_like({name})", "fill_": "torch.full_like({name}, {value})"}


def operands_of(trace: Trace, inputs: tuple[Argument, ...]) -> list[str]:
    """The tensors among a call's arguments as receivers of a method: ``x``, ``(a - b)``."""
    found = dict.fromkeys(a.tensor for a in inputs if a.tensor is not None)
    return [as_receiver(tensor_expression(trace, tensor, unknown)) for tensor in found]


def operands_of_failure(trace: Trace, failure: Failure) -> list[str]:
    """Those of the call that failed; where that is not known, the tensors named on its line."""
    raised = _raised_by(trace, failure)
    if raised is not None:
        return operands_of(trace, raised.inputs)
    return [str(tensor.name) for tensor in names_on_line(trace, failure.line)]


def with_shapes(trace: Trace, failure: Failure) -> str:
    """The same with their shapes, ``x (2, 3), w (4, 5)``; "" when there are none."""
    raised = _raised_by(trace, failure)
    taken = dict.fromkeys(a.tensor for a in (() if raised is None else raised.inputs) if a.tensor is not None)
    given = [(called(trace, tensor), trace.tensors[tensor]) for tensor in list(taken)[:MOST_TOLD]]
    told = given or [(str(tensor.name), tensor) for tensor in names_on_line(trace, failure.line)]
    return ", ".join(f"{quoted(name)} {shape_text(record.shape)}" for name, record in told)


def names_on_line(trace: Trace, line: int | None) -> Iterator[TensorRecord]:
    """The tensors whose names stand on a line of the program, in that order."""
    latest = {tensor.name: tensor for tensor in trace.tensors if tensor.name is not None}
    return (latest[word] for word in source_of(trace.program.source).words(line) if word in latest)


def _raised_by(trace: Trace, failure: Failure) -> Raised | None:
    """The call that raised the error."""
    return next((r for r in reversed(trace.raised) if r.line == failure.line and r.type == failure.type), None)


def out_of_place(trace: Trace, call: CallRecord) -> dict[str, str]:
    """A call that writes in place as the program has it, ``written``, and what makes a new tensor in its stead,
    ``new``; {} where that cannot be told."""
    found = _out_of_place(trace, call)
    return {} if found is None else {"written": found[0], "new": found[1]}


def _out_of_place(trace: Trace, call: CallRecord) -> tuple[str, str] | None:
    target = next((a.tensor for a in call.inputs if a.tensor is not None), None)
    name = None if target is None else own_name(trace, target)
    if name is None or not re.fullmatch(r"[\w.\[\]\"]+", name):
        return None
    written = call_expression(trace, call, unknown)
    sign = re.match(rf"{re.escape(name)} (\S+)= (.*)", written)
    if sign is not None:
        return written, f"{name} = {name} {sign[1]} {sign[2]}"
    value = next((a.text for a in call.inputs[1:] if a.text is not None), "…")
    if call.name in _OUT_OF_PLACE:
        return written, f"{name} = {_OUT_OF_PLACE[call.name].format(name=name, value=value)}"
    if call.name.endswith("_") and not call.name.startswith("_") and f".{call.name}(" in written:
        return written, f"{name} = " + written.replace(f".{call.name}(", f".{call.name[:-1]}(")
    return None


def unknown(_record: TensorRecord) -> str:
    """For a tensor with neither a name nor a call."""
    return UNKNOWN
