"""Why a call or a node made NaN or infinity out of finite numbers."""

from __future__ import annotations

from typing import Literal

from engine.explain.errors.explanation import Explanation, said
from engine.reading.birth import Birth
from engine.reading.operands import UNKNOWN
from engine.reading.predicates import has_nan, has_zero
from engine.text.language import N_

Cause = Literal[
    "sqrt",
    "log",
    "division",
    "norm",
    "power",
    "domain",
    "overflow",
    "half",
    "undefined",
    "data",
    "given",
    "inherited",
    "unknown",
]


CAUSES: tuple[tuple[Cause, frozenset[str]], ...] = (
    ("sqrt", frozenset({"sqrt", "rsqrt", "Sqrt", "Rsqrt"})),
    ("log", frozenset({"log", "log2", "log10", "log1p", "xlogy", "Log", "Log2", "Log10", "Log1P", "Xlogy"})),
    ("division", frozenset({"div", "truediv", "__truediv__", "reciprocal", "rdiv", "Div", "Reciprocal"})),
    ("norm", frozenset({"norm", "vector_norm", "Norm", "LinalgVectorNorm", "Cdist", "cdist", "PairwiseDistance"})),
    ("power", frozenset({"pow", "Pow"})),
    (
        "domain",
        frozenset(
            {
                "acos",
                "asin",
                "atanh",
                "acosh",
                "erfinv",
                "logit",
                "Acos",
                "Asin",
                "Atanh",
                "Acosh",
                "Erfinv",
                "Logit",
                "Atan2",
            }
        ),
    ),
    ("overflow", frozenset({"exp", "exp2", "expm1", "sinh", "cosh", "Exp", "Exp2", "Expm1", "Sinh", "Cosh"})),
    ("undefined", frozenset({"softmax", "log_softmax", "mean", "std", "var", "cross_entropy", "nll_loss"})),
)


def cause_of(birth: Birth) -> Cause:
    """What kind of arithmetic it was."""
    if birth.where == "given":
        return "given"
    if not birth.is_out_of_finite:
        return "data" if birth.where == "forward" else "inherited"
    short = birth.name.removesuffix("Backward").rstrip("0123456789").removesuffix("Backward").rstrip("_")
    known: Cause | None = next((cause for cause, names in CAUSES if short in names), None)
    values = [value for value in birth.outputs if value is not None]
    if known in (None, "power", "overflow") and any(value.dtype in ("float16", "bfloat16") for value in values):
        return "half"
    if known == "power" and birth.where == "forward" and not any(map(has_nan, values)):
        return "power" if any(map(has_zero, birth.inputs)) else "overflow"
    if known is not None:
        return known
    return "undefined" if any(map(has_nan, values)) else "overflow"


def is_masked(birth: Birth) -> bool:
    """Whether NaN came of a gradient of 0: the value was masked out afterwards, and 0 times infinity is NaN."""
    if birth.where != "backward":
        return False
    for arrived in birth.inputs:
        for left in birth.outputs:
            if arrived is None or left is None or not has_nan(left) or not has_zero(arrived):
                continue
            if not (arrived.is_whole and left.is_whole and arrived.shape == left.shape):
                return True
            if any(a == 0 and b == "nan" for a, b in zip(arrived.items, left.items, strict=True)):
                return True
    return False


FORWARD: dict[Cause, str] = {
    "sqrt": N_(
        "`{call}` on line {line} was given a number below 0 (or exactly 0 below a fraction): the result is not finite."
    ),
    "log": N_("`{call}` on line {line} was given 0 or less: log(0) is −∞, below there is no logarithm."),
    "division": N_("Line {line} divides by 0: that gives ∞, and NaN for 0/0."),
    "norm": N_("`{call}` on line {line} gave a number that is not finite."),
    "power": N_("`{call}` on line {line} raised 0 to a negative power, or a negative number to a fraction."),
    "domain": N_("`{call}` on line {line} was given a number outside the range where it is defined."),
    "overflow": N_("`{call}` on line {line} gave a number too large for its dtype: it became ∞."),
    "half": N_("`{call}` on line {line} gave a number too large for {dtype}: it became ∞."),
    "undefined": N_("`{call}` on line {line} gave NaN: ∞ − ∞, 0/0, 0 · ∞, or the mean of nothing."),
}

BACKWARD: dict[Cause, str] = {
    "sqrt": N_("The slope of the square root at 0 is infinite: {call} on line {line} passed it on."),
    "log": N_("The slope of the logarithm at 0 is infinite: {call} on line {line} passed it on."),
    "division": N_("{call} on line {line} divides the gradient by the divisor of the forward pass, which is 0."),
    "norm": N_("A norm has no slope where all differences are 0: {call} on line {line} divides by that norm."),
    "power": N_("The slope of this power at 0 is infinite: {call} on line {line} passed it on."),
    "domain": N_("The slope is infinite at the end of the range: {call} on line {line} passed it on."),
    "overflow": N_("{call} on line {line} passed on a gradient too large for its dtype: it became ∞."),
    "half": N_("{call} on line {line} passed on a gradient too large for {dtype}: it became ∞."),
    "undefined": N_("{call} on line {line} made NaN out of finite gradients: 0 · ∞ or 0/0."),
}

MASKED: dict[Cause, str] = {
    "sqrt": N_(
        "A square root was taken of 0 or less on line {line} and masked out or not used afterwards, so the gradient 0 "
        "arrives there. "
        "Its slope is infinite or NaN, and 0 · ∞ is NaN: masking the result does not mask the gradient."
    ),
    "log": N_(
        "A logarithm was taken of 0 or less on line {line} and masked out or not used afterwards, so the "
        "gradient 0 arrives there. "
        "Its slope is infinite, and 0 · ∞ is NaN: masking the result does not mask the gradient."
    ),
    "division": N_(
        "Line {line} divides by 0, and the result was masked out or not used afterwards, so the gradient 0 "
        "arrives there. "
        "0 · ∞ is NaN: masking the result does not mask the gradient."
    ),
    "overflow": N_(
        "{call} on line {line} had given ∞ in the forward pass, and that was masked out or not used afterwards, "
        "so the gradient 0 "
        "arrives there. 0 · ∞ is NaN: masking the result does not mask the gradient."
    ),
    "unknown": N_(
        "At {call} on line {line} the gradient 0 arrives and meets a slope that is not finite: 0 · ∞ is NaN. Masking a "
        "result afterwards does not mask its gradient."
    ),
}

OTHER: dict[Cause, str] = {
    "data": N_("The numbers themselves are not finite: line {line} made a tensor with NaN or ∞ in it."),
    "given": N_("The backward on line {line} was given a gradient that is not finite."),
    "inherited": N_(
        "A gradient that is not finite arrived at {call}, line {line}; no recorded node made it: a hook may have."
    ),
}

CURES: dict[Cause, str] = {
    "sqrt": N_("Keep the number away from 0 before the root: `{this}.clamp(min=1e-12)`, or `{this} + eps`."),
    "log": N_("Keep the number away from 0 before the logarithm, `{this}.clamp(min=1e-12)`, or use `log_softmax`."),
    "division": N_(
        "Keep the divisor away from 0 before dividing: `{divisor}.clamp(min=1e-12)`, or put 1 where it is masked."
    ),
    "norm": N_("Add a small number under the root: `({this} ** 2 + eps).sum().sqrt()`."),
    "power": N_("Keep the base away from 0: `{this}.clamp(min=1e-12)`."),
    "domain": N_("Keep the number inside the range: `{this}.clamp(-1 + 1e-6, 1 - 1e-6)`."),
    "overflow": N_(
        "Keep the numbers small: use `softmax`, `logsumexp` or the built-in loss, which subtract the maximum "
        "first, or a "
        "smaller learning rate."
    ),
    "half": N_("Calculate this part in float32, or use `torch.amp` with a `GradScaler`."),
    "undefined": N_("Print what goes into this line and keep it finite, with at least one number to average."),
    "data": N_(
        "Clean the data before the calculation: `torch.isfinite(...).all()` tells, `torch.nan_to_num(...)` replaces."
    ),
    "given": N_("Give a finite gradient."),
    "inherited": N_("Look at the hooks of the tensors on this way, and return finite gradients from them."),
}


def explain(birth: Birth, leaf: str) -> Explanation:
    """The sentence and the cure for a leaf that got the gradient."""
    cause = cause_of(birth)
    dtype = next((value.dtype for value in birth.outputs if value is not None), "float32")
    this, *others = birth.operands or (UNKNOWN,)
    divisor = others[0] if others else this
    values = {
        "call": birth.name,
        "line": birth.line or "?",
        "dtype": dtype,
        "name": leaf,
        "this": this,
        "divisor": divisor,
    }
    masked = is_masked(birth)
    if masked:
        meaning = MASKED.get(cause, MASKED["unknown"])
    else:
        table = FORWARD if birth.where == "forward" else BACKWARD
        meaning = OTHER.get(cause) or table[cause]
    cure = MASK_CURE if masked and cause != "overflow" else CURES[cause]
    return said(meaning, cure, **values)


MASK_CURE = N_(
    "Mask what goes in as well, `torch.where({this} > 0, {this}, 1)`, and then choose with `where`, so that the "
    "calculation "
    "never meets the bad number."
)
