"""Variables of the program's module as plain numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from engine.contract.live import Scalar
from engine.contract.values import finite_or_word
from engine.recording import private
from engine.recording.graph.identity import is_strided
from engine.recording.graph.preview import UNREADABLE, array_of


class SeriesReader:
    """Reads variables by name. Its methods must be called :func:`private.unseen`."""

    def __init__(self, names: tuple[str, ...], points: int) -> None:
        self._names = names
        self._points = points
        self._sent: dict[str, tuple[int, np.ndarray]] = {}

    def changed(self, variables: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Scalar, ...], int]]:
        """(name, at most ``points`` numbers, how many there are) of those that are not as they were last time."""
        for name in self._names:
            array = _array_of(variables.get(name))
            if array is None:
                continue
            size = array.size
            array = array.ravel()[thinned(size, self._points)].astype(np.float64)
            if name in self._sent and self._sent[name][0] == size and _is_same(self._sent[name][1], array):
                continue
            self._sent[name] = (size, array)
            numbers: list[float] = array.tolist()
            yield name, tuple(finite_or_word(x) for x in numbers), size


@lru_cache(64)
def thinned(n: int, points: int) -> np.ndarray:
    """``points`` of the indices below ``n``, evenly spread, both ends among them; all of them when they are few."""
    return np.arange(n) if n <= points else np.linspace(0, n - 1, points).round().astype(np.int64)


def _is_same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.tobytes() == other.tobytes()


def _array_of(content: Any) -> np.ndarray | None:
    """The variable's real numbers; None when it has none. A bool counts as 0 or 1."""
    if isinstance(content, torch.Tensor):
        if not is_strided(content) or private.unreadable(content):
            return None
        try:
            content = array_of(content)
        except UNREADABLE:
            return None
    elif isinstance(content, (float, int, np.generic)):
        content = np.asarray(content)
    return content if isinstance(content, np.ndarray) and content.dtype.kind in "fiub" else None
