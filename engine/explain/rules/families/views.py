"""Views, copies, indexing and joining: elements move, numbers stay."""

from __future__ import annotations

from engine.explain.rules.rule import Rule, rule
from engine.text.language import N_

_SAME = N_("The arriving gradient unchanged.")
_RESHAPED = N_("The arriving gradient in the input's shape.")
_BACK = N_("The arriving gradient with its dimensions put back in the input's order.")
_TAKEN = N_("The gradient goes to the elements that were taken; all others receive zero.")
_PARTS = N_("Each part receives its piece of the arriving gradient.")
_JOINED = N_("The pieces' gradients, joined again.")
_REPEATED = N_("Every copy's gradient is added up.")
_CUT = N_("What was added around is cut off again.")
_WRITTEN = N_("The gradient goes to the source where it was written, and to the old content everywhere else.")

_FILL = rule(N_("fill"), N_("The old content receives zero: it was overwritten."), "self: zeros()")
_FILL_TENSOR = rule(
    N_("fill"),
    N_("The old content receives zero; the fill value receives the sum."),
    "self: zeros()",
    "value: sum(grad)",
)

_VIEWS: dict[str, Rule] = {
    "ViewBackward0": rule(N_("view"), _RESHAPED, "self: reshape(grad)"),
    "UnsafeViewBackward0": rule(N_("view"), _RESHAPED, "self: reshape(grad)"),
    "ReshapeAliasBackward0": rule(N_("reshape"), _RESHAPED, "self: reshape(grad)"),
    "SqueezeBackward0": rule(N_("squeeze"), _RESHAPED, "self: reshape(grad)"),
    "SqueezeBackward1": rule(N_("squeeze"), _RESHAPED, "self: reshape(grad)"),
    "SqueezeBackward2": rule(N_("squeeze"), _RESHAPED, "self: reshape(grad)"),
    "UnsqueezeBackward0": rule(N_("unsqueeze"), _RESHAPED, "self: reshape(grad)"),
    "TBackward0": rule(N_("transpose"), _BACK, "self: T(grad)"),
    "TransposeBackward0": rule(N_("transpose"), _BACK),
    "PermuteBackward0": rule(N_("permute"), _BACK),
    "FlipBackward0": rule(N_("flip"), N_("The arriving gradient flipped back.")),
    "RollBackward0": rule(N_("roll"), N_("The arriving gradient rolled back.")),
    "ExpandBackward0": rule(N_("expand"), _REPEATED),
    "RepeatBackward0": rule(N_("repeat"), _REPEATED),
    "DiagonalBackward0": rule(N_("diagonal"), _TAKEN),
    "UnfoldBackward0": rule(N_("sliding windows"), _REPEATED),
    "AsStridedBackward0": rule(
        N_("view by strides"),
        N_("Each gradient goes to the element it was read from; elements read more than once add up."),
    ),
    "AliasBackward0": rule(N_("alias"), _SAME, "self: grad"),
    "ViewAsRealBackward0": rule(N_("complex as real"), N_("Real and imaginary parts become one complex gradient.")),
    "ViewAsComplexBackward0": rule(N_("real as complex"), N_("The complex gradient's parts, side by side.")),
}

_COPIES: dict[str, Rule] = {
    "CloneBackward0": rule(N_("clone"), N_("A copy: the arriving gradient unchanged."), "self: grad"),
    "ToCopyBackward0": rule(
        N_("convert"), N_("The arriving gradient, converted to the input's dtype and device."), "self: grad"
    ),
    "CopyBackwards": rule(
        N_("copy into"),
        N_("The old content receives zero; the source receives the arriving gradient."),
        "self: zeros()",
        "src: grad",
    ),
    "CopySlices": rule(N_("write into a view"), _WRITTEN),
    "FillBackward0": _FILL,
    "FillBackward1": _FILL_TENSOR,
    "FillBackward2": _FILL,
    "FillBackward3": _FILL_TENSOR,
    "ZeroBackward0": rule(
        N_("fill with zeros"), N_("The old content receives zero: it was overwritten."), "self: zeros()"
    ),
}

_INDEXING: dict[str, Rule] = {
    "SelectBackward0": rule(N_("select"), _TAKEN, "self: place(grad)"),
    "SliceBackward0": rule(N_("slice"), _TAKEN, "self: place(grad)"),
    "IndexBackward0": rule(
        N_("index"), N_("Each gradient goes to the element it was taken from; elements taken more than once add up.")
    ),
    "IndexSelectBackward0": rule(
        N_("index"), N_("Each gradient goes to the element it was taken from; elements taken more than once add up.")
    ),
    "GatherBackward0": rule(
        N_("gather"), N_("Each gradient goes to the element it was taken from; elements taken more than once add up.")
    ),
    "TakeBackward0": rule(
        N_("take"), N_("Each gradient goes to the element it was taken from; elements taken more than once add up.")
    ),
    "MaskedSelectBackward0": rule(N_("select where masked"), _TAKEN),
    "IndexPutBackward0": rule(N_("write at an index"), _WRITTEN),
    "IndexAddBackward0": rule(
        N_("add at an index"), N_("The target receives the gradient unchanged, the source its elements at the index.")
    ),
    "IndexCopyBackward0": rule(N_("write at an index"), _WRITTEN),
    "IndexFillBackward0": rule(
        N_("fill at an index"), N_("Overwritten elements receive zero, all others the gradient.")
    ),
    "ScatterBackward0": rule(N_("scatter"), _WRITTEN),
    "ScatterBackward1": rule(N_("scatter"), N_("Overwritten elements receive zero, all others the gradient.")),
    "ScatterAddBackward0": rule(
        N_("scatter and add"), N_("The target receives the gradient unchanged, the source its elements at the index.")
    ),
    "ScatterReduceBackward0": rule(
        N_("scatter and reduce"), N_("Each source element receives its share of the gradient at its target.")
    ),
    "SelectScatterBackward0": rule(N_("write into a view"), _WRITTEN),
    "SliceScatterBackward0": rule(N_("write into a view"), _WRITTEN),
    "MaskedScatterBackward0": rule(N_("write where masked"), _WRITTEN),
    "ConstantPadNdBackward0": rule(N_("pad"), _CUT),
}

_JOINING: dict[str, Rule] = {
    "CatBackward0": rule(N_("concatenate"), _PARTS),
    "StackBackward0": rule(N_("stack"), _PARTS),
    "BlockDiagBackward0": rule(N_("block diagonal"), _PARTS),
    "UnbindBackward0": rule(N_("unbind"), _JOINED),
    "SplitBackward0": rule(N_("split"), _JOINED),
    "SplitWithSizesBackward0": rule(N_("split"), _JOINED),
    "UnsafeSplitBackward0": rule(N_("split"), _JOINED),
    "ChunkBackward0": rule(N_("split"), _JOINED),
}

RULES: dict[str, Rule] = {**_VIEWS, **_COPIES, **_INDEXING, **_JOINING}
