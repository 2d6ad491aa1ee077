"""The table's names are the names PyTorch gives its nodes, and an unknown name gets an honest answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from engine.explain.rules.table import RULES, rule_for
from tests.engine.explain.operations import Cube

IMAGE = torch.arange(64.0).reshape(1, 1, 8, 8).sin().requires_grad_()
VOLUME = torch.arange(64.0).reshape(1, 1, 4, 4, 4).sin().requires_grad_()
SEQUENCE = torch.arange(16.0).reshape(1, 2, 8).sin().requires_grad_()
MATRIX = torch.arange(16.0).reshape(4, 4).sin().requires_grad_()
WEIGHT = torch.ones(2, 1, 3, 3, requires_grad=True)
INDEX = torch.tensor([1, 0])


def _attention() -> Tensor:
    q = SEQUENCE.reshape(1, 1, 4, 4)
    return F.scaled_dot_product_attention(q, q, q)


def _written(index) -> Tensor:
    y = MATRIX * 1
    y[index] = MATRIX[0] * 2
    return y


NODES: dict[str, Callable[[], Tensor]] = {
    "ConvolutionBackward0": lambda: F.conv2d(IMAGE, WEIGHT),
    "MaxPool2DWithIndicesBackward0": lambda: F.max_pool2d(IMAGE, 2),
    "MaxPool3DWithIndicesBackward0": lambda: F.max_pool3d(VOLUME, 2),
    "AdaptiveMaxPool2DBackward0": lambda: F.adaptive_max_pool2d(IMAGE, 2),
    "AvgPool2DBackward0": lambda: F.avg_pool2d(IMAGE, 2),
    "AvgPool3DBackward0": lambda: F.avg_pool3d(VOLUME, 2),
    "AdaptiveAvgPool2DBackward0": lambda: F.adaptive_avg_pool2d(IMAGE, 2),
    "NativeBatchNormBackward0": lambda: nn.BatchNorm2d(1)(IMAGE),
    "NativeLayerNormBackward0": lambda: F.layer_norm(SEQUENCE, (8,)),
    "NativeGroupNormBackward0": lambda: F.group_norm(SEQUENCE, 2),
    "EmbeddingBackward0": lambda: nn.Embedding(3, 2)(INDEX),
    "EmbeddingBagBackward0": lambda: nn.EmbeddingBag(3, 2)(INDEX[None]),
    "NativeDropoutBackward0": lambda: torch.native_dropout(MATRIX, 0.5, True)[0],
    "ScaledDotProductFlashAttentionForCpuBackward0": _attention,
    "UpsampleNearest2DBackward0": lambda: F.interpolate(IMAGE, scale_factor=2),
    "UpsampleBilinear2DBackward0": lambda: F.interpolate(IMAGE, scale_factor=2, mode="bilinear"),
    "UpsampleBicubic2DBackward0": lambda: F.interpolate(IMAGE, scale_factor=2, mode="bicubic"),
    "GridSampler2DBackward0": lambda: F.grid_sample(IMAGE, torch.zeros(1, 2, 2, 2), align_corners=False),
    "ReflectionPad2DBackward0": lambda: F.pad(IMAGE, (1, 1, 1, 1), mode="reflect"),
    "ReplicationPad2DBackward0": lambda: F.pad(IMAGE, (1, 1, 1, 1), mode="replicate"),
    "ConstantPadNdBackward0": lambda: F.pad(IMAGE, (1, 1)),
    "PixelShuffleBackward0": lambda: F.pixel_shuffle(IMAGE.expand(1, 4, 8, 8), 2),
    "Im2ColBackward0": lambda: F.unfold(IMAGE, 2),
    "Col2ImBackward0": lambda: F.fold(F.unfold(IMAGE, 2), (8, 8), 2),
    "NllLossBackward0": lambda: F.nll_loss(MATRIX, torch.tensor([0, 1, 2, 3])),
    "NllLoss2DBackward0": lambda: F.nll_loss(IMAGE, torch.zeros(1, 8, 8, dtype=torch.long)),
    "SoftMarginLossBackward0": lambda: F.soft_margin_loss(MATRIX, torch.ones(4, 4)),
    "MultiMarginLossBackward0": lambda: F.multi_margin_loss(MATRIX, torch.tensor([0, 1, 2, 3])),
    "MultilabelMarginLossBackward0": lambda: F.multilabel_margin_loss(MATRIX, torch.zeros(4, 4).long()),
    "CtcLossBackward0": lambda: F.ctc_loss(
        IMAGE[0].reshape(8, 1, 8).log_softmax(2),
        torch.tensor([[1, 2]]),
        torch.tensor([8]),
        torch.tensor([2]),
        reduction="none",
    ),
    "TransposeBackward0": lambda: MATRIX.transpose(0, 1),
    "PermuteBackward0": lambda: MATRIX.permute(1, 0),
    "ExpandBackward0": lambda: MATRIX.expand(2, 4, 4),
    "RepeatBackward0": lambda: MATRIX.repeat(2, 1),
    "RollBackward0": lambda: MATRIX.roll(1),
    "FlipBackward0": lambda: MATRIX.flip(0),
    "DiagonalBackward0": lambda: MATRIX.diagonal(),
    "AsStridedBackward0": lambda: MATRIX.as_strided((2, 2), (1, 2)),
    "UnfoldBackward0": lambda: MATRIX.unfold(0, 2, 1),
    "UnsafeViewBackward0": lambda: SEQUENCE.expand(3, 2, 8) @ SEQUENCE.reshape(8, 2),
    "IndexBackward0": lambda: MATRIX[INDEX],
    "IndexSelectBackward0": lambda: MATRIX.index_select(0, INDEX),
    "GatherBackward0": lambda: MATRIX.gather(0, torch.zeros(1, 4).long()),
    "TakeBackward0": lambda: MATRIX.take(INDEX),
    "MaskedSelectBackward0": lambda: MATRIX.masked_select(MATRIX > 0),
    "IndexPutBackward0": lambda: _written(INDEX),
    "CopySlices": lambda: _written(0),
    "IndexAddBackward0": lambda: MATRIX.index_add(0, INDEX, MATRIX[:2]),
    "IndexCopyBackward0": lambda: MATRIX.index_copy(0, INDEX, MATRIX[:2]),
    "IndexFillBackward0": lambda: MATRIX.index_fill(0, INDEX, 0),
    "ScatterBackward0": lambda: MATRIX.scatter(0, torch.zeros(1, 4).long(), MATRIX),
    "ScatterBackward1": lambda: MATRIX.scatter(0, torch.zeros(1, 4).long(), 1.0),
    "ScatterAddBackward0": lambda: MATRIX.scatter_add(0, torch.zeros(1, 4).long(), MATRIX),
    "ScatterReduceBackward0": lambda: MATRIX.scatter_reduce(0, torch.zeros(1, 4).long(), MATRIX, "sum"),
    "CatBackward0": lambda: torch.cat([MATRIX, MATRIX]),
    "StackBackward0": lambda: torch.stack([MATRIX, MATRIX]),
    "UnbindBackward0": lambda: MATRIX.unbind()[0],
    "SplitBackward0": lambda: MATRIX.split(2)[0],
    "SplitWithSizesBackward0": lambda: MATRIX.split([1, 3])[0],
    "SortBackward0": lambda: MATRIX.sort()[0],
    "TopkBackward0": lambda: MATRIX.topk(2)[0],
    "CumprodBackward0": lambda: MATRIX.cumprod(0),
    "LogcumsumexpBackward0": lambda: MATRIX.logcumsumexp(0),
    "CummaxBackward0": lambda: MATRIX.cummax(0)[0],
    "CumminBackward0": lambda: MATRIX.cummin(0)[0],
    "NansumBackward0": lambda: MATRIX.nansum(),
    "VarMeanBackward0": lambda: torch.var_mean(MATRIX)[0],
    "StdMeanBackward0": lambda: torch.std_mean(MATRIX)[0],
    "AminmaxBackward0": lambda: MATRIX.aminmax()[0],
    "RenormBackward0": lambda: MATRIX.renorm(2, 0, 1),
    "CdistBackward0": lambda: torch.cdist(MATRIX, MATRIX * 1),
    "ClampBackward0": lambda: MATRIX.clamp(MATRIX[0]),
    "MishBackward0": lambda: F.mish(MATRIX),
    "HardswishBackward0": lambda: F.hardswish(MATRIX),
    "HardshrinkBackward0": lambda: F.hardshrink(MATRIX),
    "SoftshrinkBackward0": lambda: F.softshrink(MATRIX),
    "GluBackward0": lambda: F.glu(MATRIX),
    "RreluWithNoiseBackward0": lambda: F.rrelu(MATRIX, training=True),
    "BernoulliBackward0": lambda: MATRIX.sigmoid().bernoulli(),
    "AddbmmBackward0": lambda: torch.addbmm(MATRIX, MATRIX[None], MATRIX[None]),
    "LinalgDetBackward0": lambda: torch.linalg.det(MATRIX),
    "LinalgSlogdetBackward0": lambda: torch.linalg.slogdet(MATRIX)[1],
    "LinalgSolveExBackward0": lambda: torch.linalg.solve(MATRIX + 3 * torch.eye(4), MATRIX),
    "LinalgCholeskyExBackward0": lambda: torch.linalg.cholesky(MATRIX @ MATRIX.T + torch.eye(4)),
    "LinalgSvdBackward0": lambda: torch.linalg.svd(MATRIX)[1],
    "LinalgEighBackward0": lambda: torch.linalg.eigh(MATRIX)[0],
    "LinalgQrBackward0": lambda: torch.linalg.qr(MATRIX)[0],
    "LinalgCrossBackward0": lambda: torch.linalg.cross(MATRIX[:, :3], MATRIX[:, 1:]),
    "TraceBackward0": lambda: MATRIX.trace(),
    "TrilBackward0": lambda: MATRIX.tril(),
    "TriuBackward0": lambda: MATRIX.triu(),
    "ViewAsRealBackward0": lambda: torch.view_as_real(MATRIX.to(torch.complex64)),
    "ViewAsComplexBackward0": lambda: torch.view_as_complex(MATRIX.reshape(8, 2)),
    "CheckpointFunctionBackward": lambda: checkpoint(torch.sin, MATRIX, use_reentrant=True),
}


@pytest.mark.parametrize("name", NODES)
def test_the_table_knows_the_node_by_the_name_pytorch_gives_it(name):
    node = NODES[name]().grad_fn
    assert type(node).__name__ == name
    assert name in RULES


def test_the_type_name_and_the_long_name_of_a_leafs_node_give_the_same_rule():
    node = (MATRIX * 1).grad_fn.next_functions[0][0]
    assert rule_for(node.name()) == rule_for(type(node).__name__) == RULES["AccumulateGrad"]


def test_a_custom_function_is_named_after_its_class():
    node = Cube.apply(MATRIX).grad_fn
    rule = rule_for(type(node).__name__)
    assert rule.word == "Cube"
    assert "torch.autograd.Function" in rule.sentence
    assert rule.formulas == ()


def test_an_unknown_built_in_node_gets_its_torch_name_and_no_invented_formula():
    assert rule_for("LinalgLuFactorExBackward0").word == "linalg_lu_factor_ex"
    assert rule_for("LinalgLuFactorExBackward0").formulas == ()


@pytest.mark.parametrize("odd", ["", "Backward", "Backward0", "::", "🙂", "<script>", "x" * 10_000])
def test_no_name_makes_it_raise(odd):
    rule = rule_for(odd)
    assert isinstance(rule.word, str) and rule.sentence


def test_every_rule_has_words_and_formulas_only_for_edges_in_order():
    for name, rule in RULES.items():
        assert rule.word and rule.sentence.endswith((".", ":")), name
        edges = [formula.edge for formula in rule.formulas]
        assert edges == sorted(edges), name
        assert all(formula.text for formula in rule.formulas), name
