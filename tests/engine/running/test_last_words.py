"""A run always ends, tells where it was, and keeps what the program had said; also for odd programs."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from engine.contract.events import Event, Printed, Started
from engine.contract.trace import Limits, Program
from engine.running import Runner, run
from engine.running.ending import of_exit
from engine.running.processes.fault import fault_line
from engine.running.processes.process import Exit
from tests.engine.running.processes import comes_true, is_gone, trace_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the zygote needs Linux")


@pytest.mark.slow
def test_a_stopped_program_keeps_what_it_printed_and_tells_its_line(runner: Runner) -> None:
    source = "x = 0\nprint('hi'); all(not one for one in iter(int, 1))"
    events = runner.submit(Program(source), Limits(), "stopped")
    assert isinstance(next(events), Started)
    assert _printed(events, "hi\n")
    runner.cancel("stopped")
    *_, last = events
    assert last.ending == "cancelled" and last.failure.line == 2  # type: ignore[union-attr]


def test_a_loop_in_native_code_which_no_alarm_reaches_is_stopped_at_its_line(runner: Runner) -> None:
    trace = trace_of(runner, "def f():\n    return sum(range(10 ** 12))\nf()\n", time_s=0.5)
    assert (trace.ending, trace.exit_status) == ("timeout", 124)
    assert trace.failure is not None and trace.failure.line == 2


def test_a_crash_inside_a_function_names_the_line_in_it(runner: Runner) -> None:
    trace = trace_of(runner, "import ctypes\ndef f():\n    ctypes.string_at(0)\nf()\n")
    assert trace.failure is not None and (trace.ending, trace.failure.line) == ("crash", 3)


def test_a_process_forked_by_the_program_adds_nothing_to_its_trace(runner: Runner) -> None:
    source = "import os, torch\nx = torch.ones(2)\npid = os.fork()\ny = x + 1\nif pid:\n    os.waitpid(pid, 0)\n"
    trace = trace_of(runner, source)
    assert (trace.ending, [call.name for call in trace.calls]) == ("ok", ["ones", "add"])
    assert [step.call for step in trace.steps] == [0, 1]  # type: ignore[union-attr]


def test_threads_and_exit_functions_come_to_their_end(runner: Runner) -> None:
    source = (
        "import atexit, threading, tempfile, os\nheld = tempfile.TemporaryDirectory()\ngo = threading.Event()\n"
        "atexit.register(lambda: print('bye', os.path.isdir(held.name)))\n"
        "def late():\n    go.wait(5)\n    print('late')\nthreading.Thread(target=late).start()\nprint('main')\ngo.set()\n"
    )
    trace = trace_of(runner, source)
    assert (trace.stdout.splitlines()[0], sorted(trace.stdout.split())) == ("main", ["True", "bye", "late", "main"])


def test_an_exit_function_that_never_returns_is_stopped(runner: Runner) -> None:
    source = "import atexit, torch\ndef hang():\n    while True: pass\natexit.register(hang)\nw = torch.ones(1)\n"
    trace = trace_of(runner, source, time_s=0.5)
    assert trace.ending == "timeout" and trace.failure is not None and trace.failure.line == 3


def test_processes_that_the_program_left_behind_are_ended_with_it(runner: Runner) -> None:
    source = "import subprocess\nprint(subprocess.Popen(['sleep', '60']).pid)\n"
    started = time.monotonic()
    trace = trace_of(runner, source)
    assert trace.ending == "ok" and time.monotonic() - started < 10
    assert is_gone(int(trace.stdout))


def test_a_process_that_went_its_own_way_holds_no_run_open(runner: Runner) -> None:
    source = "import subprocess\nprint(subprocess.Popen(['sleep', '60'], start_new_session=True).pid)\n"
    started = time.monotonic()
    trace = trace_of(runner, source)
    assert trace.ending == "ok" and time.monotonic() - started < 10
    os.kill(int(trace.stdout), signal.SIGKILL)


def test_a_program_that_closes_its_output_is_still_waited_for_and_limited(runner: Runner) -> None:
    assert trace_of(runner, "import os\nos.close(1)\nos.close(2)\n").ending == "ok"
    assert trace_of(runner, "import os\nos.close(1)\nos.close(2)\nwhile True: pass\n", time_s=0.5).ending == "timeout"


@pytest.mark.parametrize("source", [r"raise ValueError('\ud800')", "raise ValueError('\\ud800') # \ud800"])
def test_text_that_is_no_unicode_is_an_ordinary_error(runner: Runner, source: str) -> None:
    trace = trace_of(runner, source)
    assert trace.failure is not None and (trace.ending, trace.failure.message) == ("error", r"\ud800")


def test_the_recorders_own_modules_are_out_of_the_programs_way(runner: Runner) -> None:
    trace = trace_of(runner, "import engine")
    assert trace.failure is not None and trace.failure.message == "No module named 'engine'"


def test_a_program_too_large_to_send_is_refused_in_a_sentence(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.contract.codec.MAX_FRAME_BYTES", 1_000)
    trace = trace_of(runner, "x = 1\n" * 1_000)
    assert trace.failure is not None and trace.ending == "toobig"


@pytest.mark.slow
def test_running_programs_are_told_when_the_zygote_dies_and_it_is_replaced_at_once() -> None:
    with Runner() as runner:
        events = runner.submit(Program("print('on')\nwhile True: pass"), Limits(), "one")
        assert isinstance(next(events), Started) and _printed(events, "on\n")
        pid = _zygote(runner)
        runner._backend._process.kill()  # type: ignore[attr-defined]
        *_, last = events
        assert last.ending == "sandbox" and "run again" in last.failure.message  # type: ignore[union-attr]
        assert comes_true(lambda: runner.is_ready and _zygote(runner) not in (None, pid), 60)


def test_close_does_not_wait_for_torch_to_be_imported() -> None:
    runner = Runner()
    runner.start()
    assert comes_true(lambda: _zygote(runner) is not None, 10)
    pid, started = _zygote(runner), time.monotonic()
    runner.close()
    assert time.monotonic() - started < 1
    assert pid is not None and is_gone(pid)
    assert run(runner, Program("print(1)")).ending == "sandbox"


def test_the_line_of_a_crash_is_the_innermost_of_the_programs_own_file() -> None:
    text = (
        'Fatal Python error: Segmentation fault\n\n  File "/lib/ctypes/__init__.py", line 519 in string_at\n'
        '  File "/home/a/xp.py", line 8 in f\n  File "/home/a/p.py", line 3 in f\n  File "/home/a/p.py", line 5 in <module>\n'
    )
    assert fault_line(text, "p.py") == fault_line(text, "/home/a/p.py") == 3
    assert fault_line(text, "other.py") is None
    assert fault_line('  File "\\u597d.py", line 4 in <module>\n', "好.py") == 4


@pytest.mark.parametrize(
    ("status", "ending", "cause", "exit_status"),
    [
        (-11, "crash", "crash", 139),
        (-9, "vanished", "killed", 137),
        (5, "vanished", "vanished", 5),
        (70, "sandbox", "fault", 70),
        (71, "sandbox", "unconfined", 71),
        (72, "error", "broken", 72),
        (None, "sandbox", "lost", 137),
        (-24, "timeout", "cpu", 152),
        (0xC0000005, "crash", "crash", 1),
    ],
)
def test_a_death_without_a_word_is_named_by_its_status(
    status: int | None, ending: str, cause: str, exit_status: int
) -> None:
    last = of_exit(Exit(status), "", "p.py")
    assert last.failure is not None
    assert (last.ending, last.failure.cause, last.exit_status) == (ending, cause, exit_status)


def _printed(events: Iterator[Event], text: str) -> bool:
    """Whether the next events print ``text``, in one piece or in several."""
    while text:
        event = next(events)
        if not isinstance(event, Printed) or not text.startswith(event.text):
            return False
        text = text.removeprefix(event.text)
    return True


def _zygote(runner: Runner) -> int | None:
    process = runner._backend._process  # type: ignore[attr-defined]
    return process.pid if process is not None else None
