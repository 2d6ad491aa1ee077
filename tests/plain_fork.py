"""Lessons as plain Python runs them, each in a fork of one process that has imported torch already."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import torch

_forkserver = multiprocessing.get_context("forkserver")
_forkserver.set_forkserver_preload(["torch", "numpy"])


@dataclass(frozen=True)
class PlainRun:
    """What a program left: its output, its exit status, its gradients as hexadecimal floats by name."""

    stdout: str
    stderr: str
    exit_status: int
    gradients: dict[str, list[str] | None]


def run_plain(program: Path, folder: Path, n_threads: int) -> PlainRun:
    """Run ``program`` from seed 0; ``folder`` takes what it writes. Sums depend on the number of threads."""
    process = _forkserver.Process(target=_run, args=(str(program), str(folder), n_threads))
    process.start()
    process.join(120)
    assert process.exitcode is not None, f"{program.name} did not end"
    out, error = ((folder / name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))
    return PlainRun(out, error, process.exitcode, json.loads((folder / "plain.json").read_text()))


def _run(program: str, folder: str, n_threads: int) -> None:
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT), descriptor)
    sys.argv = ["plain_run.py", program, os.path.join(folder, "plain.json")]
    torch.set_num_threads(n_threads)
    from tests import plain_run  # runs it

    plain_run.write_gradients()
    sys.exit(plain_run.status)
