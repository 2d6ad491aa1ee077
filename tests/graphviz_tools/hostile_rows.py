"""What families of hostile traces are made of: their register, the least row of each kind, words a reader acts on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.contract.trace import Argument, CallRecord, Program, TensorRecord, TensorState, Trace, Value

ONE = Value((), "float32", (1.0,))
ZERO = Value((), "float32", (0.0,))
NAN = Value((), "float32", ("nan",))
PROGRAM = Program("x = 1\n" * 5)
SECOND = "Trying to backward through the graph a second time"
CHANGED = "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.FloatTensor [2]], which is output 0 of MulBackward0, is at version 2; expected version 1 instead."
NO_GRAD_FN = "element 0 of tensors does not require grad and does not have a grad_fn"


Family = Callable[[int], Trace]
FAMILIES: dict[str, Family] = {}


def family(make: Family) -> Family:
    FAMILIES[make.__name__] = make
    return make


def a_trace(**fields: Any) -> Trace:
    return Trace(PROGRAM, fields.pop("ending", "ok"), **fields)


def a_tensor(**fields: Any) -> TensorRecord:
    return TensorRecord((), "float32", "cpu", **fields)


def a_call(
    inputs: tuple[int, ...] = (), outputs: tuple[TensorState, ...] = (), name: str = "mul", **fields: Any
) -> CallRecord:
    given = tuple(Argument(tensor) for tensor in inputs)
    return CallRecord(
        name, fields.pop("function", f"torch.Tensor.{name}"), fields.pop("line", 2), given, outputs, **fields
    )


def a_state(tensor: int, node: int | None = None, **fields: Any) -> TensorState:
    return TensorState(
        tensor, fields.pop("version", 0), True, node is None, False, node, value=fields.pop("value", ONE), **fields
    )
