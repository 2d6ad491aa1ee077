"""Arithmetic between tensors, element by element: sums, products, powers, bounds, choices."""

from __future__ import annotations

from engine.explain.rules.rule import Rule, rule
from engine.text.language import N_

RULES: dict[str, Rule] = {
    "AddBackward0": rule(
        N_("add"),
        N_("Each input receives the arriving gradient unchanged (the second times alpha)."),
        "self: grad",
        "other: grad * alpha",
    ),
    "SubBackward0": rule(
        N_("subtract"),
        N_("The first input receives the arriving gradient unchanged, the second with its sign flipped."),
        "self: grad",
        "other: -(grad * alpha)",
    ),
    "RsubBackward0": rule(
        N_("subtract"),
        N_("The tensor stands after the minus sign, so its gradient is what arrives with its sign flipped."),
        "self: -(grad * alpha)",
        "other: grad",
    ),
    "RsubBackward1": rule(
        N_("subtract"),
        N_("The tensor stands after the minus sign, so its gradient is what arrives with its sign flipped."),
        "self: -(grad * alpha)",
    ),
    "MulBackward0": rule(
        N_("multiply"),
        N_("Each input's gradient is the other input times what arrives."),
        "self: grad * other",
        "other: grad * self",
    ),
    "DivBackward0": rule(
        N_("divide"),
        N_(
            "The numerator receives what arrives divided by the denominator; the denominator receives it times "
            "−numerator / denominator²."
        ),
        "self: grad / other",
        "other: -grad * self / other ** 2",
    ),
    "DivBackward2": rule(
        N_("divide and round"),
        N_("A rounded division is flat between its steps, so both gradients are zero."),
        "self: zeros()",
        "other: zeros()",
    ),
    "NegBackward0": rule(N_("negate"), N_("The arriving gradient with its sign flipped."), "self: -grad"),
    "PowBackward0": rule(
        N_("power"),
        N_("The exponent comes down as a factor and the power falls by one."),
        "self: grad * exponent * self ** (exponent - 1)",
    ),
    "PowBackward1": rule(
        N_("power"),
        N_(
            "For the base the exponent comes down and the power falls by one; for the exponent the result is "
            "multiplied by the base's logarithm."
        ),
        "self: grad * exponent * self ** (exponent - 1)",
        "exponent: grad * result * log(self)",
    ),
    "PowBackward2": rule(
        N_("power"),
        N_("The exponent receives what arrives times the result times the base's logarithm."),
        "exponent: grad * result * log(self)",
    ),
    "ClampBackward1": rule(
        N_("clamp"),
        N_("The gradient passes where the input lies within the bounds; elsewhere it is zero."),
        "self: where(within(self, min, max), grad, 0)",
    ),
    "ClampBackward0": rule(
        N_("clamp"), N_("The gradient passes to the input within the bounds, to the bound that was taken elsewhere.")
    ),
    "ClampMinBackward0": rule(
        N_("clamp"),
        N_("The gradient passes where the input is not below the bound; elsewhere it is zero."),
        "self: where(self >= min, grad, 0)",
    ),
    "ClampMaxBackward0": rule(
        N_("clamp"),
        N_("The gradient passes where the input is not above the bound; elsewhere it is zero."),
        "self: where(self <= max, grad, 0)",
    ),
    "WhereBackward0": rule(
        N_("where"),
        N_("Each element's gradient goes to the side it was taken from; the other side receives zero there."),
        "self: where(condition, grad, 0)",
        "other: where(condition, 0, grad)",
    ),
    "MaximumBackward0": rule(
        N_("larger of two"),
        N_("The gradient goes to the larger input; at a tie each receives half."),
        "self: where(self == other, grad / 2, where(self > other, grad, 0))",
        "other: where(self == other, grad / 2, where(self < other, grad, 0))",
    ),
    "MinimumBackward0": rule(
        N_("smaller of two"),
        N_("The gradient goes to the smaller input; at a tie each receives half."),
        "self: where(self == other, grad / 2, where(self < other, grad, 0))",
        "other: where(self == other, grad / 2, where(self > other, grad, 0))",
    ),
    "MaskedFillBackward0": rule(
        N_("fill where masked"),
        N_("The gradient passes where the mask is False; filled elements receive zero."),
        "self: where(mask, 0, grad)",
    ),
    "MaskedFillBackward1": rule(
        N_("fill where masked"),
        N_("The gradient passes where the mask is False; the fill value receives the rest, summed."),
        "self: where(mask, 0, grad)",
        "value: sum(where(mask, grad, 0))",
    ),
    "LerpBackward0": rule(
        N_("interpolate"),
        N_("Each end receives what arrives times its share."),
        "self: grad * (1 - weight)",
        "end: grad * weight",
    ),
    "LerpBackward1": rule(
        N_("interpolate"),
        N_("Each end receives what arrives times its share, the weight the difference of the ends."),
        "self: grad * (1 - weight)",
        "end: grad * weight",
        "weight: grad * (end - self)",
    ),
    "AddcmulBackward0": rule(
        N_("add a product"),
        N_("The sum passes the gradient on; each factor receives it times the other factor."),
        "self: grad",
        "tensor1: grad * tensor2 * value",
        "tensor2: grad * tensor1 * value",
    ),
    "AddcdivBackward0": rule(
        N_("add a quotient"),
        N_("The sum passes the gradient on; the quotient's parts follow the rule of division."),
        "self: grad",
        "tensor1: grad * value / tensor2",
        "tensor2: -grad * value * tensor1 / tensor2 ** 2",
    ),
}
