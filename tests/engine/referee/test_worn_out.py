"""A recording so long that a search was given up says so, in the report and beside the picture."""

from __future__ import annotations

import pytest

from engine.contract.trace import Trace
from engine.reading import index
from engine.referee.findings import WORN_OUT, findings
from engine.report import readable, report
from engine.text.language import N_
from graphviz_tools.picture import diagram_of
from graphviz_tools.story.context import Stage
from graphviz_tools.story.notices import notices
from graphviz_tools.value_table import ValueTable
from tests.engine.recording.runs import trace_of

PROGRAM = """import torch
w, v = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
for _ in range(3):
    loss = (w * v.detach()).sum()
    loss.backward()
    w.data -= w.grad
print(v.grad)
"""


@pytest.fixture(scope="module")
def trace() -> Trace:
    return trace_of(PROGRAM)


def told(trace: Trace) -> tuple[str, ...]:
    looked_up = index.index_of(trace)
    return notices(Stage(looked_up, diagram_of(looked_up, N_), ValueTable(N_), N_))


def test_a_search_that_was_given_up_is_told(trace: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "PATIENCE", 2)
    assert report(trace, "")["notice"] == WORN_OUT
    assert readable(trace).endswith(f"  {WORN_OUT}\n")
    assert WORN_OUT in told(trace)


def test_where_all_was_looked_for_nothing_is_told(trace: Trace) -> None:
    assert "notice" not in report(trace, "")
    assert WORN_OUT not in told(trace)


def test_every_rule_has_patience_of_its_own() -> None:
    trace = trace_of("import torch\nx = torch.zeros(1, requires_grad=True)\nx.sqrt().sum().backward()\n")
    whole, looked_up = findings(trace), index.index_of(trace)
    assert not looked_up.may(index.PATIENCE + 1)  # another search has used it up
    assert findings(trace) == whole != ()


def test_one_index_serves_everybody_as_long_as_somebody_holds_it(trace: Trace) -> None:
    held = index.index_of(trace)
    assert index.index_of(trace) is held
