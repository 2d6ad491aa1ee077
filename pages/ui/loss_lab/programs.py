"""The programs of the loss laboratory: what the learner has set, written as a program that anybody could run.

Every number of the page is printed by such a program as one line of JSON. A curve is made as the points are, by
autograd: a grid of predictions or logits goes through the same loss with ``reduction="none"``, and for "mean" each
element is divided by the number of points, so that it is one point's share of the loss.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, Union

from engine.contract.trace import Program

Reduction = Literal["mean", "sum"]
Family = Literal["values", "binary", "classes"]
FILENAME = "loss_laboratory.py"
HALF = 120  # places of the grid to either side of 0, which is one itself: L1 has its kink there
LEAST_REACH, LOGIT_REACH, CLASS_REACH = 4.0, 30.0, 10.0  # of a grid to either side, at least

_MEASURE = """
measured = {{}}
for name, loss_fn in losses.items():
    {leaf} = torch.tensor({leaf}s, requires_grad=True)
    loss = loss_fn({leaf}, torch.tensor(targets), reduction=reduction)
    loss.backward()

    grid = (torch.arange(-{half}, {half} + 1) * {step!r}).requires_grad_()
    curve = loss_fn(grid, torch.full_like(grid, {target!r}), reduction="none")
    shares = loss_fn({leaf}.detach(), torch.tensor(targets), reduction="none")
    if reduction == "mean":
        curve, shares = curve / len(targets), shares / len(targets)
    curve.sum().backward()

    measured[name] = {{
        "loss": loss.item(), "gradients": {leaf}.grad.tolist(), "shares": shares.tolist(),
        "grid": grid.tolist(), "curve": curve.tolist(), "slopes": grid.grad.tolist(),
    }}
"""

_VALUES = """import json
from functools import partial

import torch
from torch.nn import functional as F

predictions = {predictions!r}
targets = {targets!r}
reduction = {reduction!r}
losses = {{
    "MSE": F.mse_loss,
    "L1": F.l1_loss,
    "SmoothL1": partial(F.smooth_l1_loss, beta={beta!r}),
    "Huber": partial(F.huber_loss, delta={delta!r}),
}}
"""

_BINARY = """import json

import torch
from torch.nn import functional as F

logits = {logits!r}
targets = {targets!r}
reduction = {reduction!r}


def bce(z, target, reduction):
    return F.binary_cross_entropy(torch.sigmoid(z), target, reduction=reduction)


def by_hand(z, target, reduction):
    p = torch.sigmoid(z)
    each = -(target * torch.log(p) + (1 - target) * torch.log(1 - p))
    return each if reduction == "none" else getattr(each, reduction)()


losses = {{"BCE": bce, "BCEWithLogits": F.binary_cross_entropy_with_logits, "by hand": by_hand}}
"""

_CLASSES = """import json

import torch
from torch.nn import functional as F

rows = {rows!r}
targets = {targets!r}
reduction = {reduction!r}

logits = torch.tensor(rows, requires_grad=True)
loss = F.cross_entropy(logits, torch.tensor(targets), reduction=reduction)
loss.backward()
softmax = torch.softmax(logits.detach(), dim=1)
onehot = F.one_hot(torch.tensor(targets), len(rows[0]))
shares = F.cross_entropy(logits.detach(), torch.tensor(targets), reduction="none")

grid = (torch.arange(-{half}, {half} + 1) * {step!r}).requires_grad_()
first = torch.tensor(rows[0]).repeat(len(grid), 1)
first = torch.cat([first[:, :{chosen}], grid[:, None], first[:, {after}:]], dim=1)
curve = F.cross_entropy(first, torch.full((len(grid),), targets[0]), reduction="none")
if reduction == "mean":
    curve, shares = curve / len(targets), shares / len(targets)
curve.sum().backward()

measured = {{"CrossEntropy": {{
    "loss": loss.item(), "gradients": logits.grad[0].tolist(), "shares": shares.tolist(),
    "grid": grid.tolist(), "curve": curve.tolist(), "slopes": grid.grad.tolist(),
    "softmax": softmax[0].tolist(), "onehot": onehot[0].tolist(), "difference": (softmax - onehot)[0].tolist(),
}}}}
"""
_PRINT = "print(json.dumps(measured))\n"


@dataclass(frozen=True)
class Values:
    """Points with a prediction and a target each; the target of one of them is moved."""

    predictions: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    targets: tuple[float, ...] = (1.4, 1.5, 3.3, 4.6, 4.8, 14.0)
    chosen: int = 5
    reduction: Reduction = "mean"
    beta: float = 1.0  # of SmoothL1
    delta: float = 2.0  # of Huber

    @property
    def residuals(self) -> tuple[float, ...]:
        return tuple(p - t for p, t in zip(self.predictions, self.targets, strict=True))

    @property
    def moved(self) -> float:
        """What the learner moves: the chosen target."""
        return self.targets[self.chosen]

    def at(self, place: float) -> float:
        """What to move the target to, so that the point is at this residual."""
        return self.predictions[self.chosen] - place

    def move(self, to: float) -> Values:
        return replace(self, targets=_with(self.targets, self.chosen, to))

    def program(self) -> Program:
        reach = float(math.ceil(max(LEAST_REACH, *(abs(r) + 1 for r in self.residuals))))
        head = _VALUES.format(
            predictions=list(self.predictions),
            targets=list(self.targets),
            reduction=self.reduction,
            beta=self.beta,
            delta=self.delta,
        )
        return _program(head, _MEASURE.format(leaf="prediction", half=HALF, step=reach / HALF, target=0.0))


@dataclass(frozen=True)
class Binary:
    """Logits of points that all have the same target, 0 or 1; one logit is moved."""

    logits: tuple[float, ...] = (-2.0, 1.0, 5.0, 20.0)
    target: float = 0.0
    chosen: int = 3
    reduction: Reduction = "sum"

    @property
    def moved(self) -> float:
        return self.logits[self.chosen]

    def at(self, place: float) -> float:
        """What to move the logit to: its place on the axis is itself."""
        return place

    def move(self, to: float) -> Binary:
        return replace(self, logits=_with(self.logits, self.chosen, to))

    def program(self) -> Program:
        reach = float(math.ceil(max(LOGIT_REACH, *(abs(z) + 5 for z in self.logits))))
        targets = [self.target] * len(self.logits)
        head = _BINARY.format(logits=list(self.logits), targets=targets, reduction=self.reduction)
        return _program(head, _MEASURE.format(leaf="logit", half=HALF, step=reach / HALF, target=self.target))


@dataclass(frozen=True)
class Classes:
    """Three rows of logits for four classes; one logit of the first row is moved."""

    rows: tuple[tuple[float, ...], ...] = ((2.0, 1.0, 0.0, -1.0), (0.5, 3.0, -1.0, 0.0), (0.0, 0.0, 1.0, 2.0))
    targets: tuple[int, ...] = (0, 1, 3)
    chosen: int = 0  # a class
    reduction: Reduction = "sum"

    @property
    def moved(self) -> float:
        return self.rows[0][self.chosen]

    def at(self, place: float) -> float:
        """What to move the logit to: its place on the axis is itself."""
        return place

    def move(self, to: float) -> Classes:
        return replace(self, rows=(_with(self.rows[0], self.chosen, to), *self.rows[1:]))

    def program(self) -> Program:
        reach = float(math.ceil(max(CLASS_REACH, abs(self.moved) + 2)))
        text = _CLASSES.format(
            rows=[list(row) for row in self.rows],
            targets=list(self.targets),
            reduction=self.reduction,
            chosen=self.chosen,
            after=self.chosen + 1,
            half=HALF,
            step=reach / HALF,
        )
        return _program(text, "")


Settings = Union[Values, Binary, Classes]


def _program(head: str, rest: str) -> Program:
    return Program(source=head + rest + _PRINT, filename=FILENAME)


def _with(numbers: tuple[float, ...], place: int, number: float) -> tuple[float, ...]:
    return (*numbers[:place], float(number), *numbers[place + 1 :])
