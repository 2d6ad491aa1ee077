"""Arithmetic and functions applied to each element by itself."""

from __future__ import annotations

from engine.explain.rule import Rule, rule
from engine.language import N_

_LOCAL = N_("The arriving gradient times the slope of the function at each element.")
_FLAT = N_("The function is flat between its steps, so its input's gradient is zero.")

RULES: dict[str, Rule] = {
    "AddBackward0": rule(
        N_("add"), N_("Each input receives the arriving gradient unchanged (the second times alpha)."),
        "self: grad", "other: grad * alpha",
    ),
    "SubBackward0": rule(
        N_("subtract"), N_("The first input receives the arriving gradient unchanged, the second with its sign flipped."),
        "self: grad", "other: -(grad * alpha)",
    ),
    "RsubBackward0": rule(
        N_("subtract"), N_("The tensor stands after the minus sign, so its gradient is what arrives with its sign flipped."),
        "self: -(grad * alpha)", "other: grad",
    ),
    "RsubBackward1": rule(
        N_("subtract"), N_("The tensor stands after the minus sign, so its gradient is what arrives with its sign flipped."),
        "self: -(grad * alpha)",
    ),
    "MulBackward0": rule(
        N_("multiply"), N_("Each input's gradient is the other input times what arrives."),
        "self: grad * other", "other: grad * self",
    ),
    "DivBackward0": rule(
        N_("divide"), N_("The numerator receives what arrives divided by the denominator; "
                         "the denominator receives it times −numerator / denominator²."),
        "self: grad / other", "other: -grad * self / other ** 2",
    ),
    "DivBackward2": rule(
        N_("divide and round"), N_("A rounded division is flat between its steps, so both gradients are zero."),
        "self: zeros()", "other: zeros()",
    ),
    "FloorDivideBackward0": rule(N_("divide and round"), N_("A rounded division has no gradient.")),
    "NegBackward0": rule(N_("negate"), N_("The arriving gradient with its sign flipped."), "self: -grad"),
    "PowBackward0": rule(
        N_("power"), N_("The exponent comes down as a factor and the power falls by one."),
        "self: grad * exponent * self ** (exponent - 1)",
    ),
    "PowBackward1": rule(
        N_("power"), N_("For the base the exponent comes down and the power falls by one; "
                        "for the exponent the result is multiplied by the base's logarithm."),
        "self: grad * exponent * self ** (exponent - 1)", "exponent: grad * result * log(self)",
    ),
    "PowBackward2": rule(
        N_("power"), N_("The exponent receives what arrives times the result times the base's logarithm."),
        "exponent: grad * result * log(self)",
    ),
    "ExpBackward0": rule(
        N_("exponential"), N_("The exponential is its own slope: what arrives times the result."), "self: grad * result"
    ),
    "Exp2Backward0": rule(
        N_("power of two"), N_("What arrives times the result times the logarithm of 2."), "self: grad * result * log(2)"
    ),
    "Expm1Backward0": rule(N_("exponential minus 1"), _LOCAL, "self: grad * (result + 1)"),
    "LogBackward0": rule(N_("logarithm"), N_("What arrives divided by the input."), "self: grad / self"),
    "Log2Backward0": rule(N_("logarithm to base 2"), _LOCAL, "self: grad / (self * log(2))"),
    "Log10Backward0": rule(N_("logarithm to base 10"), _LOCAL, "self: grad / (self * log(10))"),
    "Log1PBackward0": rule(N_("logarithm of 1 + input"), _LOCAL, "self: grad / (self + 1)"),
    "SqrtBackward0": rule(
        N_("square root"), N_("What arrives divided by twice the root: at zero this is infinite."),
        "self: grad / (2 * result)",
    ),
    "RsqrtBackward0": rule(N_("1 / square root"), _LOCAL, "self: -grad * result ** 3 / 2"),
    "ReciprocalBackward0": rule(
        N_("reciprocal"), N_("What arrives times minus the result squared."), "self: -grad * result ** 2"
    ),
    "SinBackward0": rule(N_("sine"), N_("What arrives times the cosine of the input."), "self: grad * cos(self)"),
    "CosBackward0": rule(N_("cosine"), N_("What arrives times minus the sine of the input."), "self: -grad * sin(self)"),
    "TanBackward0": rule(N_("tangent"), _LOCAL, "self: grad * (1 + result ** 2)"),
    "AsinBackward0": rule(N_("arc sine"), _LOCAL, "self: grad / sqrt(1 - self ** 2)"),
    "AcosBackward0": rule(N_("arc cosine"), _LOCAL, "self: -grad / sqrt(1 - self ** 2)"),
    "AtanBackward0": rule(N_("arc tangent"), _LOCAL, "self: grad / (1 + self ** 2)"),
    "Atan2Backward0": rule(
        N_("arc tangent of a quotient"), _LOCAL,
        "self: grad * other / (self ** 2 + other ** 2)", "other: -grad * self / (self ** 2 + other ** 2)",
    ),
    "SinhBackward0": rule(N_("hyperbolic sine"), _LOCAL, "self: grad * cosh(self)"),
    "CoshBackward0": rule(N_("hyperbolic cosine"), _LOCAL, "self: grad * sinh(self)"),
    "ErfBackward0": rule(N_("error function"), _LOCAL, "self: grad * 2 / sqrt(π) * exp(-(self ** 2))"),
    "AbsBackward0": rule(
        N_("absolute value"), N_("What arrives, with the sign of the input; zero where the input is zero."),
        "self: grad * sign(self)",
    ),
    "SignBackward0": rule(N_("sign"), _FLAT, "self: zeros()"),
    "FloorBackward0": rule(N_("round down"), _FLAT, "self: zeros()"),
    "CeilBackward0": rule(N_("round up"), _FLAT, "self: zeros()"),
    "RoundBackward0": rule(N_("round"), _FLAT, "self: zeros()"),
    "TruncBackward0": rule(N_("truncate"), _FLAT, "self: zeros()"),
    "FracBackward0": rule(N_("fractional part"), N_("The arriving gradient unchanged."), "self: grad"),
    "RemainderBackward0": rule(N_("remainder"), N_("The arriving gradient unchanged."), "self: grad"),
    "FmodBackward0": rule(N_("remainder"), N_("The arriving gradient unchanged."), "self: grad"),
    "ClampBackward1": rule(
        N_("clamp"), N_("The gradient passes where the input lies within the bounds; elsewhere it is zero."),
        "self: where(within(self, min, max), grad, 0)",
    ),
    "ClampBackward0": rule(
        N_("clamp"), N_("The gradient passes to the input within the bounds, to the bound that was taken elsewhere.")
    ),
    "ClampMinBackward0": rule(
        N_("clamp"), N_("The gradient passes where the input is not below the bound; elsewhere it is zero."),
        "self: where(self >= min, grad, 0)",
    ),
    "ClampMaxBackward0": rule(
        N_("clamp"), N_("The gradient passes where the input is not above the bound; elsewhere it is zero."),
        "self: where(self <= max, grad, 0)",
    ),
    "WhereBackward0": rule(
        N_("where"), N_("Each element's gradient goes to the side it was taken from; the other side receives zero there."),
        "self: where(condition, grad, 0)", "other: where(condition, 0, grad)",
    ),
    "MaximumBackward0": rule(
        N_("larger of two"), N_("The gradient goes to the larger input; at a tie each receives half."),
        "self: where(self == other, grad / 2, where(self > other, grad, 0))",
        "other: where(self == other, grad / 2, where(self < other, grad, 0))",
    ),
    "MinimumBackward0": rule(
        N_("smaller of two"), N_("The gradient goes to the smaller input; at a tie each receives half."),
        "self: where(self == other, grad / 2, where(self < other, grad, 0))",
        "other: where(self == other, grad / 2, where(self > other, grad, 0))",
    ),
    "MaskedFillBackward0": rule(
        N_("fill where masked"), N_("The gradient passes where the mask is False; filled elements receive zero."),
        "self: where(mask, 0, grad)",
    ),
    "MaskedFillBackward1": rule(
        N_("fill where masked"), N_("The gradient passes where the mask is False; the fill value receives the rest, summed."),
        "self: where(mask, 0, grad)", "value: sum(where(mask, grad, 0))",
    ),
    "LerpBackward0": rule(
        N_("interpolate"), N_("Each end receives what arrives times its share."),
        "self: grad * (1 - weight)", "end: grad * weight",
    ),
    "LerpBackward1": rule(
        N_("interpolate"), N_("Each end receives what arrives times its share, the weight the difference of the ends."),
        "self: grad * (1 - weight)", "end: grad * weight", "weight: grad * (end - self)",
    ),
    "AddcmulBackward0": rule(
        N_("add a product"), N_("The sum passes the gradient on; each factor receives it times the other factor."),
        "self: grad", "tensor1: grad * tensor2 * value", "tensor2: grad * tensor1 * value",
    ),
    "AddcdivBackward0": rule(
        N_("add a quotient"), N_("The sum passes the gradient on; the quotient's parts follow the rule of division."),
        "self: grad", "tensor1: grad * value / tensor2", "tensor2: -grad * value * tensor1 / tensor2 ** 2",
    ),
}  # fmt: skip
