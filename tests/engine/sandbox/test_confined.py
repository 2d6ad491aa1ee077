"""Programs in confined processes: honest ones notice nothing, others are told what and where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine.contract.events import Finished
from engine.contract.policy import CLASSROOM_LIMITS
from engine.contract.trace import Limits, Program, Trace
from engine.running import Runner, run
from engine.running.processes.fresh import FreshBackend
from tests.engine.running.processes import is_gone
from tests.engine.sandbox.honest import PROGRAMS, SEED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines programs")
ROOT = Path(__file__).resolve().parents[3]
LIMITS = msgspec.structs.replace(CLASSROOM_LIMITS, time_s=30.0)


@pytest.fixture(scope="module")
def confined() -> Iterator[Runner]:
    with Runner(policy="classroom", n_slots=2) as one:
        yield one


@pytest.fixture(scope="module")
def trusted() -> Iterator[Runner]:
    with Runner(n_slots=2) as one:
        yield one


def traced(runner: Runner, source: str, limits: Limits = LIMITS) -> Trace:
    return run(runner, Program(source), limits)


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.slow
def test_an_honest_program_runs_as_it_does_unconfined(confined: Runner, trusted: Runner, name: str) -> None:
    there, here = (traced(runner, SEED + PROGRAMS[name] + "\n") for runner in (trusted, confined))
    assert here.ending == there.ending == "ok", here.failure
    assert here.stdout == there.stdout and here.stdout
    assert [call.name for call in here.calls] == [call.name for call in there.calls]
    assert here.leaves == there.leaves


def test_this_computer_holds_what_is_promised(confined: Runner) -> None:
    guarantee = confined.guarantee()
    assert (guarantee.level, guarantee.worked, guarantee.reason) == ("enforced", (), "")


def test_a_program_has_no_capability_no_environment_and_no_other_descriptor(confined: Runner) -> None:
    source = (
        "import ctypes, os, struct\n"
        "head, sets = ctypes.create_string_buffer(struct.pack('Ii', 0x20080522, 0)), (ctypes.c_uint32 * 6)()\n"
        "print(ctypes.CDLL(None).capget(head, sets), list(sets))\n"
        "print(sorted(os.environ))\n"
        "print([fd for fd in range(64) if not os.system.__call__ is None and _open(fd)])\n"
    )
    opened = "def _open(fd):\n    import os\n    try: return bool(os.fstat(fd))\n    except OSError: return False\n"
    first, second, third = traced(confined, opened + source).stdout.splitlines()
    assert first == "0 [0, 0, 0, 0, 0, 0]"
    assert second == "['CUDA_VISIBLE_DEVICES', 'HOME', 'LANG', 'OMP_NUM_THREADS', 'OMP_THREAD_LIMIT', 'PATH']"
    assert third == "[0, 1, 2, 3]"


def test_no_folder_of_the_server_is_shown(confined: Runner) -> None:
    trace = traced(confined, "import torch\ntorch.ones(2).backward()\n")
    assert trace.failure is not None and "torch/_tensor.py" in trace.failure.traceback
    for text in (trace.failure.traceback, trace.failure.message, trace.stderr):
        assert sys.prefix not in text and os.path.realpath(sys.prefix) not in text and sys.base_prefix not in text


def test_a_device_that_cannot_be_confined_is_refused(confined: Runner) -> None:
    trace = run(confined, Program("print(1)", device="cuda"), LIMITS)
    assert (trace.ending, trace.stdout) == ("sandbox", "")
    assert trace.failure is not None and "cannot be confined" in trace.failure.message


def test_where_nothing_can_be_confined_lessons_run_and_own_programs_do_not() -> None:
    lesson = Program("print('lesson')")
    with Runner(FreshBackend(), policy="classroom", lessons=frozenset({lesson})) as runner:
        assert run(runner, lesson, LIMITS).stdout == "lesson\n"
        refused = run(runner, Program("print('own')"), LIMITS)
        assert (refused.ending, refused.stdout) == ("sandbox", "")
        assert runner.guarantee().level == "soft"


@pytest.mark.slow
def test_lessons_only_runs_nobodys_own_program() -> None:
    lesson = Program("import os\nprint(os.listdir('/'))")
    with Runner(policy="lessons-only", lessons=frozenset({lesson})) as runner:
        assert run(runner, lesson, LIMITS).ending == "denied"  # it runs, confined as everything else
        assert run(runner, msgspec.structs.replace(lesson, device="cpu"), LIMITS).ending == "denied"
        refused_device = run(runner, Program("print()", device="cpu"), LIMITS)
        assert refused_device.failure is not None and refused_device.failure.type == "NotRun"
        refused = run(runner, Program("print('own')"), LIMITS)
    assert (refused.ending, refused.stdout, refused.failure and refused.failure.type) == ("denied", "", "NotRun")


def test_a_program_that_cannot_be_confined_never_begins(confined: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel refuses a step: here, more open files than there can be."""
    from engine.contract.policy import Confinement

    monkeypatch.setattr("engine.running.runner.confinement_of", lambda *_: Confinement(n_files=2**40))
    trace = traced(confined, "print('ESCAPED')")
    assert (trace.ending, trace.stdout) == ("sandbox", "")
    assert trace.failure is not None and "could not confine" in trace.failure.message


def test_a_text_of_a_million_characters_is_refused_before_it_is_run(confined: Runner) -> None:
    assert traced(confined, "#" * 1_000_000).ending == "toobig"


def test_all_children_dying_at_once_costs_their_runs_only(confined: Runner) -> None:
    events = [confined.submit(Program("while True: pass"), LIMITS, f"r{i}") for i in range(2)]
    for one in events:
        next(iter(one))
    for entry in list(confined._running.values()):
        assert entry.pump is not None
        entry.pump.process.kill()
    endings = [list(one)[-1] for one in events]
    assert [end.ending for end in endings if isinstance(end, Finished)] == ["vanished", "vanished"]
    assert traced(confined, "print(1)").stdout == "1\n"


@pytest.mark.slow
def test_the_end_of_the_server_is_the_end_of_every_child() -> None:
    source = (
        "import os, sys, signal\nfrom engine.running import Runner\nfrom engine.contract.trace import Program, Limits\n"
        "runner = Runner(policy='classroom', n_slots=2)\n"
        "runs = [runner.submit(Program('import os\\nprint(os.getpid())\\nwhile True: pass'), Limits(), f'r{i}') for i in range(2)]\n"
        "pids = [next(e.text.strip() for e in one if hasattr(e, 'text')) for one in runs]\n"
        "print(*pids, runner._backend._process.pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, timeout=120)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 3, done.stderr
    assert all(is_gone(pid) for pid in pids)


@pytest.mark.slow
def test_the_command_line_confines_and_tells_the_ending(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text("import torch\nprint(torch.ones(1))\nopen('/etc/passwd')\n")
    command = [
        sys.executable,
        "-m",
        "engine",
        "report",
        str(tmp_path / "p.py"),
        "--policy",
        "classroom",
        "--json",
        "r.json",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["ending"], report["outcome"], report["stdout"]) == ("denied", "stopped", "tensor([1.])\n")
    assert report["error"]["message"] == "Reading '/etc/passwd' isn't allowed here" and report["error"]["line"] == 3
    assert (done.returncode, done.stdout) == (1, "tensor([1.])\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account to give up")
def test_root_becomes_nobody_where_nobody_can_read_python() -> None:
    """With the system's Python, which everybody can read; torch is not needed for this."""
    python = "/usr/bin/python3"
    if not os.path.exists(python):
        pytest.skip("no system Python")
    source = (
        "import os, sys, types\nsys.path.insert(0, sys.argv[1])\n"
        "for name in ('msgspec',): sys.modules[name] = types.SimpleNamespace(Struct=type('S', (), {'__init_subclass__': classmethod(lambda c, **k: None)}))\n"
        "import engine.sandbox.privileges as p\n"
        "print(p.nobody_can_read(['/usr/lib', os.__file__]), p.nobody_can_read(['/root']))\n"
        "p.become_nobody(); p.drop_capabilities(); print(os.getuid(), os.getgroups())\n"
        "try: os.setuid(0)\nexcept PermissionError: print('stays')\n"
    )
    done = subprocess.run([python, "-c", source, str(ROOT)], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[1:] == ["65534 []", "stays"], done.stderr
    assert done.stdout.splitlines()[0] in ("True False", "True True")
