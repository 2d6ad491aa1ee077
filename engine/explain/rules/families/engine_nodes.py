"""Nodes of the autograd engine itself, and of Python code that takes part in it."""

from __future__ import annotations

from engine.explain.rules.rule import Rule, rule
from engine.text.language import N_

_CHECKPOINT = rule(
    N_("checkpoint"),
    N_("The forward of this part is run again now, because its saved tensors were not kept; then its backward runs."),
)
_NOT_IMPLEMENTED = rule(N_("no backward"), N_("PyTorch has no backward for this operation: running it raises."))

RULES: dict[str, Rule] = {
    "AccumulateGrad": rule(
        N_("accumulate"),
        N_("The end of the path: what arrives is added to the leaf's .grad, or becomes it when .grad is None."),
    ),
    "GraphRoot": rule(N_("root"), N_("Backward starts here with the gradient it was given, 1 for a scalar.")),
    "CheckpointFunctionBackward": _CHECKPOINT,
    "NotImplemented": _NOT_IMPLEMENTED,
    "NotImplementedBackward0": _NOT_IMPLEMENTED,
    "Error": _NOT_IMPLEMENTED,
    "DelayedError": rule(
        N_("no second backward"), N_("This gradient cannot be differentiated again: running it raises.")
    ),
    "UndefinedGrad": rule(N_("stop"), N_("No gradient passes.")),
    "Scatter": rule(N_("scatter to devices"), N_("The devices' gradients are brought together.")),
    "Gather": rule(N_("gather from devices"), N_("Each device receives its piece of the gradient.")),
    "BroadcastBackward": rule(N_("copy to devices"), N_("The copies' gradients are added up.")),
}
