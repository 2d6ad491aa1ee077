"""Gradients of small leaves by central differences, from the program's own calls made again in float64."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from engine.contract.trace import NoNumericGradient
from engine.recording.truth.replay_tape import Tape, Values
from engine.recording.truth.true_gradient import Asked

STEP = 2.0**-17  # near the cube root of float64's precision, where a central difference is most exact
FINER = 2.0**-4  # a second, smaller step tells a kink from a curve
SUSPECT = 1e-3  # of the larger slope: the two sides differ by more
REPEATED = 1e-4  # relative difference of a root between the program's precision and float64


@dataclass(frozen=True)
class Numeric:
    """The numeric gradient of one leaf (its shape, float64), or why there is none."""

    tensor: torch.Tensor
    value: torch.Tensor | None = None
    kinks: tuple[int, ...] = ()
    unavailable: NoNumericGradient | None = None


def numeric_gradients(
    asked: Asked, tape: Tape, most_items: int, trouble: NoNumericGradient | None
) -> Iterator[Numeric]:
    """For each leaf asked for; ``trouble``: why none can be had. Call :func:`private.unseen`."""
    trouble = trouble or tape.trouble or _not_repeated(asked, tape)
    for leaf in asked.inputs:
        start = tape.first(leaf)
        if trouble is not None:
            yield Numeric(leaf, unavailable=trouble)
        elif start is None:
            yield Numeric(leaf, unavailable="out_of_sight")
        elif start.dtype != torch.float64:
            yield Numeric(leaf, unavailable="not_real")
        elif start.numel() > most_items:
            yield Numeric(leaf, unavailable="too_many")
        else:
            yield _differences(leaf, start, lambda content, leaf=leaf: _root(asked, tape, tape.at(leaf, content)))


def _not_repeated(asked: Asked, tape: Tape) -> NoNumericGradient | None:
    """Why the replay cannot stand for the program, None when its roots are the program's own."""
    if any(root.is_complex() for root in asked.roots):
        return "not_real"
    try:
        again = tape.replay({})
    except Exception:  # noqa: BLE001 - whatever a call may raise when it is made with other numbers
        return "failed"
    for root in asked.roots:
        value = tape.value(root, again)
        if value is None:
            return "out_of_sight"
        if not torch.allclose(value, root.detach().double(), rtol=REPEATED, atol=REPEATED, equal_nan=True):
            return "not_repeatable"
    return None


def _root(asked: Asked, tape: Tape, instead: Values) -> float:
    """The number that backward differentiates: the roots weighted with what backward was given."""
    again = tape.replay(instead)
    total = 0.0
    for root, gradient in zip(asked.roots, asked.gradients, strict=True):
        value = tape.value(root, again)
        if value is not None:
            total += float(value.sum() if gradient is None else (value * gradient.detach().double()).sum())
    return total


def _differences(leaf: torch.Tensor, start: torch.Tensor, f: Callable[[torch.Tensor], float]) -> Numeric:
    slopes = torch.empty(start.numel(), dtype=torch.float64)
    kinks, middle, flat = [], f(start), start.reshape(-1)

    def sides(i: int, step: float) -> tuple[float, float]:
        """Slopes to the left and to the right of element ``i``."""
        ends = []
        for sign in (-1, 1):
            moved = flat.clone()
            moved[i] += sign * step
            ends.append((f(moved.reshape(start.shape)) - middle) * sign / step)
        return ends[0], ends[1]

    for i in range(start.numel()):
        step = STEP * max(1.0, abs(float(flat[i])))
        left, right = sides(i, step)
        slopes[i] = (left + right) / 2
        if abs(right - left) > SUSPECT * max(abs(left), abs(right)):
            finer_left, finer_right = sides(i, step * FINER)
            if abs(finer_right - finer_left) > abs(right - left) / 2:
                kinks.append(i)
    return Numeric(leaf, slopes.reshape(start.shape), tuple(kinks))
