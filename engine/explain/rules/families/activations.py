"""Activation functions, softmax and dropout."""

from __future__ import annotations

from engine.explain.rules.rule import Rule, rule
from engine.text.language import N_

_LOCAL = N_("The arriving gradient times the slope of the function at each element.")

RULES: dict[str, Rule] = {
    "TanhBackward0": rule(
        N_("hyperbolic tangent"),
        N_("What arrives times 1 − result²: nearly zero where the result is near ±1."),
        "self: grad * (1 - result ** 2)",
    ),
    "SigmoidBackward0": rule(
        N_("sigmoid"),
        N_("What arrives times result · (1 − result): nearly zero where the result is near 0 or 1."),
        "self: grad * result * (1 - result)",
    ),
    "ReluBackward0": rule(
        N_("ReLU"),
        N_("The gradient passes where the result is positive; elsewhere it is zero."),
        "self: where(result > 0, grad, 0)",
    ),
    "LeakyReluBackward0": rule(
        N_("leaky ReLU"),
        N_("The gradient passes where the input is positive; elsewhere it is scaled down."),
        "self: where(self > 0, grad, grad * negative_slope)",
    ),
    "PreluKernelBackward0": rule(
        N_("ReLU with a learned slope"),
        N_("The gradient passes where the input is positive; elsewhere it is scaled by the weight."),
        "self: where(self > 0, grad, grad * weight)",
        "weight: where(self > 0, 0, grad * self)",
    ),
    "RreluWithNoiseBackward0": rule(
        N_("ReLU with a random slope"), N_("What arrives times the slope that was drawn for each element.")
    ),
    "EluBackward0": rule(
        N_("ELU"),
        N_("The gradient passes where the input is positive; below, it falls off like the exponential."),
        "self: where(self > 0, grad * scale, grad * scale * input_scale * alpha * exp(self * input_scale))",
    ),
    "CeluBackward0": rule(
        N_("CELU"),
        N_("The gradient passes where the input is positive; below, it falls off like the exponential."),
        "self: where(self > 0, grad, grad * exp(self / alpha))",
    ),
    "GeluBackward0": rule(
        N_("GELU"),
        N_("What arrives times Φ(input) + input · φ(input), with Φ and φ of the normal distribution."),
        "self: grad * (Φ(self) + self * φ(self))",
    ),
    "SiluBackward0": rule(N_("SiLU"), _LOCAL, "self: grad * sigmoid(self) * (1 + self * (1 - sigmoid(self)))"),
    "MishBackward0": rule(N_("Mish"), _LOCAL),
    "SoftplusBackward0": rule(
        N_("softplus"),
        N_("What arrives times the sigmoid of the input: softplus is a smooth ReLU."),
        "self: where(self * beta > threshold, grad, grad * sigmoid(self * beta))",
    ),
    "LogSigmoidBackward0": rule(
        N_("log sigmoid"), N_("What arrives times the sigmoid of minus the input."), "self: grad * sigmoid(-self)"
    ),
    "ThresholdBackward0": rule(
        N_("threshold"),
        N_("The gradient passes where the input is above the threshold; elsewhere it is zero."),
        "self: where(self > threshold, grad, 0)",
    ),
    "HardtanhBackward0": rule(
        N_("clamp"),
        N_("The gradient passes strictly between the bounds; elsewhere it is zero."),
        "self: where(self > min_val, where(self < max_val, grad, 0), 0)",
    ),
    "HardsigmoidBackward0": rule(
        N_("hard sigmoid"),
        N_("One sixth of the gradient passes between −3 and 3; elsewhere it is zero."),
        "self: where(self > -3, where(self < 3, grad / 6, 0), 0)",
    ),
    "HardswishBackward0": rule(N_("hard swish"), _LOCAL),
    "HardshrinkBackward0": rule(N_("shrink"), N_("The gradient passes outside ±lambd; inside it is zero.")),
    "SoftshrinkBackward0": rule(N_("shrink"), N_("The gradient passes outside ±lambd; inside it is zero.")),
    "GluBackward0": rule(
        N_("gated linear unit"),
        N_("The first half receives what arrives times the gate, the second half through the gate's slope."),
    ),
    "SoftmaxBackward0": rule(
        N_("softmax"),
        N_("Probabilities must sum to 1: raising one lowers the others, so their weighted mean gradient is taken off."),
        "self: result * (grad - sum(grad * result, dim))",
    ),
    "LogSoftmaxBackward0": rule(
        N_("log softmax"),
        N_("What arrives minus the softmax times the sum of what arrives."),
        "self: grad - exp(result) * sum(grad, dim)",
    ),
    "NativeDropoutBackward0": rule(
        N_("dropout"), N_("Kept elements receive the gradient scaled by 1 / (1 − p); dropped ones receive zero.")
    ),
    "BernoulliBackward0": rule(
        N_("random draw"), N_("A random draw does not depend smoothly on its input: the gradient is zero.")
    ),
}
