"""Several losses in turn, as of a GAN, are told apart by name; a stop on request is no error."""

from __future__ import annotations

from msgspec import structs

from engine.contract.trace import FailedStep, Failure, Limits, Trace
from engine.text.language import N_
from graphviz_tools.picture import show
from graphviz_tools.render.layout import LayoutError
from graphviz_tools.story.notices import omission_text
from graphviz_tools.story.run_titles import run_titles
from tests.engine.recording.runs import trace_of
from tests.graphviz_tools import traces

LOOP = """import torch
d = torch.ones(2, requires_grad=True)
g = torch.ones(2, requires_grad=True)
for i in range(3):
    loss_d = (d * 2).sum()
    loss_d.backward()
    loss_{g} = (g * 3).sum()
    loss_{g}.backward()
"""
GAN, ONE = LOOP.replace("{g}", "g"), LOOP.replace("{g}", "d")


def test_runs_are_numbered_and_named_where_there_are_several_losses() -> None:
    assert list(run_titles(trace_of(GAN), N_).values()) == ["1: loss_d", "2: loss_g", "3: loss_d"]
    assert list(run_titles(trace_of(ONE), N_).values()) == ["Backward 1", "Backward 2", "Backward 3"]


def test_the_last_loss_says_whose_it_is() -> None:
    trace = trace_of(GAN)
    (omission,) = trace.omissions
    assert "3 more runs followed; the last losses were loss_d = 4, loss_g = 6." in omission_text(omission, trace, N_)
    trace = trace_of(GAN, Limits(full_runs=5))
    (omission,) = trace.omissions
    assert "1 more runs followed; the last loss was 6." in omission_text(omission, trace, N_)


def stopped(ending: str, message: str) -> Trace:
    failure = Failure("Stopped", message, None, "limit")
    trace = traces.c1()
    return structs.replace(trace, ending=ending, failure=failure, steps=(*trace.steps, FailedStep()))


class Nothing:
    """A layout that draws nothing."""

    def svg(self, dot: str) -> str:
        raise LayoutError("broken")


def test_a_stop_on_request_is_told_as_what_it_is_and_a_limit_as_an_error() -> None:
    asked = show(stopped("cancelled", "stopped on request"), _=N_, language="en", layout=Nothing())  # type: ignore[arg-type]
    assert asked.failure_step is None
    assert [mark.kind for mark in asked.marks] == []
    assert asked.steps[-1].headline == "stopped on request"
    assert [block.tone for block in asked.steps[-1].blocks] == ["note"]
    late = show(stopped("timeout", "the program didn't finish"), _=N_, language="en", layout=Nothing())  # type: ignore[arg-type]
    assert late.failure_step == len(late.steps) - 1
    assert [mark.kind for mark in late.marks] == ["failure"]
