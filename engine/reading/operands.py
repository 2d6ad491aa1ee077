"""What a line calculates with, in the program's own words, for cures that name it."""

from __future__ import annotations

import re

from engine.contract.trace import Argument, CallRecord, Failure, TensorRecord, Trace
from engine.reading.naming import as_receiver, call_expression, own_name, tensor_expression

UNKNOWN = "input"  # what PyTorch's own documentation calls it
_OUT_OF_PLACE = {"zero_": "torch.zeros_like({name})", "fill_": "torch.full_like({name}, {value})"}


def operands_of(trace: Trace, inputs: tuple[Argument, ...]) -> list[str]:
    """The tensors among a call's arguments as receivers of a method: ``x``, ``(a - b)``."""
    found = dict.fromkeys(a.tensor for a in inputs if a.tensor is not None)
    return [as_receiver(tensor_expression(trace, tensor, unknown)) for tensor in found]


def operands_of_failure(trace: Trace, failure: Failure) -> list[str]:
    """Those of the call that failed; where that is not known, the tensors named on its line."""
    raised = next((r for r in reversed(trace.raised) if r.line == failure.line and r.type == failure.type), None)
    if raised is not None:
        return operands_of(trace, raised.inputs)
    lines = trace.program.source.splitlines()
    text = lines[failure.line - 1] if failure.line is not None and 1 <= failure.line <= len(lines) else ""
    names = {tensor.name for tensor in trace.tensors}
    words: list[str] = re.findall(r"[^\W\d]\w*", text)
    return list(dict.fromkeys(word for word in words if word in names))


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
