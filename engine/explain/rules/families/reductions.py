"""Many elements to fewer: sums, means, extremes, norms, cumulative operations, choices along a dimension."""

from __future__ import annotations

from engine.explain.rules.rule import Formula, Rule, rule
from engine.text.language import N_

_SUM = N_("Every element went into the sum once, so every element receives the arriving gradient.")
_MEAN = N_("Every element receives the arriving gradient divided by n, the number of elements averaged.")
_CHOSEN = N_("The gradient goes to the element that was chosen; all others receive zero.")
_SHARED = N_("The gradient goes to the elements that equal the result, in equal shares; all others receive zero.")
_NORM = N_("For the Euclidean norm, what arrives times each element's share: input / norm.")
_REORDER = N_("The gradient goes back to the places the elements came from.")

_SHARE = "self: share(self, result, grad)"
_SCATTER = "self: scatter(grad, indices)"

RULES: dict[str, Rule] = {
    "SumBackward0": rule(N_("sum"), _SUM, "self: expand(grad)"),
    "SumBackward1": rule(N_("sum"), _SUM, "self: expand(grad)"),
    "NansumBackward0": rule(
        N_("sum without NaN"), N_("Every element that is not NaN receives the arriving gradient; NaN receives zero.")
    ),
    "MeanBackward0": rule(N_("mean"), _MEAN, "self: expand(grad) / n"),
    "MeanBackward1": rule(N_("mean"), _MEAN, "self: expand(grad) / n"),
    "VarBackward0": rule(
        N_("variance"),
        N_("What arrives times twice the distance from the mean, divided by n − correction."),
        "self: expand(grad) * 2 / (n - correction) * (self - mean(self))",
    ),
    "StdBackward0": rule(
        N_("standard deviation"),
        N_("What arrives times the distance from the mean, divided by (n − correction) · result."),
        "self: expand(grad / (result * (n - correction))) * (self - mean(self))",
    ),
    "VarMeanBackward0": rule(
        N_("variance and mean"), N_("The gradients through the variance and through the mean, added up.")
    ),
    "StdMeanBackward0": rule(
        N_("standard deviation and mean"), N_("The gradients through the deviation and through the mean, added up.")
    ),
    "LinalgVectorNormBackward0": Rule(
        N_("norm"),
        _NORM,
        (
            Formula(0, "self", "expand(grad / result) * self", given=("ord", "2")),
            Formula(0, "self", "expand(grad) * sign(self)", given=("ord", "1")),
        ),
    ),
    "NormBackward0": rule(N_("norm"), _NORM),
    "NormBackward1": rule(N_("norm"), _NORM),
    "ProdBackward0": rule(
        N_("product"),
        N_("Each element receives what arrives times the product of all the others."),
        "self: expand(grad * result) / self",
    ),
    "ProdBackward1": rule(
        N_("product"),
        N_("Each element receives what arrives times the product of all the others."),
        "self: expand(grad * result) / self",
    ),
    "CumsumBackward0": rule(
        N_("cumulative sum"),
        N_("An element went into its own sum and all later ones, so it receives the sum of their gradients."),
        "self: reverse_cumsum(grad)",
    ),
    "CumprodBackward0": rule(
        N_("cumulative product"), N_("An element receives a share from its own product and from all later ones.")
    ),
    "LogcumsumexpBackward0": rule(
        N_("cumulative log-sum-exp"), N_("An element receives a share from its own sum and from all later ones.")
    ),
    "CummaxBackward0": rule(
        N_("cumulative maximum"), N_("Each gradient goes to the element that was the largest so far.")
    ),
    "CumminBackward0": rule(
        N_("cumulative minimum"), N_("Each gradient goes to the element that was the smallest so far.")
    ),
    "LogsumexpBackward0": rule(
        N_("log-sum-exp"),
        N_("Each element receives what arrives times its softmax."),
        "self: expand(grad) * exp(self - expand(result))",
    ),
    "MaxBackward0": rule(N_("maximum"), _CHOSEN, _SCATTER),
    "MaxBackward1": rule(N_("maximum"), _SHARED, _SHARE),
    "MinBackward0": rule(N_("minimum"), _CHOSEN, _SCATTER),
    "MinBackward1": rule(N_("minimum"), _SHARED, _SHARE),
    "AmaxBackward0": rule(N_("maximum"), _SHARED, _SHARE),
    "AminBackward0": rule(N_("minimum"), _SHARED, _SHARE),
    "AminmaxBackward0": rule(N_("minimum and maximum"), _SHARED),
    "MedianBackward0": rule(N_("median"), _SHARED, _SHARE),
    "MedianBackward1": rule(N_("median"), _CHOSEN, _SCATTER),
    "KthvalueBackward0": rule(N_("k-th smallest"), _CHOSEN, _SCATTER),
    "ModeBackward0": rule(N_("most frequent"), _CHOSEN, _SCATTER),
    "SortBackward0": rule(N_("sort"), _REORDER),
    "SortBackward1": rule(N_("sort"), _REORDER),
    "TopkBackward0": rule(
        N_("k largest"), N_("Each gradient goes to the element it was taken from; all others receive zero.")
    ),
    "RenormBackward0": rule(
        N_("limit the norm"),
        N_("Slices within the limit pass the gradient on; shortened ones also pass it through their norm."),
    ),
    "CdistBackward0": rule(N_("pairwise distances"), N_("Each pair of points is pushed along the line between them.")),
}
