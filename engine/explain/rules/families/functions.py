"""Functions of one tensor applied to each element by itself."""

from __future__ import annotations

from engine.explain.rules.rule import Rule, rule
from engine.text.language import N_

_LOCAL = N_("The arriving gradient times the slope of the function at each element.")
_FLAT = N_("The function is flat between its steps, so its input's gradient is zero.")

RULES: dict[str, Rule] = {
    "ExpBackward0": rule(
        N_("exponential"), N_("The exponential is its own slope: what arrives times the result."), "self: grad * result"
    ),
    "Exp2Backward0": rule(
        N_("power of two"),
        N_("What arrives times the result times the logarithm of 2."),
        "self: grad * result * log(2)",
    ),
    "Expm1Backward0": rule(N_("exponential minus 1"), _LOCAL, "self: grad * (result + 1)"),
    "LogBackward0": rule(N_("logarithm"), N_("What arrives divided by the input."), "self: grad / self"),
    "Log2Backward0": rule(N_("logarithm to base 2"), _LOCAL, "self: grad / (self * log(2))"),
    "Log10Backward0": rule(N_("logarithm to base 10"), _LOCAL, "self: grad / (self * log(10))"),
    "Log1PBackward0": rule(N_("logarithm of 1 + input"), _LOCAL, "self: grad / (self + 1)"),
    "SqrtBackward0": rule(
        N_("square root"),
        N_("What arrives divided by twice the root: at zero this is infinite."),
        "self: grad / (2 * result)",
    ),
    "RsqrtBackward0": rule(N_("1 / square root"), _LOCAL, "self: -grad * result ** 3 / 2"),
    "ReciprocalBackward0": rule(
        N_("reciprocal"), N_("What arrives times minus the result squared."), "self: -grad * result ** 2"
    ),
    "SinBackward0": rule(N_("sine"), N_("What arrives times the cosine of the input."), "self: grad * cos(self)"),
    "CosBackward0": rule(
        N_("cosine"), N_("What arrives times minus the sine of the input."), "self: -grad * sin(self)"
    ),
    "TanBackward0": rule(N_("tangent"), _LOCAL, "self: grad * (1 + result ** 2)"),
    "AsinBackward0": rule(N_("arc sine"), _LOCAL, "self: grad / sqrt(1 - self ** 2)"),
    "AcosBackward0": rule(N_("arc cosine"), _LOCAL, "self: -grad / sqrt(1 - self ** 2)"),
    "AtanBackward0": rule(N_("arc tangent"), _LOCAL, "self: grad / (1 + self ** 2)"),
    "Atan2Backward0": rule(
        N_("arc tangent of a quotient"),
        _LOCAL,
        "self: grad * other / (self ** 2 + other ** 2)",
        "other: -grad * self / (self ** 2 + other ** 2)",
    ),
    "SinhBackward0": rule(N_("hyperbolic sine"), _LOCAL, "self: grad * cosh(self)"),
    "CoshBackward0": rule(N_("hyperbolic cosine"), _LOCAL, "self: grad * sinh(self)"),
    "ErfBackward0": rule(N_("error function"), _LOCAL, "self: grad * 2 / sqrt(π) * exp(-(self ** 2))"),
    "AbsBackward0": rule(
        N_("absolute value"),
        N_("What arrives, with the sign of the input; zero where the input is zero."),
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
}
