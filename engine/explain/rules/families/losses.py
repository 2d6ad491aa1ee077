"""Loss functions. ``reduction`` is PyTorch's number: 0 none, 1 mean, 2 sum."""

from __future__ import annotations

from engine.explain.rules.rule import Formula, Rule, rule
from engine.text.language import N_


def _loss(word: str, sentence: str, *slopes: str) -> Rule:
    """A rule with each ``"input: slope"`` times ``grad``, divided by n where the reduction is the mean."""
    formulas: list[Formula] = []
    for edge, slope in enumerate(slopes):
        of, expression = slope.split(": ", 1)
        for reduction, text in (("1", f"{expression} / n"), ("2", expression), ("0", expression)):
            formulas.append(Formula(edge, of, text, given=("reduction", reduction)))
    return Rule(word, sentence, tuple(formulas))


RULES: dict[str, Rule] = {
    "MseLossBackward0": _loss(
        N_("mean squared error"),
        N_("Twice the difference times what arrives, divided by n for the mean: far-off elements pull hardest."),
        "self: grad * 2 * (self - target)",
        "target: -(grad * 2 * (self - target))",
    ),
    "L1LossBackward0": _loss(
        N_("absolute error"),
        N_("Only the sign of the difference counts: every element pulls equally."),
        "self: grad * sign(self - target)",
        "target: -(grad * sign(self - target))",
    ),
    "SmoothL1LossBackward0": _loss(
        N_("smooth absolute error"),
        N_("Within ±beta the difference divided by beta counts, beyond it only its sign."),
        "self: grad * clip((self - target) / beta, -1, 1)",
        "target: -(grad * clip((self - target) / beta, -1, 1))",
    ),
    "HuberLossBackward0": _loss(
        N_("Huber loss"),
        N_("The difference counts, but no more than ±delta of it."),
        "self: grad * clip(self - target, -delta, delta)",
        "target: -(grad * clip(self - target, -delta, delta))",
    ),
    "NllLossBackward0": rule(
        N_("negative log likelihood"),
        N_("Only the target class receives a gradient: minus what arrives, divided by n for the mean."),
    ),
    "NllLoss2DBackward0": rule(
        N_("negative log likelihood"),
        N_("Only the target class receives a gradient: minus what arrives, divided by n for the mean."),
    ),
    "BinaryCrossEntropyBackward0": _loss(
        N_("binary cross entropy"),
        N_("The difference divided by p · (1 − p): enormous where a sure prediction is wrong."),
        "self: grad * (self - target) / (self * (1 - self))",
    ),
    "BinaryCrossEntropyWithLogitsBackward0": _loss(
        N_("binary cross entropy from logits"),
        N_("Simply sigmoid(input) − target times what arrives: never too large, never 0/0."),
        "self: grad * (sigmoid(self) - target)",
    ),
    "SoftMarginLossBackward0": rule(
        N_("soft margin loss"), N_("Elements on the wrong side of the margin pull hardest.")
    ),
    "MultiMarginLossBackward0": rule(
        N_("margin loss"), N_("Classes that violate the margin are pushed down, the target is pushed up.")
    ),
    "MultilabelMarginLossBackward0": rule(
        N_("margin loss"), N_("Classes that violate the margin are pushed down, the target is pushed up.")
    ),
    "CtcLossBackward0": rule(
        N_("CTC loss"), N_("Each step receives the softmax minus the share of alignments that pass through it.")
    ),
}
