"""Programs in real child processes: every way to end, and nothing left behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import pytest

from engine.contract.events import Chunk, Finished, Started
from engine.contract.trace import Limits, LiveLimits, Program
from engine.running import Runner, run
from engine.running.processes.fresh import FreshBackend
from engine.running.processes.pool import PoolBackend
from engine.running.queue import Queue
from engine.running.turns import Asker, Place, Places
from tests.engine.running.processes import HELLO, comes_true, is_gone, trace_of

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the zygote needs Linux")


def test_a_program_ends_ok_with_its_output_and_its_gradients(runner: Runner) -> None:
    trace = trace_of(runner, HELLO)
    assert (trace.ending, trace.stdout, trace.exit_status) == ("ok", "tensor([4., 6.])\n", 0)
    assert trace.leaves[0].grad is not None and trace.leaves[0].grad.items == (4.0, 6.0)
    assert trace.environment is not None and trace.environment.torch.startswith("2.")


def test_steps_know_how_much_was_printed_before_them(runner: Runner) -> None:
    trace = trace_of(runner, "import torch\nprint('ab')\nx = torch.ones(1)\nprint('é')\ny = x + 1\n")
    assert [step.printed for step in trace.steps] == [3, 6]


@pytest.mark.parametrize(
    ("source", "ending", "status", "line"),
    [
        ("x = (", "syntax", 1, 1),
        ("\n1 / 0", "error", 1, 2),
        ("import sys\nsys.exit(3)", "exit", 3, 2),
        ("import sys\nsys.exit()", "ok", 0, None),
        ("def f(): f()\nf()", "recursion", 1, 1),
        ("import os\nos._exit(5)", "vanished", 5, None),
        ("import torch\ntorch.ones(10 ** 14)", "memory", 1, 2),
        ("", "ok", 0, None),
        ("# only a comment", "ok", 0, None),
    ],
)
def test_every_ending_has_its_word_its_status_and_its_line(
    runner: Runner, source: str, ending: str, status: int, line: int | None
) -> None:
    trace = trace_of(runner, source)
    assert (trace.ending, trace.exit_status) == (ending, status)
    assert (trace.failure.line if trace.failure else None) == line


@needs_linux
def test_a_crash_names_its_signal_and_its_line(runner: Runner) -> None:
    trace = trace_of(runner, "import ctypes\nprint('before', flush=True)\nctypes.string_at(0)")
    assert (trace.ending, trace.exit_status, trace.stdout) == ("crash", 128 + signal.SIGSEGV, "before\n")
    assert trace.failure is not None and trace.failure.line == 3


def test_an_endless_loop_is_stopped_at_its_line_and_keeps_what_was_recorded(runner: Runner) -> None:
    trace = trace_of(runner, "import torch\nx = torch.ones(2)\nwhile True:\n    pass\n", time_s=0.5)
    assert trace.ending == "timeout"
    assert trace.failure is not None and trace.failure.line in (3, 4)
    assert len(trace.calls) == 1


def test_a_loop_that_swallows_every_exception_is_killed(runner: Runner) -> None:
    source = "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
    started = time.monotonic()
    assert trace_of(runner, source, time_s=0.5).ending == "timeout"
    assert time.monotonic() - started < 10


def test_a_flood_of_output_is_cut_and_said(runner: Runner) -> None:
    program, limits = Program("for _ in range(3000): print('x' * 1000)"), Limits(output_chars=50_000)
    trace = run(runner, program, limits)
    assert len(trace.stdout) == 50_000
    assert "output" in [omission.what for omission in trace.omissions]
    assert run(runner, Program("while True: print('x' * 1000)"), limits).ending == "output"


def test_cancel_ends_a_running_program_soon(runner: Runner) -> None:
    events = runner.submit(Program("while True: pass"), Limits(), "one")
    assert isinstance(next(events), Started)
    started = time.monotonic()
    runner.cancel("one")
    last = [event for event in events if not isinstance(event, Chunk)][-1]
    assert isinstance(last, Finished) and last.ending == "cancelled"
    assert time.monotonic() - started < 3


def test_closing_the_iterator_kills_the_program(runner: Runner) -> None:
    events = runner.submit(Program("import os\nprint(os.getpid(), flush=True)\nwhile True: pass"), Limits(), "two")
    pid = next(int(event.text) for event in events if hasattr(event, "text"))
    started = time.monotonic()
    events.close()  # type: ignore[attr-defined]
    assert is_gone(pid)
    assert time.monotonic() - started < 10


def test_a_program_whose_child_holds_its_output_open_still_ends(runner: Runner) -> None:
    source = "import subprocess\nsubprocess.Popen(['sleep', '30'])\nprint('done')\n"
    started = time.monotonic()
    trace = trace_of(runner, source)
    assert (trace.ending, trace.stdout) == ("ok", "done\n")
    assert time.monotonic() - started < 10


def test_thirty_runs_at_once_all_end_right(runner: Runner) -> None:
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda i=i: results.append(run(runner, Program(HELLO), run_id=f"r{i}").stdout))
        for i in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert results == ["tensor([4., 6.])\n"] * 30


def test_forks_draw_different_random_numbers_and_a_seed_fixes_them(runner: Runner) -> None:
    source = "import torch, random\nprint(torch.rand(1).item(), random.random())"
    assert trace_of(runner, source).stdout != trace_of(runner, source).stdout
    seeded = [run(runner, Program(source, seed=7)).stdout for _ in range(2)]
    assert seeded[0] == seeded[1]


@needs_linux
@pytest.mark.slow
def test_a_killed_zygote_is_replaced_at_the_next_run() -> None:
    with Runner() as runner:
        assert trace_of(runner, HELLO).ending == "ok"
        backend = runner._backend
        backend._process.kill()  # type: ignore[attr-defined]
        backend._process.wait()  # type: ignore[attr-defined]
        assert trace_of(runner, HELLO).ending == "ok"


@needs_linux
@pytest.mark.slow
def test_close_leaves_no_process() -> None:
    runner = Runner()
    events = runner.submit(Program("import os\nprint(os.getpid(), flush=True)\nwhile True: pass"), Limits(), "x")
    pid = next(int(event.text) for event in events if hasattr(event, "text"))
    zygote = runner._backend._process.pid  # type: ignore[attr-defined]
    runner.close()
    assert [type(e) for e in events][-1] is Finished
    assert is_gone(pid) and is_gone(zygote)


@pytest.mark.slow
def test_processes_kept_ready_serve_where_there_is_no_fork() -> None:
    backend = PoolBackend(n_spare=1)
    with Runner(backend) as runner:
        trace = trace_of(runner, HELLO)
        assert (trace.ending, trace.stdout) == ("ok", "tensor([4., 6.])\n")


def test_a_fresh_process_sees_the_environment_it_was_started_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEEN_BY_THE_PROGRAM", "yes")
    with Runner(FreshBackend()) as runner:
        source = "import os\nprint(os.environ['SEEN_BY_THE_PROGRAM'], 'BACKSTEP_TOKEN' in os.environ)"
        assert trace_of(runner, source).stdout == "yes False\n"


def test_each_run_has_a_folder_of_its_own_that_goes_with_it(runner: Runner) -> None:
    source = """import os, tempfile, torch
torch.save(torch.ones(2), "model.pt")
with tempfile.NamedTemporaryFile(delete=False) as file: pass
print(os.getcwd())
print(os.path.dirname(file.name))
print(os.listdir())
while len(os.listdir()) > 100 or "endless" in globals(): pass
"""
    where, temporary, found = trace_of(runner, source).stdout.splitlines()
    assert os.path.realpath(temporary) == os.path.realpath(where)
    assert "model.pt" in found and found.count(",") == 1  # nothing of another run
    assert not os.path.exists(where)
    killed = runner.submit(Program("endless = True\n" + source), Limits(), "killed")
    text = ""
    while text.count("\n") < 3:
        text += getattr(next(killed), "text", "")
    assert os.path.exists(text.splitlines()[0])
    killed.close()
    assert comes_true(lambda: not os.path.exists(text.splitlines()[0]), 10)


@pytest.mark.slow
def test_trainings_take_no_place_from_other_runs() -> None:
    endless = Program("while True: pass")
    with Runner(n_slots=1) as runner:
        training = runner.submit(endless, Limits(live=LiveLimits()), "training")
        next(training)
        assert run(runner, Program("print(1)")).stdout == "1\n"
        training.close()


@pytest.mark.slow
def test_a_long_run_lets_short_ones_pass_and_keeps_only_what_the_processor_has_left() -> None:
    with Runner(n_slots=1) as runner:
        endless = runner.submit(Program("while True: pass"), Limits(), "endless", Asker("a"))
        next(endless)
        assert run(runner, Program("print(1)")).stdout == "1\n"  # would wait for 30 s
        endless.close()
        niceness = "import os, time\nprint(os.nice(0))\ntime.sleep(2)\nprint(os.nice(0))"
        first, last = run(runner, Program(niceness)).stdout.split()
        assert int(first) < int(last) == 19
    with Runner(FreshBackend(), n_slots=1) as runner:
        assert run(runner, Program(niceness)).stdout.split()[1] == "19"


@pytest.mark.slow
def test_programs_that_never_end_are_parked_and_then_ended_so_that_a_short_one_always_passes() -> None:
    with Runner(n_slots=1) as runner:
        runner._queue = Queue(Places(first=1, aside=1, stopped=1))
        endings: dict[str, str] = {}

        def follow(name: str) -> None:
            trace = list(runner.submit(Program("while True: pass"), Limits(time_s=30), name, Asker(name)))[-1]
            assert isinstance(trace, Finished) and trace.failure is not None
            endings[name] = trace.failure.message

        threads = [threading.Thread(target=follow, args=(name,)) for name in "abc"]
        for thread in threads:
            thread.start()
        threads[0].join(0)
        assert comes_true(lambda: len(endings) == 1 and runner.n_parked == 1 and runner.n_running == 1, 60)
        assert run(runner, Program("print(1)")).stdout == "1\n"
        (full,) = endings
        assert "the server is full of long programs" in endings[full]
        parked = next(name for name in "abc" if runner.place(name) == Place(1, "parked"))
        entry = runner._entry(parked)
        assert entry is not None and entry.pump is not None and entry.pump.is_paused
        runner.cancel(next(name for name in "abc" if name not in (parked, full)))
        assert comes_true(lambda: not entry.pump.is_paused, 10) and runner.place(parked) is None  # type: ignore[union-attr]
        runner.cancel(parked)
        for thread in threads:
            thread.join(20)
    assert sorted(endings) == ["a", "b", "c"]


@pytest.mark.slow
def test_a_cancel_is_known_from_the_moment_a_run_was_submitted() -> None:
    with Runner(n_slots=1) as runner:
        events = runner.submit(Program("while True: pass"), Limits(), "one")
        runner.cancel("one")
        assert [event.ending for event in events if isinstance(event, Finished)] == ["cancelled"]


@pytest.mark.slow
def test_a_paused_training_gives_its_place_to_another() -> None:
    endless = Program("while True: pass")
    with Runner(n_slots=1) as runner:
        runner._trainings = Queue(Places(first=0, aside=1, stopped=2))
        first = runner.submit(endless, Limits(live=LiveLimits()), "first", Asker("a"))
        next(first)
        assert runner.pause("first") and not runner.pause("first")
        second = runner.submit(endless, Limits(live=LiveLimits()), "second", Asker("b"))
        next(second)
        assert runner.resume("first") and runner.place("first") == Place(1, "parked")
        second.close()  # type: ignore[attr-defined]
        entry = runner._entry("first")
        assert runner.place("first") is None and entry is not None and entry.pump is not None
        assert not entry.pump.is_paused
        first.close()  # type: ignore[attr-defined]
