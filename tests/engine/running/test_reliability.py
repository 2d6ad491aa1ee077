"""What is killed is replaced, and who kills the server leaves nothing of what it ran."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.contract.trace import Limits, Program
from engine.running import Runner, run
from tests.engine.running.processes import HELLO, comes_true, is_gone, trace_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the zygote needs Linux")
ROOT = Path(__file__).resolve().parents[3]
SERVER = """
import sys
from engine.running import Runner
from engine.contract.trace import Limits, Program
with Runner() as runner:
    for event in runner.submit(Program(sys.argv[1]), Limits(), "one"):
        print(getattr(event, "text", ""), end="", flush=True)
"""
GRANDCHILD = """
import os, subprocess, time
own = subprocess.Popen(["sleep", "60"], start_new_session=True)
orphan = subprocess.run(["sh", "-c", "setsid sleep 60 > /dev/null & echo $!"], stdout=subprocess.PIPE, text=True)
print(os.getpid(), own.pid, orphan.stdout.strip(), os.getcwd(), flush=True)
time.sleep(60)
"""


@pytest.mark.slow
def test_a_zygote_that_is_killed_is_replaced_by_the_one_that_stands_by() -> None:
    with Runner() as runner:
        assert trace_of(runner, HELLO).ending == "ok"
        for _ in range(3):
            backend: Any = runner._backend
            killed, next_one = backend._process.pid, backend._spare.pid
            backend._process.kill()
            assert is_gone(killed) and trace_of(runner, HELLO).ending == "ok"
            assert backend._process.pid == next_one
    assert is_gone(next_one) and is_gone(backend._spare.pid if backend._spare else next_one)


@pytest.mark.slow
def test_one_that_stands_by_may_die_too() -> None:
    with Runner() as runner:
        assert trace_of(runner, HELLO).ending == "ok"
        backend: Any = runner._backend
        killed = backend._process.pid
        os.kill(backend._spare.pid, signal.SIGKILL)
        backend._process.kill()
        assert is_gone(killed) and trace_of(runner, HELLO).ending == "ok"


@pytest.mark.slow
def test_a_server_that_is_killed_leaves_no_process_of_its_programs_and_no_folder(tmp_path: Path) -> None:
    command, environment = [sys.executable, "-c", SERVER, GRANDCHILD], {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        *pids, folder = server.stdout.readline().split()
        assert folder.startswith(str(tmp_path)) and len(pids) == 3
        server.kill()
    assert all(is_gone(int(pid)) for pid in pids)
    assert comes_true(lambda: not list(tmp_path.glob("backstep-*")), 10)


@pytest.mark.parametrize("policy", ["trusted", "classroom"])
@pytest.mark.slow
def test_without_pidfds_programs_run_and_are_stopped(policy: str) -> None:
    source = (
        "import os\nfrom engine.running import Runner, run\nfrom engine.contract.trace import Limits, Program\n"
        "try:\n    os.pidfd_open(os.getpid())\nexcept OSError:\n    print('none')\n"
        f"with Runner(policy={policy!r}) as runner:\n"
        "    for one in ('print(1)', 'import signal\\nsignal.signal(14, signal.SIG_IGN)\\nwhile True: pass'):\n"
        "        trace = run(runner, Program(one), Limits(time_s=1))\n"
        "        print(trace.ending, trace.failure and trace.failure.line)\n"
    )
    command = [sys.executable, "-m", "tests.kills.without", "pidfd", sys.executable, "-c", source]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout
    assert told.split("\n") == ["none", "ok None", "timeout 3", ""]


@pytest.mark.parametrize("lacking", ["landlock", "seccomp"])
@pytest.mark.slow
def test_a_kernel_that_cannot_confine_runs_no_strangers_program(lacking: str) -> None:
    source = (
        "from engine.running import Runner, run\nfrom engine.contract.trace import Limits, Program\n"
        "with Runner(policy='classroom') as runner:\n"
        "    trace = run(runner, Program('print(1)'), Limits())\n"
        "    print(trace.ending, runner.known_guarantee.level, trace.stdout, trace.failure.type)\n"
    )
    command = [sys.executable, "-m", "tests.kills.without", lacking, sys.executable, "-c", source]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout
    assert told.split() == ["sandbox", "soft", "NotRun"]


@pytest.mark.slow
def test_without_room_for_a_folder_the_run_says_so() -> None:
    with Runner() as runner:
        assert trace_of(runner, HELLO).ending == "ok"
        backend: Any = runner._backend
        folder = Path(backend.folder)
        folder.rmdir()
        trace = run(runner, Program(HELLO), Limits())
        assert trace.failure is not None and "no folder" in trace.failure.message
        folder.mkdir()
        assert trace_of(runner, HELLO).ending == "ok"
