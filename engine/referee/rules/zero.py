"""Where a gradient became zero: the node at which something arrives and nothing leaves towards a tensor.

NOTE [The way up]
Start at the tensor's node. Of the nodes that passed a gradient down to it in this run, one that passed only zeros
although something else arrived at it is where the gradient died. One at which only zeros arrived is no better off:
go on from there, towards the root. So is stack or cat: it only deals out what arrived, zeros to some. Above one of
those, the gradient died where zeros are among what left and were not among what arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.contract.trace import NodeRanStep, Trace
from engine.explain.errors.explanation import Explanation, said
from engine.reading.index import TraceIndex
from engine.reading.predicates import has_zero, is_zero
from engine.text.language import N_

ZeroCode = Literal[
    "zero_relu",
    "zero_factor",
    "zero_clamped",
    "zero_not_chosen",
    "zero_masked",
    "zero_flat",
    "zero_saturated",
    "zero_at_zero",
    "zero_cancelled",
    "zero_given",
    "zero_at_node",
]


@dataclass(frozen=True)
class Zero:
    """The node at which a gradient became zero, and why."""

    code: ZeroCode
    explanation: Explanation
    line: int | None
    node: int | None
    step: int


SAID: dict[ZeroCode, tuple[str, str]] = {
    "zero_relu": (
        N_(
            "The gradient of `{name}` became zero at {node} on line {line}: everything on this way was below 0 in the "
            "forward pass, where ReLU is flat."
        ),
        N_("Other starting values, a smaller learning rate, or `leaky_relu`, which is flat nowhere."),
    ),
    "zero_factor": (
        N_("The gradient of `{name}` became zero at {node} on line {line}: what it is multiplied by there is 0."),
        N_("Look at the other factor on that line. Weights that all start at 0 do this."),
    ),
    "zero_clamped": (
        N_(
            "The gradient of `{name}` became zero at {node} on line {line}: everything on this way was outside "
            "the limits "
            "and was cut off there, where clamp is flat."
        ),
        N_("Widen the limits, or keep the values inside them."),
    ),
    "zero_not_chosen": (
        N_("The gradient of `{name}` became zero at {node} on line {line}: no element of it was chosen there."),
        N_("That is right where it is not needed. Only chosen elements get a gradient."),
    ),
    "zero_masked": (
        N_("The gradient of `{name}` became zero at {node} on line {line}: the other side was taken everywhere there."),
        N_("That is right where it is masked. Look at the condition on that line."),
    ),
    "zero_flat": (
        N_("The gradient of `{name}` became zero at {node} on line {line}: this function is made of flat steps."),
        N_("Use a smooth function in the loss, and this one only to look at the result."),
    ),
    "zero_saturated": (
        N_(
            "The gradient of `{name}` became zero at {node} on line {line}: so far out this function is flat, "
            "and its slope "
            "rounds to 0."
        ),
        N_("Keep its input small: other starting values, normalisation, or a loss that takes raw outputs."),
    ),
    "zero_at_zero": (
        N_("The gradient of `{name}` became zero at {node} on line {line}: its slope is 0 at this point."),
        N_("This is the right gradient: the point is a flat one. Start elsewhere to move."),
    ),
    "zero_cancelled": (
        N_("The gradients of `{name}` that arrived over several ways add up to zero."),
        N_("This is the right gradient: the ways cancel each other."),
    ),
    "zero_given": (
        N_("The gradient of `{name}` is zero because backward started from zero."),
        N_("Look at the `gradient` that was given to backward."),
    ),
    "zero_at_node": (
        N_("The gradient of `{name}` became zero at {node} on line {line}."),
        N_("Look at that node: what arrived, what it saved, what left it."),
    ),
}

CODES: tuple[tuple[ZeroCode, tuple[str, ...]], ...] = (
    ("zero_relu", ("Relu", "Threshold", "LeakyRelu", "Hardswish", "Gelu", "Silu")),
    ("zero_clamped", ("Clamp", "Hardtanh", "Hardsigmoid")),
    (
        "zero_not_chosen",
        (
            "Max",
            "Min",
            "Amax",
            "Amin",
            "Select",
            "Slice",
            "Index",
            "Gather",
            "Median",
            "Topk",
            "Sort",
            "Unbind",
            "Split",
            "Embedding",
            "Minimum",
            "Maximum",
            "AdaptiveMaxPool",
            "Mode",
        ),
    ),
    ("zero_masked", ("Where", "MaskedFill", "MaskedSelect", "NativeDropout", "Tril", "Triu")),
    ("zero_flat", ("Sign", "Round", "Floor", "Ceil", "Trunc", "Sgn")),
    ("zero_saturated", ("Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Exp", "NllLoss", "Softplus", "LogSigmoid")),
    ("zero_factor", ("Mul", "Mm", "Addmm", "Bmm", "Mv", "Dot", "Div", "Convolution", "Addmv", "Baddbmm", "Prod")),
    ("zero_at_zero", ("Pow", "Abs", "Cos", "Sin", "MseLoss", "SmoothL1Loss", "Norm", "LinalgVectorNorm", "L1Loss")),
)


def zero_at(index: TraceIndex, run: int, tensor: int, name: str) -> Zero | None:
    """Where the gradient that ``run`` gave to ``tensor`` became zero; None when the recording does not tell."""
    trace, start = index.trace, _node_of(index, tensor)
    if start is None:
        return None
    ran, sent, start_of_run = index.ran.get(run, {}), index.sent_to(run), index.started.get(run, 0)
    waiting, seen = [(start, False)], {start}
    for current, is_part in waiting:
        brought = sent.get(current, ())
        if not index.may(1 + len(brought)):
            return None
        if not is_part and any(not is_zero(value) for _, value in brought):
            return _zero("zero_cancelled", trace, name, current, ran[current][0] if current in ran else start_of_run)
        for node, _ in brought:
            at, step = ran[node]
            deals_out = trace.nodes[node].name.startswith(("StackBackward", "CatBackward"))
            if not deals_out and _dies(step, is_part):
                return _zero(_code(trace.nodes[node].name), trace, name, node, at)
            if node not in seen:
                seen.add(node)
                waiting.append((node, is_part or (deals_out and not all(map(is_zero, step.grad_outputs)))))
    return _zero("zero_given", trace, name, None, start_of_run) if _starts_from_zero(trace, run) else None


def _dies(step: NodeRanStep, is_part: bool) -> bool:
    """Whether something arrived at a node that left as zero: all of it, or a part."""
    arrived = [value for value in step.grad_outputs if value is not None]
    if is_part:
        return any(map(has_zero, step.grad_inputs)) and not any(map(has_zero, arrived))
    return any(is_zero(value) is False for value in arrived)


def _node_of(index: TraceIndex, tensor: int) -> int | None:
    state = index.last_states.get(tensor)
    return index.node_of_leaf.get(tensor, None if state is None else state.node)


def _code(name: str) -> ZeroCode:
    short = name.rstrip("0123456789").removesuffix("Backward")
    short = short.rstrip("0123456789").removesuffix("WithIndices").removesuffix("D")
    for code, names in CODES:
        if short in names or any(short.startswith(n) for n in names if len(n) > 4):
            return code
    return "zero_at_node"


def _starts_from_zero(trace: Trace, run: int) -> bool:
    roots = trace.runs[run].roots
    return bool(roots) and all(bool(is_zero(root.gradient)) for root in roots)


def _zero(code: ZeroCode, trace: Trace, name: str, node: int | None, step: int) -> Zero:
    record = None if node is None else trace.nodes[node]
    line = None if record is None else record.line
    shown = "…" if record is None else record.name
    return Zero(code, said(*SAID[code], name=name, node=shown, line=line or "?"), line, node, step)
