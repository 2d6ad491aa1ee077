"""Live telling in this process: each backward run of a program, in whatever form it is called."""

from __future__ import annotations

import math
import sys

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.optim.optimizer import _global_optimizer_post_hooks, _global_optimizer_pre_hooks
from torch.overrides import _get_current_function_mode_stack

from engine.contract.live import Changed, Command, RecordNext, Refused, ScaleLearningRate, SetLearningRate
from engine.contract.trace import AccumulatedStep, CalledStep, GradSetStep, LiveLimits
from engine.recording.live import feed
from tests.engine.recording.living import Lived, lived
from tests.engine.recording.runs import plain

HEAD = """import torch
torch.manual_seed(0)
x = torch.linspace(-1, 1, 20)
w = torch.randn(3, requires_grad=True)
v = torch.randn(3, requires_grad=True)
"""
FORMS = {
    "a name of the module": """
for i in range(30):
    loss = ((w[0] + w[1] * x + w[2] * x * x - x.sin()) ** 2).mean()
    loss.backward()
    print(loss.item())
    with torch.no_grad(): w -= 0.1 * w.grad; w.grad = None
""",
    "an expression": """
for i in range(30):
    print(((w * w).sum() / 2).item())
    ((w * w).sum() / 2).backward()
    with torch.no_grad(): w -= 0.1 * w.grad; w.grad = None
""",
    "inside functions": """
def step(i):
    loss = (w * w).sum() * i
    loss.backward(retain_graph=bool(i % 2))
    return loss
def main():
    for i in range(30):
        print(step(i).item())
        with torch.no_grad(): w.sub_(0.01 * w.grad)
main()
""",
    "torch.autograd.backward": """
for i in range(30):
    loss = (w * w).sum() + i
    torch.autograd.backward([loss, w.sum()])
    print(loss.item())
""",
    "torch.autograd.grad": """
for i in range(30):
    loss = (w * w).sum()
    g, = torch.autograd.grad(loss, [w])
    print(loss.item())
    with torch.no_grad(): w -= 0.1 * g
""",
    "two losses in one step, of two leaves": """
for i in range(15):
    a = (w * w).sum()
    a.backward()
    print(a.item())
    b = (v * v).sum() + 5
    b.backward()
    print(b.item())
    with torch.no_grad(): w -= .1 * w.grad; v -= .1 * v.grad; w.grad = v.grad = None
""",
    "two losses of one leaf, a name that means another tensor": """
for i in range(15):
    loss = (w * w).sum()
    (loss if i % 2 else loss + 1).backward(retain_graph=True)
    print((loss if i % 2 else loss + 1).item())
    loss = loss * 2
    loss.backward()
    print(loss.item())
    w.grad = None
""",
    "a model and an optimizer": """
model = torch.nn.Sequential(torch.nn.Linear(1, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for i in range(30):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x[:, None]), x.sin()[:, None])
    loss.backward()
    optimizer.step()
    print(loss.item())
""",
    "a closure": """
optimizer = torch.optim.LBFGS([w], max_iter=6)
def closure():
    optimizer.zero_grad()
    loss = ((w - 1) ** 4).sum()
    loss.backward()
    print(loss.item())
    return loss
for i in range(5): optimizer.step(closure)
""",
    "checkpointing, a run inside a run": """
from torch.utils.checkpoint import checkpoint
for i in range(12):
    loss = checkpoint(lambda w: (w * w).sin(), w, use_reentrant=True).sum() * v.sum()
    loss.backward()
    print(loss.item())
    w.grad = v.grad = None
""",
    "a leaf of its own in each round": """
for i in range(12):
    u = torch.tensor([float(i)], requires_grad=True)
    loss = (u * w).sum()
    loss.backward()
    print(loss.item())
""",
}


@pytest.mark.parametrize("form", FORMS)
def test_each_backward_run_is_a_tick_with_the_value_of_its_root(form: str) -> None:
    source = HEAD + FORMS[form]
    live = lived(source)
    assert live.trace.failure is None
    assert live.stdout == plain(source).stdout
    assert [tick.loss for tick in live.ticks] == [float(line) for line in live.stdout.split()]
    assert [tick.backward for tick in live.ticks] == list(range(len(live.ticks)))
    assert [tick.run is not None for tick in live.ticks] == [True] * 3 + [False] * (len(live.ticks) - 3)
    lines = source.splitlines()
    assert all("backward(" in lines[tick.line - 1] or ".grad(" in lines[tick.line - 1] for tick in live.ticks)
    assert not [o for o in live.trace.omissions if o.what == "fault"]


def test_two_losses_of_one_step_stand_on_two_lines() -> None:
    live = lived(HEAD + FORMS["two losses in one step, of two leaves"])
    assert len({tick.line for tick in live.ticks}) == 2
    assert [tick.line for tick in live.ticks[:2]] == [tick.line for tick in live.ticks[-2:]]


def test_a_root_of_many_elements_has_no_loss_and_nan_is_a_word() -> None:
    many = lived(HEAD + "for i in range(6): (w * w).backward(torch.ones(3))\n")
    assert [tick.loss for tick in many.ticks] == [None] * 6
    source = "for i in range(6):\n    loss = (w * w * float('nan' if i > 4 else 'inf')).sum()\n    loss.backward()\n"
    assert [tick.loss for tick in lived(HEAD + source).ticks] == ["inf"] * 5 + ["nan"]


def test_a_program_without_backward_has_no_ticks() -> None:
    live = lived("import torch\nfor t in range(5): loss = float(t)\n", LiveLimits(series=("loss", "t")))
    assert live.ticks == []
    assert [(s.name, s.values, s.backward) for s in live.all("series")] == [("loss", (4.0,), None), ("t", (4.0,), None)]


def test_a_user_mode_in_the_loop_sees_what_it_would_see_without_us() -> None:
    source = (
        HEAD
        + """
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
class Calls(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        print("function", func.__name__)
        return func(*args, **(kwargs or {}))
class Ops(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        print("dispatch", func)
        return func(*args, **(kwargs or {}))
for i in range(12):
    loss = (w * w).sum()
    with Calls() if i % 3 == 1 else Ops() if i % 3 == 2 else torch.device("cpu"):
        loss.backward()
        print(torch.empty(0).device)
    w.grad = None
"""
    )
    live = lived(source)
    assert live.stdout == plain(source).stdout
    assert len(live.ticks) == 12


LOOP = (
    HEAD
    + """
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.5)
for i in range(40):
    optimizer.zero_grad()
    loss = ((model(torch.randn(4, 3)) - 1) ** 2).mean()
    loss.backward()
    optimizer.step()
    print(i, loss.item(), [p.tolist() for p in model.parameters()])
"""
)
BY_HAND = HEAD + FORMS["a name of the module"] + "    print(w.tolist())\n"


@pytest.fixture
def each_run_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "INTERVAL_S", 0.0)
    monkeypatch.setattr(feed, "COST", 0)
    monkeypatch.setattr(feed, "NUMBERS_PER_S", 1e12)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    source=st.sampled_from([LOOP, BY_HAND, HEAD + FORMS["inside functions"], HEAD + FORMS["a closure"]]),
    numbers=st.lists(st.integers(3, 28), max_size=4, unique=True),
    beforehand=st.booleans(),
)
@pytest.mark.slow
def test_a_live_program_computes_what_plain_python_computes_also_when_steps_are_recorded_in_between(
    each_run_is_due: None, source: str, numbers: list[int], beforehand: bool
) -> None:
    commands: dict[int, Command] = {} if beforehand else {number: RecordNext() for number in numbers}
    live = lived(source, LiveLimits(record=tuple(numbers) if beforehand else ()), commands)
    assert live.stdout == plain(source).stdout
    assert [tick.backward for tick in live.ticks] == list(range(len(live.ticks)))
    recorded = [tick.backward for tick in live.ticks if tick.run is not None]
    if beforehand:
        assert recorded == sorted({0, 1, 2, *numbers} & set(range(len(live.ticks))))
    else:
        assert len(recorded) >= 3 + any(number + 3 < len(live.ticks) for number in numbers)


def test_nothing_stays_installed_after_a_live_run(each_run_is_due: None) -> None:
    for commands in ({}, {5: RecordNext()}, {29: RecordNext()}):
        live = lived(BY_HAND, commands=commands)
        assert _get_current_function_mode_stack() == []
        assert sys.gettrace() is None
        assert not _global_optimizer_pre_hooks and not _global_optimizer_post_hooks
        assert not live.variables["w"]._post_accumulate_grad_hooks and not live.variables["w"]._backward_hooks


def calls_since_taken_up(live: Lived) -> list[int]:
    """The calls after the recorder came back."""
    first = next(i for i, s in enumerate(live.trace.steps) if isinstance(s, GradSetStep) and s.line is None)
    return [s.call for s in live.trace.steps[first:] if isinstance(s, CalledStep)]


def test_the_next_step_is_recorded_in_full_with_the_ids_it_had_before(each_run_is_due: None) -> None:
    live = lived(LOOP, LiveLimits(record=(20,)))
    tick = live.ticks[20]
    assert tick.run == 3 and live.ticks[19].run is None and live.ticks[21].run is None
    run = live.trace.runs[3]
    root = run.roots[0]
    assert root.value is not None and root.value.items == (tick.loss,)
    assert run.line == tick.line and len(run.nodes) == len(live.trace.runs[0].nodes)
    accumulated = [
        [(s.tensor, s.before) for s in live.trace.steps if isinstance(s, AccumulatedStep) and s.run == r]
        for r in (0, 3)
    ]
    assert accumulated[0] == accumulated[1]  # the same leaves in the same order, .grad was None
    calls = [live.trace.calls[number] for number in calls_since_taken_up(live)]
    names = [call.name for call in calls]
    assert names == ["SGD.step", "item", "tolist", "tolist", "randn", "linear", "sub", "pow", "mean", "SGD.step"]
    (printed,) = [line for line in live.stdout.splitlines() if line.startswith("19 ")]
    weight, bias = eval(printed.split(" ", 2)[2])
    assert [state.value.items for state in calls[0].seen if state.value] == [tuple(weight[0]), tuple(bias)]
    assert live.trace.mismatches == () and live.trace.overwrites == ()


def test_leaves_are_sampled_as_the_run_left_them(each_run_is_due: None) -> None:
    source = (
        HEAD
        + """
for i in range(10):
    loss = (w * w).sum()
    loss.backward()
    print(w.grad.norm().item(), w.min().item(), w.max().item(), w.mean().item())
    with torch.no_grad(): w -= 0.1 * w.grad; w.grad = None
"""
    )
    live = lived(source, LiveLimits(rate_hz=1e6))
    leaf = next(leaf for leaf in live.all("leaves") if leaf.name == "w")
    assert (leaf.shape, leaf.device) == ((3,), "cpu")
    assert live.trace.tensors[leaf.tensor].name == "w"
    rows = [[float(number) for number in line.split()] for line in live.stdout.splitlines()]
    found = {s.backward: s for s in live.samples if s.leaf == leaf.number}
    assert {0, 1, 2} <= set(found) and len(found) > 5
    final = found.pop(10)
    assert (final.grad_norm, final.low) == (None, pytest.approx(0.8 * rows[9][1], rel=1e-6))  # after the last step
    for number, sample in found.items():
        assert [sample.grad_norm, sample.low, sample.high, sample.mean] == pytest.approx(rows[number], rel=1e-6)
        assert len(sample.values) == 3
    unused = next(leaf for leaf in live.all("leaves") if leaf.name == "v")
    assert {s.grad_norm for s in live.samples if s.leaf == unused.number} == {None}


def test_series_are_thinned_evenly_and_sent_when_they_change(each_run_is_due: None) -> None:
    source = (
        HEAD
        + """
y = torch.linspace(0, 1, 1001)
for i in range(8):
    y_pred = w[0] * y
    loss = (y_pred ** 2).sum()
    loss.backward()
    text = "no number"
"""
    )
    live = lived(source, LiveLimits(series=("y", "y_pred", "i", "text", "absent"), points=11, rate_hz=1e6))
    by_name = {name: [s for s in live.all("series") if s.name == name] for name in ("y", "y_pred", "i", "text")}
    assert [s.length for s in by_name["y"]] == [1001]
    assert by_name["y"][0].values == pytest.approx([n / 10 for n in range(11)])
    assert len(by_name["y_pred"]) == 1  # w stays as it was
    assert [s.values for s in by_name["i"]][:3] == [(0.0,), (1.0,), (2.0,)]
    assert by_name["text"] == []


def losses(live: Lived) -> list[float]:
    return [float(tick.loss) for tick in live.ticks if isinstance(tick.loss, float)]


SGD = (
    HEAD
    + """
optimizer = torch.optim.SGD([w], lr=0.125)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1000)
for i in range(20):
    optimizer.zero_grad()
    loss = (w * w).sum() / 2
    loss.backward()
    optimizer.step()
"""
)


@pytest.mark.parametrize(("command", "value"), [(SetLearningRate(0.5), 0.5), (ScaleLearningRate(2.0), 0.25)])
@pytest.mark.slow
def test_a_learning_rate_is_changed_from_the_next_step_on(
    each_run_is_due: None, command: Command, value: float
) -> None:
    live = lived(SGD, commands={8: command})
    (changed,) = live.all("changes")
    assert changed == Changed(changed.backward, 0, 0, value, "command")
    ratios = [after / before for before, after in zip(losses(live), losses(live)[1:])]
    assert ratios[changed.backward - 1] == pytest.approx(0.875**2, rel=1e-4)
    assert ratios[changed.backward] == pytest.approx((1 - value) ** 2, rel=1e-4)
    (optimizer,) = live.all("optimizers")
    assert (optimizer.name, optimizer.learning_rates) == ("SGD", (0.125,))


def test_a_learning_rate_that_the_program_changes_is_marked(each_run_is_due: None) -> None:
    live = lived(SGD + "    if i == 9: optimizer.param_groups[0]['lr'] = 0.25\n")
    assert [(c.value, c.by) for c in live.all("changes")] == [(0.25, "program")]


def test_what_cannot_be_done_is_refused(each_run_is_due: None) -> None:
    assert Refused("learning_rate", "no_optimizer") in lived(BY_HAND, commands={8: SetLearningRate(1.0)}).all("refused")


def test_times_rise_and_the_value_of_infinite_numbers_is_kept() -> None:
    live = lived(BY_HAND)
    times = [tick.time_s for tick in live.ticks]
    assert times == sorted(times) and times[0] >= 0
    assert all(isinstance(tick.loss, float) and math.isfinite(tick.loss) for tick in live.ticks)
    assert isinstance(live.variables["w"], torch.Tensor)
