"""Why a leaf has no gradient, one code for each reason."""

from __future__ import annotations

from engine.contract.trace import (
    AccumulatedStep,
    GradSetStep,
    Leaf,
    Omission,
    Program,
    RunEndedStep,
    RunRecord,
    Step,
    Trace,
    Value,
)
from engine.reading.why_none import why_none

LEAF = Leaf("w", 0, (), "float32")
ONE = Value((), "float32", (1.0,))
BACKWARD = RunRecord("backward", 3)


def why(*steps: Step, runs: tuple[RunRecord, ...] = (BACKWARD,), omissions: tuple[Omission, ...] = ()) -> str | None:
    return why_none(Trace(Program(""), "ok", runs=runs, steps=steps, omissions=omissions), LEAF)


def test_a_leaf_with_a_gradient_has_no_reason() -> None:
    assert why_none(Trace(Program(""), "ok"), Leaf("w", 0, (), "float32", ONE)) is None


def test_each_reason_has_its_code() -> None:
    done, failed = RunEndedStep(0, completed=True), RunEndedStep(0, completed=False)
    assert why(runs=()) == "no_backward"
    assert why(done) == "not_reached"
    assert why(failed) == "backward_failed"
    assert why(done, runs=(RunRecord("grad", 3),)) == "grad_only"
    assert why(done, runs=(RunRecord("backward", 3, inputs=(5,)),)) == "not_an_input"
    assert why(AccumulatedStep(0, 0, None, ONE), done, GradSetStep(0, 4, ONE, None)) == "cleared"
    assert why(done, omissions=(Omission("backward_runs", 3),)) == "not_recorded"


def test_what_happened_to_another_tensor_is_no_reason() -> None:
    assert why(AccumulatedStep(0, 1, None, ONE), RunEndedStep(0, completed=True)) == "not_reached"
