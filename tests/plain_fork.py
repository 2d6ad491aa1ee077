"""Programs as plain Python runs them, each in a fork of one process that has imported torch already.

python plain_fork.py        one JSON request a line on stdin, one exit status a line on stdout
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType


@dataclass(frozen=True)
class PlainRun:
    """What a program left: its output, its exit status, its gradients as hexadecimal floats by name."""

    stdout: bytes
    stderr: bytes
    exit_status: int
    gradients: dict[str, list[str] | None]


class PlainPython:
    """The process that is forked, for as long as the ``with`` block."""

    def __enter__(self) -> PlainPython:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate(timeout=30)

    def run(self, program: Path, folder: Path, n_threads: int | None = None, stdin: bytes = b"") -> PlainRun:
        """Run ``program`` from seed 0, in its folder; ``folder`` takes what it writes. Sums depend on the threads."""
        assert self._process.stdin is not None and self._process.stdout is not None
        (folder / "stdin").write_bytes(stdin)
        print(json.dumps([str(program), str(folder), n_threads]), file=self._process.stdin, flush=True)
        status = int(self._process.stdout.readline())
        out, error = ((folder / name).read_bytes() for name in ("stdout", "stderr"))
        return PlainRun(out, error, status, json.loads((folder / "plain.json").read_text()))


def _serve() -> None:
    import torch

    for line in sys.stdin:
        program, folder, n_threads = json.loads(line)
        child = os.fork()
        if child == 0:
            if n_threads is not None:
                torch.set_num_threads(n_threads)
            _run(program, folder)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(program: str, folder: str) -> None:
    os.dup2(os.open(os.path.join(folder, "stdin"), os.O_RDONLY), 0)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT), descriptor)
    os.chdir(os.path.dirname(program))
    sys.argv = ["plain_run.py", os.path.basename(program), os.path.join(folder, "plain.json")]
    import plain_run  # beside this file; it runs the program

    plain_run.write_gradients()
    sys.exit(plain_run.status)


if __name__ == "__main__":
    _serve()
