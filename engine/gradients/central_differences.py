"""Autograd's gradients beside those by central differences, of a run recorded with ``Limits.numeric_items``."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.contract.trace import AccumulatedStep, NoNumericGradient, NumericGradient, RunEndedStep, Trace, Value
from engine.contract.values import real_numbers
from engine.text.language import N_, Translate
from engine.text.numbers import number_text

MOST_ITEMS = 64  # of a leaf that is checked; also what the trace keeps whole
TOLERANCE = {"float64": 1e-6, "float16": 2e-2, "bfloat16": 8e-2}
ROUNDING = 1e-9  # float64's precision over the step of the differences, some thirty times
TOLERANCE_ELSE = 1e-3  # float32; of the largest element
UNAVAILABLE: dict[NoNumericGradient, str] = {
    "too_many": N_("not checked: it has more than {n} elements"),
    "too_long": N_("not checked: too many calls lead to the result"),
    "random": N_("not checked: a call on the way draws random numbers"),
    "out_of_sight": N_("not checked: a custom function or an earlier backward on the way cannot be calculated again"),
    "not_repeatable": N_("not checked: calculated again in float64, the result comes out different"),
    "hooks": N_("not checked: the program has hooks, which may change gradients on purpose"),
    "not_real": N_("not checked: only real floating point numbers are"),
    "failed": N_("not checked: a call raised when it was made again in float64"),
}


@dataclass(frozen=True)
class Check:
    """One leaf in one backward run. Both gradients are the run's own contribution, not the sum in ``.grad``."""

    run: int
    line: int | None  # of the backward call
    tensor: int
    name: str | None
    shape: tuple[int, ...]
    computed: tuple[float, ...] | None = None  # by autograd; None: it gave none, or not all of it was recorded
    numeric: tuple[float, ...] | None = None
    kinks: tuple[int, ...] = ()  # flat positions without a derivative; they are not compared
    difference: float | None = None  # the largest, of the elements compared
    agrees: bool | None = None  # None: there is nothing to compare
    unavailable: NoNumericGradient | None = None


def checks(trace: Trace) -> tuple[Check, ...]:
    """One for each leaf that each recorded backward run reached; empty for a run recorded without the check."""
    if not trace.numeric_gradients:
        return ()
    noise = {run: _noise(trace, run) for run in {found.run for found in trace.numeric_gradients}}
    given = _contributions(trace)
    return tuple(
        _check(trace, found, given.get((found.run, found.tensor)), noise[found.run])
        for found in trace.numeric_gradients
    )


def verdict(check: Check, _: Translate) -> str:
    """What came of the check, in a few words."""
    if check.unavailable is not None:
        return _(UNAVAILABLE[check.unavailable]).format(n=MOST_ITEMS)
    if check.computed is None:
        return _("autograd gave none")
    kinks = _("; no derivative at {n} elements, which are left out").format(n=len(check.kinks)) if check.kinks else ""
    if check.difference is None:
        return _("nothing to compare") + kinks
    word = _("agrees, largest difference {x}") if check.agrees else _("differs by up to {x}")
    return word.format(x=number_text(check.difference, 2)) + kinks


def _check(trace: Trace, found: NumericGradient, computed: tuple[float, ...] | None, noise: float) -> Check:
    tensor, kinks = trace.tensors[found.tensor], set(found.kinks)
    check = Check(
        found.run,
        trace.runs[found.run].line,
        found.tensor,
        tensor.name,
        tensor.shape,
        computed=computed,
        kinks=found.kinks,
        unavailable=found.unavailable,
    )
    numeric = _numbers(found.value)
    if numeric is None:
        return check
    differences = [
        abs(one - other) if math.isfinite(one) and math.isfinite(other) else (0.0 if _same(one, other) else math.inf)
        for i, (one, other) in enumerate(zip(check.computed or (), numeric, strict=False))
        if i not in kinks
    ]
    largest = max(differences, default=None)
    scale = max((abs(number) for number in numeric if math.isfinite(number)), default=0.0)
    allowed = TOLERANCE.get(tensor.dtype, TOLERANCE_ELSE) * scale + noise
    agrees = None if largest is None else largest <= allowed
    return Check(
        found.run,
        check.line,
        found.tensor,
        tensor.name,
        tensor.shape,
        check.computed,
        numeric,
        found.kinks,
        largest,
        agrees,
    )


def _noise(trace: Trace, run: int) -> float:
    """What rounding alone makes of a difference of two roots in float64."""
    sizes = [abs(number) for root in trace.runs[run].roots for number in _numbers(root.value) or (1.0,)]
    return ROUNDING * max(1.0, sum(size for size in sizes if math.isfinite(size)))


def _contributions(trace: Trace) -> dict[tuple[int, int], tuple[float, ...] | None]:
    """(run, tensor) -> what the run itself added to the leaf's ``.grad``, or returned for it, the first time."""
    found: dict[tuple[int, int], tuple[float, ...] | None] = {}
    for step in trace.steps:
        if isinstance(step, AccumulatedStep) and (step.run, step.tensor) not in found:
            found[step.run, step.tensor] = _added(step.before, step.after)
        elif isinstance(step, RunEndedStep):
            for tensor, value in zip(trace.runs[step.run].inputs or (), step.returned):
                if (step.run, tensor) not in found:
                    found[step.run, tensor] = _numbers(value)
    return found


def _added(old: Value | None, new: Value | None) -> tuple[float, ...] | None:
    after, before = _numbers(new), _numbers(old)
    if after is None or before is None:
        return after if old is None else None
    return tuple(one - other for one, other in zip(after, before)) if len(after) == len(before) else None


def _numbers(value: Value | None) -> tuple[float, ...] | None:
    return None if value is None else real_numbers(value)


def _same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))
