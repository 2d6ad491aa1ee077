"""Learning rates: read from the optimizers that step, and changed between two steps."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch.optim.optimizer import register_optimizer_step_pre_hook

from engine.contract.live import Changed, LiveOptimizer, Scalar, ScaleLearningRate, SetLearningRate
from engine.contract.values import finite_or_word

MAX_OPTIMIZERS = 64  # known at once
MOST_OPTIMIZERS = 1_000  # in all: a program may make one for each step
MAX_GROUPS = 64  # of one
MAX_NAME = 200  # characters


@dataclass
class _Known:
    """An optimizer, and what was told of it."""

    optimizer: weakref.ref[torch.optim.Optimizer]
    number: int
    rates: list[Scalar]
    n_followed: int  # commands


class LearningRates:
    """A global hook before each step of each optimizer; :meth:`remove` takes it off."""

    def __init__(
        self,
        met: Callable[[torch.optim.Optimizer], None],
        last: Callable[[], int | None],
        looking: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._met = met  # called before an optimizer's first step
        self._last = last  # the number of the last backward run
        self._looking = looking
        self._known: dict[int, _Known] = {}
        self._n = 0
        self._commands: list[SetLearningRate | ScaleLearningRate] = []
        self._new: list[LiveOptimizer] = []
        self._changed: list[Changed] = []
        self._handle = register_optimizer_step_pre_hook(self._before_step)

    @property
    def is_empty(self) -> bool:
        """Whether no optimizer has begun to step."""
        return not self._known

    def change(self, command: SetLearningRate | ScaleLearningRate) -> None:
        """Follow the command at the next step of each optimizer known now."""
        self._commands.append(command)

    def news(self) -> tuple[tuple[LiveOptimizer, ...], tuple[Changed, ...]]:
        """Optimizers met, and rates that became others, since the last time."""
        for known in list(self._known.values()):
            self._compare(known, "program")
        new, changed, self._new, self._changed = self._new, self._changed, [], []
        return tuple(new), tuple(changed)

    def remove(self) -> None:
        """Take the hook off."""
        self._handle.remove()

    def _before_step(self, optimizer: torch.optim.Optimizer, args: tuple, kwargs: dict) -> None:
        known = self._known.get(id(optimizer))
        if known is None or known.optimizer() is not optimizer:
            with self._looking():
                self._meet(optimizer)
        elif known.n_followed < len(self._commands):
            with self._looking():
                self._follow(known, optimizer)

    def _meet(self, optimizer: torch.optim.Optimizer) -> None:
        self._known = {key: one for key, one in self._known.items() if one.optimizer() is not None}
        if len(self._known) >= MAX_OPTIMIZERS or self._n >= MOST_OPTIMIZERS:
            return
        known = _Known(weakref.ref(optimizer), self._n, _rates(optimizer), len(self._commands))
        self._n += 1
        self._known[id(optimizer)] = known
        self._new.append(LiveOptimizer(known.number, type(optimizer).__name__[:MAX_NAME], tuple(known.rates)))
        self._met(optimizer)

    def _follow(self, known: _Known, optimizer: torch.optim.Optimizer) -> None:
        self._compare(known, "program")
        for command in self._commands[known.n_followed :]:
            for group in optimizer.param_groups:
                _change(group, command)
        known.n_followed = len(self._commands)
        self._compare(known, "command")

    def _compare(self, known: _Known, by: Literal["program", "command"]) -> None:
        optimizer = known.optimizer()
        if optimizer is None:
            return
        rates = _rates(optimizer)
        for group, rate in enumerate(rates):
            if group >= len(known.rates) or rate != known.rates[group]:
                self._changed.append(Changed(self._last(), known.number, group, rate, by))
        known.rates = rates


def _rates(optimizer: torch.optim.Optimizer) -> list[Scalar]:
    return [finite_or_word(float(group.get("lr", float("nan")))) for group in optimizer.param_groups[:MAX_GROUPS]]


def _change(group: dict[str, Any], command: SetLearningRate | ScaleLearningRate) -> None:
    rate = group.get("lr")
    if rate is None:
        return
    new = command.value if isinstance(command, SetLearningRate) else float(rate) * command.factor
    if isinstance(rate, torch.Tensor):
        rate.fill_(new)
    else:
        group["lr"] = new
