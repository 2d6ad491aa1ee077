"""``python -m engine``: the program runs as plain Python would run it, and the JSON says what happened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """import sys, torch
print(sys.argv[1:], __name__, sys.path[0] == sys.argv[0].rpartition("/")[0] or sys.path[0])
w = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)
unused = torch.zeros(3, requires_grad=True)
model = torch.nn.Linear(2, 1)
loss = (w * w).sum() + model(w).sum() * 0
loss.backward()
print(input())
sys.exit(7)
"""


def engine(*arguments: str, cwd: Path, text: str = "") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "engine", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, input=text.encode(), capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[bytes], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("programs")
    (folder / "train.py").write_text(PROGRAM)
    done = engine("report", str(folder / "train.py"), "a", "b", "--json", "out.json", cwd=folder, text="typed\n")
    return done, json.loads((folder / "out.json").read_text())


def test_output_stdin_arguments_and_exit_status_are_the_programs_own(reported: Any) -> None:
    done, report = reported
    assert done.stdout == b"['a', 'b'] __main__ True\ntyped\n"
    assert (done.stderr, done.returncode) == (b"", 7)
    assert report["stdout"] == done.stdout.decode()
    assert (report["schema"], report["outcome"], report["ending"]) == (1, "raised", "exit")


def test_the_report_names_each_leaf_and_why_a_gradient_is_missing(reported: Any) -> None:
    leaves = {leaf["name"]: leaf for leaf in reported[1]["leaves"]}
    assert list(leaves) == ["w", "unused", "model.weight", "model.bias"]
    assert leaves["w"]["grad"] == [[2.0, 4.0], [6.0, 8.0]]
    assert (leaves["unused"]["grad"], leaves["unused"]["why_none"]) == (None, "not_reached")
    assert leaves["model.bias"]["grad"] == [0.0]


def test_the_report_lists_each_backward_in_the_engines_order(reported: Any) -> None:
    (backward,) = reported[1]["backwards"]
    assert (backward["line"], backward["root"], backward["root_value"], backward["completed"]) == (
        7,
        "loss",
        30.0,
        True,
    )
    assert backward["nodes"][0] == "AddBackward0"
    assert backward["nodes"].count("AccumulateGrad") == 3


@pytest.mark.slow
def test_a_failing_backward_is_told_with_its_node_and_line(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text(
        "import torch\na = torch.ones(2, requires_grad=True)\nb = a + 2\nloss = (b * b).sum()\nb.detach().zero_()\n"
        "loss.backward()\n"
    )
    done = engine("report", "p.py", "--json", "r.json", cwd=tmp_path)
    error = json.loads((tmp_path / "r.json").read_text())["error"]
    assert (error["type"], error["phase"], error["line"], error["node"]) == (
        "RuntimeError",
        "backward",
        6,
        "MulBackward0",
    )
    assert done.returncode == 1
    plain = subprocess.run([sys.executable, "p.py"], cwd=tmp_path, capture_output=True, timeout=120)
    assert done.stderr == plain.stderr


@pytest.mark.slow
def test_record_writes_a_trace_that_can_be_read_again(tmp_path: Path) -> None:
    from engine.contract.codec import trace_from_json

    (tmp_path / "p.py").write_text("import torch\nx = torch.tensor(2., requires_grad=True)\n(x ** 2).backward()\n")
    assert engine("record", "p.py", "--json", "t.json", cwd=tmp_path).returncode == 0
    trace = trace_from_json((tmp_path / "t.json").read_bytes())
    assert trace.leaves[0].grad is not None and trace.leaves[0].grad.items == (4.0,)


@pytest.mark.slow
def test_without_json_a_readable_report_follows_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text("import torch\nx = torch.tensor(2., requires_grad=True)\n(x ** 2).backward()\n")
    done = engine("report", "p.py", cwd=tmp_path)
    assert "x (): grad 4\n" in done.stderr.decode()


@pytest.mark.slow
def test_a_time_limit_ends_the_program_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text("print('on', flush=True)\nwhile True: pass\n")
    done = engine("report", "p.py", "--time-limit", "0.5", "--json", "r.json", cwd=tmp_path)
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["outcome"], report["ending"], report["stdout"]) == ("stopped", "timeout", "on\n")
    assert report["error"]["line"] == 2
    assert done.returncode == 124


def test_a_missing_file_is_a_plain_sentence(tmp_path: Path) -> None:
    done = engine("report", "nothing.py", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, b"backstep: cannot read nothing.py: No such file or directory\n")


def test_lessons_are_listed_with_id_slug_title_and_path() -> None:
    done = engine("lessons", "--json", cwd=ROOT)
    rows = json.loads(done.stdout)
    assert {"id", "slug", "title", "path"} == set(rows[0])
    assert all((ROOT / row["path"]).is_file() for row in rows)
    assert {"C1", "C2", "C3", "C4", "D3", "D5", "E1", "E2", "E3", "E4"} <= {row["id"] for row in rows}
