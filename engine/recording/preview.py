"""Bounded previews of tensors: plain data, no random numbers drawn, no autograd nodes made."""

from __future__ import annotations

import math

import torch

from engine.recording import private
from engine.trace import Complex, Limits, NotFinite, Number, Stats, Value

UNREADABLE = (RuntimeError, NotImplementedError, TypeError, ValueError)


def preview(tensor: torch.Tensor, limits: Limits, items: int | None = None) -> Value:
    """The tensor's content now, whole up to ``items`` elements (default ``limits.items``).

    Larger ones keep ``limits.edge`` entries at both ends of the last two dimensions and index 0 of
    the others, with statistics over everything up to ``limits.stats_items`` elements. Anything that
    cannot be read gives a Value that says why. Call inside :func:`engine.recording.private.unseen`.
    """
    shape, dtype = tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")
    reason = _unreadable(tensor, limits)
    if reason is None:
        try:
            return _read(tensor, shape, dtype, limits, limits.items if items is None else items)
        except UNREADABLE as error:
            reason = f"{type(error).__name__}: {error}"[:200]
    return Value(shape=shape, dtype=dtype, is_whole=False, unavailable=reason)


def finite_or_word(x: float) -> float | NotFinite:
    """``x`` itself, or the word nan, inf, -inf, since JSON has no such numbers."""
    if math.isfinite(x):
        return x
    return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"


def _unreadable(tensor: torch.Tensor, limits: Limits) -> str | None:
    if private.is_wrapped_by_functorch(tensor):
        return "inside a torch.func transform"
    if private.has_own_dispatch(tensor):
        return f"{type(tensor).__name__} decides itself what may be read"
    if tensor.is_meta:
        return "meta tensor: it has a shape but no content"
    if tensor.layout is not torch.strided and tensor.numel() > limits.items:
        return f"{str(tensor.layout).removeprefix('torch.')} tensor of {tensor.numel()} elements"
    return None


def _read(tensor: torch.Tensor, shape: tuple[int, ...], dtype: str, limits: Limits, items: int) -> Value:
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    n = tensor.numel()
    if n <= items:
        stats = _stats(tensor) if n > limits.items else None
        kept = tuple(tuple(range(size)) for size in shape) if n else ()
        return Value(shape, dtype, _numbers(tensor), kept, True, stats)
    kept = tuple(_kept(d, len(shape), size, limits.edge) for d, size in enumerate(shape))
    stats = _stats(tensor) if n <= limits.stats_items else None
    return Value(shape, dtype, _numbers(_corner(tensor, limits.edge)), kept, False, stats)


def _kept(dimension: int, n_dimensions: int, size: int, edge: int) -> tuple[int, ...]:
    if dimension < n_dimensions - 2:
        return (0,)
    return tuple(range(size)) if size <= 2 * edge else (*range(edge), *range(size - edge, size))


def _corner(tensor: torch.Tensor, edge: int) -> torch.Tensor:
    tensor = tensor[(0,) * max(tensor.dim() - 2, 0)]
    for d in range(tensor.dim()):
        size = tensor.shape[d]
        if size > 2 * edge:
            tensor = torch.cat([tensor.narrow(d, 0, edge), tensor.narrow(d, size - edge, edge)], d)
    return tensor


def _numbers(tensor: torch.Tensor) -> tuple[Number, ...]:
    numbers = tensor.reshape(-1).tolist()
    if tensor.is_complex():
        return tuple(Complex(finite_or_word(z.real), finite_or_word(z.imag)) for z in numbers)
    if tensor.is_floating_point():
        return tuple(x if math.isfinite(x) else finite_or_word(x) for x in numbers)
    return tuple(numbers)


def _stats(tensor: torch.Tensor) -> Stats:
    if tensor.is_complex():
        norm = float(torch.linalg.vector_norm(tensor))
        n_zeros = tensor.numel() - int(torch.count_nonzero(tensor))
        return Stats(None, None, None, finite_or_word(norm), n_zeros)
    if not tensor.is_floating_point():
        tensor = tensor.double()
    elif tensor.dtype in (torch.float16, torch.bfloat16) or tensor.element_size() == 1:
        tensor = tensor.float()
    low, high = torch.aminmax(tensor)
    zeros = tensor.numel() - torch.count_nonzero(tensor)
    parts = torch.stack([low, high, tensor.mean(), torch.linalg.vector_norm(tensor), zeros.to(tensor.dtype)])
    low_, high_, mean, norm, _ = (float(x) for x in parts.tolist())
    if math.isfinite(norm):
        return Stats(low_, high_, mean, norm, int(zeros))
    return _stats_with_holes(tensor, mean, norm, int(zeros))


def _stats_with_holes(tensor: torch.Tensor, mean: float, norm: float, n_zeros: int) -> Stats:
    """Minimum and maximum over the numbers that are one; None when all elements are NaN."""
    n_nan, n_inf = int(torch.isnan(tensor).sum()), int(torch.isinf(tensor).sum())
    numbers = tensor[~torch.isnan(tensor)]
    low = finite_or_word(float(numbers.min())) if numbers.numel() else None
    high = finite_or_word(float(numbers.max())) if numbers.numel() else None
    return Stats(low, high, finite_or_word(mean), finite_or_word(norm), n_zeros, n_nan, n_inf)
