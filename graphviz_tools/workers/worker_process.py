"""Starting and ending one of our worker modules: spoken to over its pipes, with nothing of the server's environment."""

from __future__ import annotations

import os
import subprocess
import sys

from engine.installation import ROOT
from engine.sandbox.worker import bare


def start(module: str, *arguments: object) -> subprocess.Popen[bytes]:
    """``python -m module arguments ...``, run in the folder of the packages."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=bare(os.environ),
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill it, close its pipes and wait until it is gone."""
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                continue  # what could not be written any more: nobody reads it
    process.wait()
