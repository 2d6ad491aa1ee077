"""The small parts of live telling, each by itself."""

from __future__ import annotations

import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.overrides import TorchFunctionMode, _get_current_function_mode_stack
from torch.utils._device import DeviceContext

from engine.contract.codec import frame
from engine.contract.live import RecordNext, Resumed
from engine.recording import private
from engine.recording.backward.leaf_hooks import LeafHooks, Written, happens_in_one_thread
from engine.recording.backward.running_backward import name_of_root
from engine.recording.live.series import thinned
from engine.recording.live.ticks import Ticks
from engine.recording.program.mailbox import Mailbox
from tests.engine.recording.runs import plain, recorded


class Mode(TorchFunctionMode):
    """Does nothing."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        return func(*args, **(kwargs or {}))


def test_a_mode_is_put_below_those_of_the_program_and_taken_off_from_there() -> None:
    ours, theirs = Mode(), Mode()
    with torch.device("cpu"), theirs:
        private.put_mode_on(ours)
        device, *rest = _get_current_function_mode_stack()
        assert isinstance(device, DeviceContext) and rest == [ours, theirs]
        private.take_mode_off(ours)
        assert _get_current_function_mode_stack() == [device, theirs]
        private.take_mode_off(ours)
        assert _get_current_function_mode_stack() == [device, theirs]
    assert _get_current_function_mode_stack() == []


def test_the_recorder_leaves_inside_a_device_context_without_ending_it() -> None:
    source = """import torch
from torch.overrides import _get_current_function_mode_stack
w = torch.ones(2, requires_grad=True)
with torch.device("meta"):
    for i in range(6):
        (w * w).sum().backward()
        print(torch.empty(1).device)
print(torch.empty(1).device)
"""
    result, trace = recorded(source)
    assert result == plain(source)
    assert len(trace.runs) == 3


def test_the_hook_of_a_recorded_leaf_is_gone_for_good() -> None:
    w = torch.ones(2, requires_grad=True)
    seen: list[str] = []
    written = Written()
    hooks = LeafHooks(
        w, lambda grads: seen.append(f"{grads[0].tolist()}"), lambda a, b: seen.append(f"{w.grad is not None}"), written
    )
    (w * 2).sum().backward()
    hooks.remove()
    assert seen == ["[2.0, 2.0]"]
    written.settle()
    written.settle()
    assert seen == ["[2.0, 2.0]", "True"]
    (w * 2).sum().backward()
    assert len(seen) == 2
    assert w._backward_hooks is None and w._post_accumulate_grad_hooks is None
    kept = w.register_hook(lambda grad: grad * 3)
    LeafHooks(w, lambda grads: None, lambda a, b: None, written).remove()
    (w * 2).sum().backward()
    assert w.grad is not None and w.grad.tolist() == [10.0, 10.0]
    kept.remove()


def test_a_leaf_with_a_hook_of_its_own_is_told_of_at_once() -> None:
    w = torch.ones(2, requires_grad=True)
    w.register_post_accumulate_grad_hook(lambda leaf: None)
    assert not happens_in_one_thread(w) and happens_in_one_thread(torch.ones(2, requires_grad=True))
    seen: list[str] = []
    hooks = LeafHooks(w, lambda grads: None, lambda a, b: seen.append("written"), None)
    (w * 2).sum().backward()
    assert seen == ["written"]
    hooks.remove()


def test_a_gradient_that_could_not_be_written_does_not_count_as_written() -> None:
    w, written, seen = torch.ones(2, requires_grad=True), Written(), []
    written.begins(w, lambda a, b: seen.append("written"))
    written.settle(has_failed=True)
    assert seen == []
    written.begins(w, lambda a, b: seen.append("written"))
    w.grad = torch.ones(2)
    written.settle(has_failed=True)
    assert seen == ["written"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="code knows its columns from Python 3.11 on")
@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("loss.backward()", "loss"),
        ("x = 1; 损失.backward(retain_graph=(1 > 0)); y = 2", "损失"),
        ("(loss).backward(\n  None,\n)", "loss"),
        ("loss.sum().backward()", None),
        ("losses[0].backward()", None),
        ("backward()", None),
    ],
)
def test_the_name_of_a_root_is_read_from_the_call_alone(call: str, name: str | None) -> None:
    source = f"import sys\n{call}\n"
    places: list[int] = []

    class Root:
        def backward(self, *_: object, **__: object) -> None:
            places.append(sys._getframe(1).f_lasti)

        def sum(self) -> Root:
            return self

    variables = {"loss": Root(), "损失": Root(), "losses": [Root()], "backward": Root().backward}
    code = compile(source, "p.py", "exec", dont_inherit=True)
    exec(code, variables)
    assert [name_of_root(code, place, source) for place in places] == [name]


def test_ticks_keep_line_number_and_run_and_read_copies_all_at_once() -> None:
    ticks = Ticks()
    ticks.add(3, 0.5, 10.0, run=0)
    ticks.add(3, torch.tensor(0.25), 10.5)
    ticks.add(4, None, 11.0)
    first = list(ticks.take(10.0)[0].ticks())
    assert [(t.backward, t.time_s, t.line, t.loss, t.run) for t in first] == [
        (0, 0.0, 3, 0.5, 0),
        (1, 0.5, 3, 0.25, None),
        (2, 1.0, 4, None, None),
    ]
    ticks.values.append(float("nan"))
    ticks.times.append(12.0)
    assert ticks.n == 4
    assert [(t.backward, t.line, t.loss) for t in ticks.take(10.0)[0].ticks()] == [(3, 4, "nan")]
    assert ticks.take(10.0) == ()


def test_ticks_after_a_pause_do_not_carry_it() -> None:
    ticks = Ticks()
    ticks.add(1, 1.0, 100.0)
    ticks.take(100.0)
    for time in (100.5, 101.0, 131.5, 132.0):  # stopped for 30 s in between
        ticks.add(1, 1.0, time)
    assert [tick.time_s for tick in ticks.take(100.0, 30.0)[0].ticks()] == [0.5, 1.0, 1.5, 2.0]
    ticks.add(1, 1.0, 163.0)
    assert [tick.time_s for tick in ticks.take(130.0, 30.0)[0].ticks()] == [3.0]  # before the first that waits
    ticks.add(1, 1.0, 194.5)
    assert [tick.time_s for tick in ticks.take(160.0, 40.0)[0].ticks()] == [34.5]  # no room for such a pause yet


@given(st.integers(0, 5000), st.integers(2, 300))
def test_thinning_keeps_order_and_both_ends(n: int, points: int) -> None:
    kept = thinned(n, points).tolist()
    assert len(kept) == min(n, points)
    assert kept == sorted(set(kept))
    if n:
        assert (kept[0], kept[-1]) == (0, n - 1)


def test_letters_are_read_whole_and_pauses_are_added_up() -> None:
    data = frame(Resumed(1.5)) + frame(RecordNext()) + frame(Resumed(0.5))
    parts = [data[:7], data[7:], b""]
    mailbox = Mailbox(lambda: parts.pop(0) if parts else b"")
    assert mailbox.take() == []
    assert mailbox.take() == [RecordNext()]
    assert mailbox.paused_s == 2.0
    broken = Mailbox(lambda: b"\xff" * 8)
    assert broken.take() == [] and broken.take() == []


def test_a_long_run_tells_the_ticks_that_a_curve_needs() -> None:
    """Of each line the lowest and highest, the first and the last, recorded runs, the first that is no number."""
    ticks = Ticks()
    for i in range(5_000):
        loss = {1_200: -7.0, 3_001: 9.0, 4_000: float("nan"), 4_001: float("nan"), 4_500: None}.get(i, i % 10 / 10)
        ticks.add(3 + i % 2, loss, i / 1_000, run=7 if i == 2_345 else None)
    (block,) = ticks.take(0.0, most=40)
    told = {t.backward: (t.time_s, t.line, t.loss, t.run) for t in block.ticks()}
    assert len(block.at) == len(told) <= 40 + 4 and ticks.n == 5_000
    assert told[0] == (0.0, 3, 0.0, None) and told[4_999] == (4.999, 4, 0.9, None)
    assert told[1_200] == (1.2, 3, -7.0, None) and told[3_001] == (3.001, 4, 9.0, None)
    assert told[2_345] == (2.345, 4, 0.5, 7) and told[4_000] == (4.0, 3, "nan", None) and 4_001 not in told
    ticks.add(3, 1.0, 6.0)
    assert [t.backward for t in ticks.take(0.0, most=40)[0].ticks()] == [5_000]


def test_ticks_of_many_lines_are_thinned_too_and_none_is_made_up() -> None:
    ticks = Ticks()
    for i in range(3_000):
        ticks.add(i, float(i), i / 1_000)
    (block,) = ticks.take(0.0, most=50)
    assert len(block.at) <= 2 * 50 + 2
    assert all(t.loss == t.backward == t.line for t in block.ticks())
