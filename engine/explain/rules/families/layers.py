"""Layers: convolution, pooling, normalisation, embedding, attention, recurrent cells, resampling."""

from __future__ import annotations

from engine.explain.rules.rule import Rule, rule
from engine.text.language import N_

_CONVOLUTION = rule(
    N_("convolution"),
    N_(
        "The input receives a transposed convolution of what arrives; the weight receives the correlation "
        "of what arrives with the input; the bias receives the sum over batch and positions."
    ),
    "input: conv_transpose(grad, weight)",
    "weight: correlate(input, grad)",
    "bias: sum_positions(grad)",
)
_MAX_POOL = rule(N_("max pooling"), N_("Each window's gradient goes to its largest element; all others receive zero."))
_AVERAGE_POOL = rule(N_("average pooling"), N_("Each window's gradient is divided evenly among its elements."))
_NORMALISE = N_(
    "Mean and deviation depend on every element, so the parts of the gradient along both are taken "
    "off; weight and bias receive sums."
)
_BATCH_NORM = rule(N_("batch norm"), _NORMALISE)
_ATTENTION = rule(
    N_("attention"),
    N_(
        "The values receive what arrives weighted by the attention; queries and keys receive theirs "
        "through the softmax."
    ),
)
_RECURRENT = rule(N_("recurrent cell"), N_("The chain rule through the gates; only fused, one node instead of many."))
_UPSAMPLE = rule(
    N_("resample"), N_("Each output's gradient goes back to the inputs it was mixed from, with the same weights.")
)
_PAD = rule(N_("pad"), N_("What was added around is folded back onto the elements it was copied from."))
_EMBEDDING = rule(
    N_("embedding"),
    N_("Each looked-up row receives its gradient; rows used more than once add up, unused rows receive zero."),
)
_FOLD = rule(N_("fold windows"), N_("Each window's gradient goes back to its place; overlaps add up."))

RULES: dict[str, Rule] = {
    "ConvolutionBackward0": _CONVOLUTION,
    "ConvolutionOverrideableBackward0": _CONVOLUTION,
    "MkldnnConvolutionBackward0": _CONVOLUTION,
    "CudnnConvolutionBackward0": _CONVOLUTION,
    "CudnnConvolutionTransposeBackward0": _CONVOLUTION,
    "ConvDepthwise2DBackward0": _CONVOLUTION,
    "SlowConv3DBackward0": _CONVOLUTION,
    "MaxPool2DWithIndicesBackward0": _MAX_POOL,
    "MaxPool3DWithIndicesBackward0": _MAX_POOL,
    "MaxPool2DBackward0": _MAX_POOL,
    "MkldnnMaxPool2DBackward0": _MAX_POOL,
    "AdaptiveMaxPool2DBackward0": _MAX_POOL,
    "AdaptiveMaxPool3DBackward0": _MAX_POOL,
    "FractionalMaxPool2DBackward0": _MAX_POOL,
    "MaxUnpool2DBackward0": rule(
        N_("max unpooling"), N_("Each element takes back the gradient from the place it was put.")
    ),
    "AvgPool2DBackward0": _AVERAGE_POOL,
    "AvgPool3DBackward0": _AVERAGE_POOL,
    "AdaptiveAvgPool2DBackward0": _AVERAGE_POOL,
    "AdaptiveAvgPool3DBackward0": _AVERAGE_POOL,
    "NativeBatchNormBackward0": _BATCH_NORM,
    "CudnnBatchNormBackward0": _BATCH_NORM,
    "MiopenBatchNormBackward0": _BATCH_NORM,
    "BatchNormWithUpdateBackward0": _BATCH_NORM,
    "NativeLayerNormBackward0": rule(N_("layer norm"), _NORMALISE),
    "NativeGroupNormBackward0": rule(N_("group norm"), _NORMALISE),
    "FusedRmsNormBackward0": rule(
        N_("RMS norm"),
        N_("The size depends on every element, so the part of the gradient along the input is taken off."),
    ),
    "EmbeddingBackward0": _EMBEDDING,
    "EmbeddingBagBackward0": _EMBEDDING,
    "ScaledDotProductFlashAttentionForCpuBackward0": _ATTENTION,
    "ScaledDotProductFlashAttentionBackward0": _ATTENTION,
    "ScaledDotProductEfficientAttentionBackward0": _ATTENTION,
    "ScaledDotProductCudnnAttentionBackward0": _ATTENTION,
    "ScaledDotProductFusedAttentionOverrideableBackward0": _ATTENTION,
    "CudnnRnnBackward0": _RECURRENT,
    "MkldnnRnnLayerBackward0": _RECURRENT,
    "ThnnFusedLstmCellBackward0": _RECURRENT,
    "ThnnFusedGruCellBackward0": _RECURRENT,
    "LstmMpsBackward0": _RECURRENT,
    "UpsampleNearest1DBackward0": _UPSAMPLE,
    "UpsampleNearest2DBackward0": _UPSAMPLE,
    "UpsampleNearest3DBackward0": _UPSAMPLE,
    "UpsampleLinear1DBackward0": _UPSAMPLE,
    "UpsampleBilinear2DBackward0": _UPSAMPLE,
    "UpsampleTrilinear3DBackward0": _UPSAMPLE,
    "UpsampleBicubic2DBackward0": _UPSAMPLE,
    "UpsampleBilinear2DAaBackward0": _UPSAMPLE,
    "GridSampler2DBackward0": _UPSAMPLE,
    "GridSampler3DBackward0": _UPSAMPLE,
    "ReflectionPad1DBackward0": _PAD,
    "ReflectionPad2DBackward0": _PAD,
    "ReplicationPad1DBackward0": _PAD,
    "ReplicationPad2DBackward0": _PAD,
    "PixelShuffleBackward0": rule(
        N_("pixel shuffle"), N_("The gradient goes back to the places the elements came from.")
    ),
    "PixelUnshuffleBackward0": rule(
        N_("pixel unshuffle"), N_("The gradient goes back to the places the elements came from.")
    ),
    "Im2ColBackward0": _FOLD,
    "Col2ImBackward0": _FOLD,
}
