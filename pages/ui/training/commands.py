"""What the page's buttons ask of a run."""

from __future__ import annotations

import math
from typing import Union

import msgspec
from typing_extensions import assert_never

from engine.contract.live import RecordNext, ScaleLearningRate, SetLearningRate
from pages.ui.training.desk import TrainingDesk
from pages.ui.training.run import LiveRun


class _Ask(msgspec.Struct, frozen=True, tag_field="what", forbid_unknown_fields=True):
    run: str


class Pause(_Ask, frozen=True, tag="pause"):
    """Hold the process."""


class Resume(_Ask, frozen=True, tag="resume"):
    """Let it go on."""


class Stop(_Ask, frozen=True, tag="stop"):
    """End it; its curves stay."""


class Remove(_Ask, frozen=True, tag="remove"):
    """Forget it."""


class RecordStep(_Ask, frozen=True, tag="record"):
    """Record its next step in full."""


class Before(_Ask, frozen=True, tag="before"):
    """Run it again and record the step before its loss stopped being finite, and that one."""


class LearningRate(_Ask, frozen=True, tag="learning_rate"):
    """Another learning rate: a value, or a factor of what it is."""

    value: float | None = None
    factor: float | None = None


Asked = Union[Pause, Resume, Stop, Remove, RecordStep, Before, LearningRate]


def act(desk: TrainingDesk, asked: Asked) -> bool:
    """Do it; False when it makes no sense now."""
    run = desk.run(asked.run)
    if run is None:
        return False
    match asked:
        case Remove():
            desk.remove(run.id)
            return True
        case Before():
            return _before(desk, run)
        case _ if run.has_ended:
            return False
        case Pause():
            run.pause()
        case Resume():
            run.resume()
        case Stop():
            run.stop()
        case RecordStep():
            return run.tell(RecordNext())
        case LearningRate():
            return _learning_rate(run, asked)
        case _:
            assert_never(asked)
    return True


def _learning_rate(run: LiveRun, asked: LearningRate) -> bool:
    if asked.value is not None and math.isfinite(asked.value) and asked.value >= 0:
        return run.tell(SetLearningRate(asked.value))
    if asked.factor is not None and math.isfinite(asked.factor) and asked.factor > 0:
        return run.tell(ScaleLearningRate(asked.factor))
    return False


def _before(desk: TrainingDesk, run: LiveRun) -> bool:
    at = run.store.not_finite
    if at is None:
        return False
    wanted = tuple(backward for backward in (at.step - 2, at.step - 1) if backward >= 0)
    return desk.again(run, wanted) is not None
