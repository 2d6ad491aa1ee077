"""Matrix products and other linear algebra."""

from __future__ import annotations

from engine.explain.rules.rule import Rule, rule
from engine.text.language import N_

_PRODUCT = N_("Each matrix receives what arrives multiplied by the other matrix, transposed.")
_PLUS = N_(
    "The added tensor receives what arrives; each matrix receives it multiplied by the other matrix, transposed."
)

RULES: dict[str, Rule] = {
    "MmBackward0": rule(N_("matrix product"), _PRODUCT, "self: grad @ T(mat2)", "mat2: T(self) @ grad"),
    "BmmBackward0": rule(N_("batched matrix product"), _PRODUCT, "self: grad @ T(mat2)", "mat2: T(self) @ grad"),
    "MvBackward0": rule(
        N_("matrix times vector"),
        N_(
            "The matrix receives the outer product of what arrives and the vector; the vector receives the "
            "transposed matrix times what arrives."
        ),
        "self: outer(grad, vec)",
        "vec: T(self) @ grad",
    ),
    "DotBackward0": rule(
        N_("dot product"),
        N_("Each vector's gradient is the other vector times what arrives."),
        "self: grad * tensor",
        "tensor: grad * self",
    ),
    "VdotBackward0": rule(
        N_("dot product"),
        N_("Each vector's gradient is the other vector times what arrives."),
        "self: grad * other",
        "other: grad * self",
    ),
    "AddmmBackward0": rule(
        N_("matrix product plus bias"),
        _PLUS,
        "self: grad * beta",
        "mat1: grad @ T(mat2) * alpha",
        "mat2: T(mat1) @ grad * alpha",
    ),
    "AddmvBackward0": rule(
        N_("matrix times vector plus bias"),
        _PLUS,
        "self: grad * beta",
        "mat: outer(grad, vec) * alpha",
        "vec: T(mat) @ grad * alpha",
    ),
    "BaddbmmBackward0": rule(
        N_("batched matrix product plus bias"),
        _PLUS,
        "self: grad * beta",
        "batch1: grad @ T(batch2) * alpha",
        "batch2: T(batch1) @ grad * alpha",
    ),
    "AddbmmBackward0": rule(N_("summed batched matrix product"), _PLUS),
    "AddrBackward0": rule(
        N_("outer product plus matrix"),
        N_("The added matrix receives what arrives; each vector receives it multiplied by the other vector."),
        "self: grad * beta",
        "vec1: grad @ vec2 * alpha",
        "vec2: T(grad) @ vec1 * alpha",
    ),
    "LinearBackward0": rule(
        N_("linear layer"),
        N_("The input receives what arrives times the weight; the weight receives its transpose times the input."),
    ),
    "MkldnnLinearBackward0": rule(
        N_("linear layer"),
        N_("The input receives what arrives times the weight; the weight receives its transpose times the input."),
    ),
    "LinalgInvExBackward0": rule(
        N_("matrix inverse"),
        N_("What arrives between two transposed inverses, with its sign flipped."),
        "A: -(T(inverse) @ grad @ T(inverse))",
    ),
    "LinalgDetBackward0": rule(
        N_("determinant"), N_("What arrives times the determinant times the transposed inverse.")
    ),
    "LinalgSlogdetBackward0": rule(N_("log of the determinant"), N_("What arrives times the transposed inverse.")),
    "LinalgSolveExBackward0": rule(N_("solve linear equations"), N_("A second solve with the transposed matrix.")),
    "LinalgCholeskyExBackward0": rule(N_("Cholesky factor"), N_("Two triangular solves with the factor.")),
    "LinalgSvdBackward0": rule(
        N_("singular values"),
        N_("The gradient is rotated by the singular vectors; it is not defined where singular values coincide."),
    ),
    "LinalgEighBackward0": rule(
        N_("eigenvalues"),
        N_("The gradient is rotated by the eigenvectors; it is not defined where eigenvalues coincide."),
    ),
    "LinalgQrBackward0": rule(N_("QR factors"), N_("A triangular solve with R.")),
    "LinalgCrossBackward0": rule(
        N_("cross product"), N_("Each vector's gradient is the cross product of the other vector with what arrives.")
    ),
    "TraceBackward0": rule(N_("trace"), N_("The arriving gradient on the diagonal, zero elsewhere.")),
    "TrilBackward0": rule(
        N_("lower triangle"), N_("The gradient passes in the triangle that was kept; elsewhere it is zero.")
    ),
    "TriuBackward0": rule(
        N_("upper triangle"), N_("The gradient passes in the triangle that was kept; elsewhere it is zero.")
    ),
}
