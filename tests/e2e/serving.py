"""The app's server as a user starts it, on a free port, ended by handle."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ENDS_S = 30  # on a machine that is busy with other tests
STREAMLIT = ("-m", "streamlit", "run", "streamlit_app.py", "--server.headless", "true", "--server.port", "{port}")
UVICORN = ("-m", "uvicorn", "streamlit_app:app", "--port", "{port}")
START_LIMIT_S = 60.0
TRIES = 3  # another process may take the free port before the server does


class ServerError(AssertionError):
    """The server did not come up; the message ends with what it printed."""


@dataclass(frozen=True)
class Server:
    url: str
    pid: int
    log: Path

    def health(self) -> dict[str, Any]:
        """The answer of /healthz."""
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
            return json.load(answer)

    def wait_until_ready(self) -> None:
        """Wait until a program would start at once."""
        self._wait_for("ready")

    def _wait_for(self, runner: str) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while self.health()["runner"] != runner:
            if time.monotonic() > deadline:
                raise ServerError(f"the runner was not {runner} after {START_LIMIT_S:g} s\n{self.output()}")
            time.sleep(0.02)

    def output(self) -> str:
        return self.log.read_text(errors="replace")


@contextmanager
def serve(
    command: Sequence[str] = STREAMLIT,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    health: str = "/healthz",
    host: str = "127.0.0.1",
    port: int | None = None,
) -> Iterator[Server]:
    """A running server, on ``port`` or on a free one; answers ``health`` when it is given, ended when the block ends.

    Raises: :class:`ServerError` with the server's output.
    """
    with tempfile.TemporaryDirectory() as folder:
        process, server = _start(command, cwd, environment, health, Path(folder), host, port)
        try:
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=ENDS_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise ServerError(f"the server did not end within {ENDS_S} s of SIGTERM\n{server.output()}") from None


def _start(
    command: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str] | None,
    health: str,
    folder: Path,
    host: str,
    asked: int | None,
) -> tuple[subprocess.Popen[bytes], Server]:
    for attempt in range(TRIES):
        port, log = asked or free_port(), folder / f"server{attempt}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *(part.format(port=port) for part in command)],
                cwd=cwd,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
            )
        server = Server(f"http://{host}:{port}", process.pid, log)
        if _answers(process, f"{server.url}{health}"):
            return process, server
        process.kill()
        process.wait()
    raise ServerError(f"the server did not start:\n{server.output()}")


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + START_LIMIT_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return True
        except OSError:
            time.sleep(0.01)
    return False


def free_port() -> int:
    """A TCP port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
