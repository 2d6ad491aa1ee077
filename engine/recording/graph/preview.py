"""Bounded previews of tensors: plain data, no random numbers drawn, no autograd nodes made."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
import torch

from engine.contract.trace import Complex, Limits, Number, Stats, Value
from engine.contract.values import Bins, edges_between, finite_or_word, n_bins
from engine.recording import private

UNREADABLE = (RuntimeError, NotImplementedError, TypeError, ValueError)


def preview(tensor: torch.Tensor, limits: Limits, items: int | None = None, *, is_final: bool = False) -> Value:
    """The tensor's content now, whole up to ``items`` elements (default ``limits.items``).

    Larger ones keep ``limits.edge`` entries at both ends of the last two dimensions and index 0 of
    the others, with statistics over everything up to ``limits.stats_items`` elements; a gradient
    that ``is_final`` then has its elements counted in bins, too. Anything that cannot be read gives a
    Value that says why. Call inside :func:`engine.recording.private.unseen`.
    """
    shape, dtype = private.shape_of(tensor), str(tensor.dtype).removeprefix("torch.")
    reason = _unreadable(tensor, limits)
    if reason is None:
        try:
            array = array_of(tensor)
            value = _read(array, shape, dtype, limits, limits.items if items is None else items)
            is_counted = is_final and not value.is_whole and value.stats is not None
            return msgspec.structs.replace(value, bins=bins_of(array)) if is_counted else value
        except UNREADABLE as error:
            reason = f"{type(error).__name__}: {error}"[:200]
    return Value(shape=shape, dtype=dtype, is_whole=False, unavailable=reason)


def value_of(root: torch.Tensor) -> float | None:
    """The one real number of a root; None when it is not one. Call inside :func:`engine.recording.private.unseen`."""
    try:
        number = root.item() if root.numel() == 1 else None
    except UNREADABLE:
        return None
    return number if isinstance(number, float) else None


def number_or_copy(root: torch.Tensor) -> Any:
    """The root's number now, None when it is not one real number; of a root on a device a copy, to be read later."""
    if type(root) is torch.Tensor and root.device.type == "cpu" and not private.n_modes():
        return value_of(root)
    with private.unseen():
        if root.device.type == "cpu" or root.numel() != 1 or root.is_complex() or private.unreadable(root):
            return value_of(root)
        return root.detach().clone()  # reading it would wait for the device


def _unreadable(tensor: torch.Tensor, limits: Limits) -> str | None:
    if (reason := private.unreadable(tensor)) is not None:
        return reason
    if tensor.layout is not torch.strided and tensor.numel() > limits.items:
        return f"{str(tensor.layout).removeprefix('torch.')} tensor of {tensor.numel()} elements"
    return None


def _read(array: np.ndarray, shape: tuple[int, ...], dtype: str, limits: Limits, items: int) -> Value:
    n = array.size
    if n <= items:
        stats = stats_of(array) if n > limits.items else None
        kept = tuple(tuple(range(size)) for size in shape) if n else ()
        return Value(shape, dtype, _numbers(array), kept, True, stats)
    kept = tuple(_kept(d, len(shape), size, limits.edge) for d, size in enumerate(shape))
    stats = stats_of(array) if n <= limits.stats_items else None
    return Value(shape, dtype, _numbers(array[np.ix_(*kept)]), kept, False, stats)


def array_of(tensor: torch.Tensor) -> np.ndarray:
    """The tensor's content as an array, without a copy where torch allows."""
    tensor = tensor.detach()
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.device.type != "cpu":
        tensor = tensor.cpu()
    if tensor.is_conj() or tensor.is_neg():
        tensor = tensor.resolve_conj().resolve_neg()
    if tensor.is_floating_point() and tensor.dtype not in (torch.float32, torch.float64, torch.float16):
        tensor = tensor.float()  # bfloat16 and the 8-bit types have no NumPy twin
    return private.as_array(tensor)


def _kept(dimension: int, n_dimensions: int, size: int, edge: int) -> tuple[int, ...]:
    if dimension < n_dimensions - 2:
        return (0,)
    return tuple(range(size)) if size <= 2 * edge else (*range(edge), *range(size - edge, size))


def _numbers(array: np.ndarray) -> tuple[Number, ...]:
    numbers = array.ravel().tolist()
    if array.dtype.kind == "c":
        return tuple(Complex(finite_or_word(z.real), finite_or_word(z.imag)) for z in numbers)
    if array.dtype.kind == "f" and not all(map(math.isfinite, numbers)):
        return tuple(finite_or_word(x) for x in numbers)
    return tuple(numbers)


def stats_of(array: np.ndarray) -> Stats:
    """Over all elements, right at every scale: no square of a small or large number is lost."""
    n_zeros = array.size - int(np.count_nonzero(array))
    with np.errstate(all="ignore"):  # the program's own NumPy warnings are not ours to raise
        if array.dtype.kind == "c":
            return Stats(None, None, None, finite_or_word(norm_of(array)), n_zeros)
        if array.dtype.kind != "f" or array.dtype.itemsize == 2:
            array = array.astype(np.float64)
        flat = array.ravel()
        low, high, mean, norm = float(flat.min()), float(flat.max()), float(flat.mean()), norm_of(flat)
        if math.isfinite(norm) and math.isfinite(mean):
            return Stats(low, high, mean, norm, n_zeros)
        return _stats_with_holes(flat.astype(np.float64), norm, n_zeros)


def bins_of(array: np.ndarray) -> Bins | None:
    """All finite elements counted in bins of equal width; None for complex ones, and when none is finite."""
    if array.dtype.kind == "c":
        return None
    flat = array.ravel()
    if flat.dtype.kind != "f" or flat.dtype.itemsize == 2:
        flat = flat.astype(np.float64)
    with np.errstate(all="ignore"):
        if not math.isfinite(float(flat.min()) + float(flat.max())):
            flat = flat[np.isfinite(flat)]
        if not flat.size:
            return None
        low, high = float(flat.min()), float(flat.max())
        edges = edges_between(low, high, n_bins(flat.size))
        n, width = len(edges) - 1, high - low
        if n == 1 or not (math.isfinite(width) and math.isfinite(n / width)):
            counts = np.bincount(np.searchsorted(edges[1:-1], flat, side="right"), minlength=n)
        else:
            counts = np.histogram(flat, bins=n, range=(low, high))[0]
        return Bins(edges, tuple(counts.tolist()))


def norm_of(array: np.ndarray) -> float:
    """The Euclidean norm of all elements; NaN when one is NaN."""
    flat = array.ravel()
    if flat.dtype.kind == "c":
        flat = np.concatenate((np.real(flat), np.imag(flat)))
    if flat.dtype.kind != "f" or flat.dtype.itemsize == 2:
        flat = flat.astype(np.float64)
    with np.errstate(all="ignore"):
        square = float(np.dot(flat, flat))
        low, high = SAFE_SQUARES[flat.dtype.itemsize]
        if low < square < high:
            return math.sqrt(square)
        if np.isnan(flat).any():
            return math.nan
        wide = flat.astype(np.float64)
        largest = float(np.abs(wide).max()) if wide.size else 0.0
        if largest == 0 or not math.isfinite(largest):
            return largest
        return largest * math.sqrt(float(np.dot(scaled := wide / largest, scaled)))


SAFE_SQUARES = {4: (1e-30, 1e37), 8: (1e-280, 1e307)}  # of float32 and float64: what is lost below does not count


def _stats_with_holes(flat: np.ndarray, norm: float, n_zeros: int) -> Stats:
    """Minimum and maximum over what is a number; None when all elements are NaN."""
    is_nan = np.isnan(flat)
    numbers = flat[~is_nan]
    mean = float(flat.mean())
    if math.isinf(mean) and np.isfinite(flat).all():
        mean = float((flat / flat.size).sum())  # the sum alone overflows
    return Stats(
        min=finite_or_word(float(numbers.min())) if numbers.size else None,
        max=finite_or_word(float(numbers.max())) if numbers.size else None,
        mean=finite_or_word(mean),
        norm=finite_or_word(norm),
        n_zeros=n_zeros,
        n_nan=int(is_nan.sum()),
        n_inf=int(np.isinf(flat).sum()),
    )
