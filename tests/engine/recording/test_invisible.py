"""The recorder is invisible: a recorded program does what the unrecorded one does, bit for bit."""

from __future__ import annotations

import sys

from hypothesis import HealthCheck, given, settings
from torch.nn.modules import module as nn_module
from torch.optim.optimizer import _global_optimizer_post_hooks, _global_optimizer_pre_hooks
from torch.overrides import _get_current_function_mode_stack

from engine.contract.trace import NodeRanStep
from tests.engine.recording.programs import programs
from tests.engine.recording.runs import plain, recorded


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_a_recorded_program_prints_raises_draws_and_differentiates_as_the_plain_one(source: str) -> None:
    expected = plain(source)
    result, trace = recorded(source)
    assert result == expected
    assert trace.ending == ("ok" if expected.error is None else "error")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_nothing_stays_installed_after_a_recording_whether_it_fails_or_not(source: str) -> None:
    recorded(source)
    assert _get_current_function_mode_stack() == []
    assert sys.gettrace() is None
    assert not nn_module._global_forward_hooks
    assert not nn_module._global_forward_pre_hooks
    assert not _global_optimizer_pre_hooks
    assert not _global_optimizer_post_hooks


LOOP = """
import torch
w = torch.ones(2, requires_grad=True)
for i in range(8):
    loss = (w * w).sum()
    loss.backward()
    print(i, w.grad.tolist())
    w.grad = None
"""


def test_nothing_stays_installed_on_a_program_that_outlives_the_budget() -> None:
    result, trace = recorded(LOOP)
    assert result == plain(LOOP)
    assert _get_current_function_mode_stack() == []
    assert sys.gettrace() is None
    assert len(trace.runs) == 3
    assert [omission.what for omission in trace.omissions] == ["backward_runs"]
    assert trace.later_losses == ((6, 2.0),) * 5


def test_a_storage_that_was_looked_at_can_still_be_resized() -> None:
    source = "import torch\nx = torch.rand(3)\ny = x * 2\ny.resize_(10)\nprint(y.shape)\n"
    result, trace = recorded(source)
    assert result == plain(source)
    assert trace.failure is None


def test_a_view_of_a_leaf_that_was_changed_is_not_looked_at_while_torch_holds_it() -> None:
    source = (
        "import torch\nx = torch.ones(2, 3, requires_grad=True)\nloss = (x[:, :1] * x).sum()\n"
        "with torch.no_grad(): x.mul_(2)\nloss.backward()\n"
    )
    result, trace = recorded(source)
    assert result == plain(source)
    assert trace.omissions == ()


CAUGHT = """
import torch, traceback
def step(x):
    return x.view(7)
try:
    step(torch.ones(2, requires_grad=True))
except RuntimeError:
    print(traceback.format_exc())
try:
    torch.ones(2, requires_grad=True).backward()
except RuntimeError as error:
    print(traceback.format_exc())
"""


def test_tracebacks_that_the_program_prints_show_no_frame_of_the_recorder() -> None:
    result, _ = recorded(CAUGHT)
    assert result.stdout == plain(CAUGHT).stdout
    assert "engine/recording" not in result.stdout


WARNED = """
import torch, warnings
y = torch.ones(2, requires_grad=True) * 2
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    y.grad
    torch.nn.functional.softmax(y)
print([(w.filename, w.lineno) for w in seen])
"""


def test_warnings_name_the_line_of_the_program() -> None:
    result, _ = recorded(WARNED)
    assert result.stdout == "[('program.py', 6), ('program.py', 7)]\n" == plain(WARNED).stdout


DEATH = """
import torch, weakref
x = torch.ones(3, requires_grad=True)
def f():
    y = x * 2
    return weakref.ref(y), (y * y).sum()
ref, loss = f()
print(ref() is None)
loss.backward()
del loss
print(ref() is None)
"""


def test_tensors_die_when_they_would_without_the_recorder() -> None:
    result, _ = recorded(DEATH)
    assert result.stdout == plain(DEATH).stdout
    assert result.stdout.endswith("True\n")


TWICE = """
import torch
x = torch.ones(2, requires_grad=True)
y = (x * 3).sum()
y.backward(retain_graph=True)
y.backward()
"""


def test_no_hook_stays_on_a_node_after_its_run() -> None:
    _, trace = recorded(TWICE)
    ran = [(step.run, step.node) for step in trace.steps if isinstance(step, NodeRanStep)]
    assert len(ran) == len(set(ran)) == 6
