"""Each program of the corpus and each lesson: recorded, it does what plain ``python`` does.

Output, errors, exit status and, bit for bit, every gradient.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.contract.trace import Limits, Program
from engine.report import report
from engine.running import Runner, run
from tests.plain_fork import PlainPython

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = sorted(p for p in (ROOT / "tests" / "programs").glob("*.py") if p.stem != "helper_module")
LESSONS = sorted((ROOT / "engine" / "lessons").rglob("*.py"))
pytestmark = pytest.mark.slow  # two processes that import torch for each program
STDIN = b"Ada\nand more\n"


def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, input=STDIN, capture_output=True, timeout=120)


def flat(grad: Any) -> list[str]:
    """Numbers of a report's nested list in order, as hexadecimal floats."""
    if isinstance(grad, list):
        return [number for part in grad for number in flat(part)]
    if isinstance(grad, dict):
        return [*flat(grad["re"]), *flat(grad["im"])]
    return [float(grad).hex()]


def norm(numbers: list[str]) -> float:
    return math.hypot(*map(float.fromhex, numbers))


def assert_same_gradients(leaves: list[dict[str, Any]], expected: dict[str, list[str] | None]) -> None:
    """``leaves`` of a report against numbers by name."""
    found = {leaf["name"]: leaf for leaf in leaves}
    assert set(expected) <= set(found)
    for name, numbers in expected.items():
        if "grad_norm" in found[name]:  # too large for the report
            assert float(found[name]["grad_norm"]) == pytest.approx(norm(numbers or []), rel=1e-5, nan_ok=True)
        else:
            assert (None if found[name]["grad"] is None else flat(found[name]["grad"])) == numbers


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as one:
        yield one


@pytest.fixture(scope="module")
def plain_python() -> Iterator[PlainPython]:
    with PlainPython() as one:
        yield one


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_recorded_program_equals_plain_python(program: Path, plain_python: PlainPython, tmp_path: Path) -> None:
    options = ("--seed", "0", "--json", str(tmp_path / "report.json"))
    recorded = python("-m", "engine", "report", program.name, *options, cwd=program.parent)
    plain = plain_python.run(program, tmp_path, stdin=STDIN)
    output, error, status = plain.stdout, plain.stderr, plain.exit_status
    if status or error:  # tracebacks, which our driver would be part of
        alone = python(program.name, cwd=program.parent)
        output, error, status = alone.stdout, alone.stderr, alone.returncode
    assert (recorded.stdout, recorded.stderr, recorded.returncode) == (output, error, status)
    report = json.loads((tmp_path / "report.json").read_text())
    assert_same_gradients(report["leaves"], plain.gradients)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_in_the_app_equals_plain_python(
    lesson: Path, runner: Runner, plain_python: PlainPython, tmp_path: Path
) -> None:
    trace = run(runner, Program(lesson.read_text(encoding="utf-8"), filename=lesson.name, seed=0), Limits(time_s=60))
    assert trace.environment is not None
    plain = plain_python.run(lesson, tmp_path, trace.environment.n_threads)
    assert trace.stdout == plain.stdout.decode()
    assert trace.stderr.splitlines()[-1:] == plain.stderr.decode().splitlines()[-1:]
    assert trace.exit_status == plain.exit_status
    assert_same_gradients(report(trace, trace.stdout)["leaves"], plain.gradients)


def test_a_program_of_ten_thousand_lines_runs_and_is_recorded(tmp_path: Path) -> None:
    lines = ["import torch", "x = torch.ones(1, requires_grad=True)", *["y = 1"] * 10_000, "(x * y).backward()"]
    (tmp_path / "long.py").write_text("\n".join(lines))
    assert python("-m", "engine", "report", "long.py", "--json", "r.json", cwd=tmp_path).returncode == 0
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["backwards"][0]["line"], report["leaves"][0]["grad"]) == (10_003, [1.0])


@pytest.mark.slow
def test_a_tensor_of_a_hundred_million_elements_is_recorded(tmp_path: Path) -> None:
    source = "import torch\nx = torch.ones(10 ** 8, requires_grad=True)\n(x * 2).sum().backward()\nprint(x.grad[0])\n"
    (tmp_path / "big.py").write_text(source)
    done = python("-m", "engine", "report", "big.py", "--json", "r.json", cwd=tmp_path)
    leaf = json.loads((tmp_path / "r.json").read_text())["leaves"][0]
    assert done.stdout == b"tensor(2.)\n"
    assert (leaf["grad"], leaf["why_none"], leaf["shape"]) == (None, None, [10**8])
