"""How a program went, from its trace and its findings."""

import msgspec
import pytest

from engine.contract.trace import Failure, Program, Raised, Trace
from engine.explain.errors.explanation import said
from engine.referee.finding import Finding, Kind
from engine.referee.outcome import outcome, telling_step
from tests.graphviz_tools import traces

FINE = Trace(program=Program("x = 1\n"), ending="ok")


def found(kind: Kind, step: int | None = None) -> Finding:
    return Finding(kind, 1, said("", ""), step=step)


def test_a_run_without_findings_is_right():
    assert outcome(FINE, ()) == "right"


def test_a_run_that_ended_in_an_exception_raised_whatever_was_found():
    failed = msgspec.structs.replace(FINE, ending="error", failure=Failure("RuntimeError", "no", 1, "forward"))
    assert outcome(failed, ()) == outcome(failed, (found("inplace-error"),)) == "raised"


def test_an_exception_the_program_caught_was_raised_too():
    caught = msgspec.structs.replace(FINE, raised=(Raised("torch.Tensor.backward", "RuntimeError", "no", 3, 2),))
    assert outcome(caught, ()) == "raised"
    assert telling_step(caught, (found("nan-gradient", 7),)) == 2


@pytest.mark.parametrize("kind", ["silent-wrong-gradient", "grad-none-unreached", "grad-accumulated", "nan-gradient"])
def test_a_finding_about_a_gradient_makes_it_wrong(kind: Kind):
    assert outcome(FINE, (found(kind),)) == "wrong"


def test_graphs_that_are_kept_leave_the_gradients_right():
    assert outcome(FINE, (found("graph-retained"),)) == "right"
    assert outcome(FINE, (found("graph-retained"), found("nan-gradient"))) == "wrong"


@pytest.mark.parametrize("ending", ["timeout", "cancelled", "memory", "crash", "vanished"])
def test_a_run_that_was_ended_from_outside_tells_nothing(ending: str):
    assert outcome(msgspec.structs.replace(FINE, ending=ending), ()) is None


def test_the_step_to_look_at_is_the_failures_or_the_first_findings():
    failed = traces.mutated("detach")
    assert telling_step(failed, (found("inplace-error", 3),)) == len(failed.steps)
    assert telling_step(FINE, (found("grad-accumulated"), found("nan-gradient", 7))) == 7
    assert telling_step(FINE, ()) is None
