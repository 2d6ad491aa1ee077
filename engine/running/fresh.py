"""A fresh process for each program, told its job over a local connection (every platform).

Used by the command line, where the program must see stdin, folder, environment and thread counts as
``python PROGRAM.py`` would, and by :mod:`engine.running.pool`, which starts such processes early.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

from engine.running.process import BackendError, Exit

ROOT = Path(__file__).resolve().parents[2]
CHUNK = 1 << 16
CONNECT_TIMEOUT_S = 60
BOOT = (
    "import sys; sys.path.insert(0, {root!r}); import engine.recording.child as c; "
    "sys.path[:] = [p for p in sys.path if p not in ({root!r}, '')]; c.main()"
)


class FreshProcess:
    """One process started by us."""

    def __init__(self, stdin: int | None = subprocess.DEVNULL, cwd: str | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(CONNECT_TIMEOUT_S)
        self._token = secrets.token_bytes(16)
        port = str(self._listener.getsockname()[1])
        environment = {**os.environ, "BACKSTEP_PORT": port, "BACKSTEP_TOKEN": self._token.hex()}
        self._popen = subprocess.Popen(
            [sys.executable, "-c", BOOT.format(root=str(ROOT))],
            env=environment, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd,
        )  # fmt: skip
        self._connection: socket.socket | None = None

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def give(self, job: bytes) -> None:
        """Send the job; waits for the process to connect. Raises BackendError when it does not."""
        try:
            while self._connection is None:
                connection, _ = self._listener.accept()
                connection.settimeout(CONNECT_TIMEOUT_S)
                if _receive(connection, len(self._token)) == self._token:
                    connection.settimeout(None)
                    self._connection = connection
                else:
                    connection.close()  # somebody else found the port
            self._connection.sendall(job)
        except OSError as error:
            self.kill()
            raise BackendError(f"the program's process did not start ({error}); please run again") from error
        finally:
            self._listener.close()

    def read_events(self) -> bytes:
        assert self._connection is not None
        try:
            return self._connection.recv(CHUNK)
        except ConnectionError:
            return b""

    def read_stdout(self) -> bytes:
        assert self._popen.stdout is not None
        return os.read(self._popen.stdout.fileno(), CHUNK)

    def read_stderr(self) -> bytes:
        assert self._popen.stderr is not None
        return os.read(self._popen.stderr.fileno(), CHUNK)

    def kill(self) -> None:
        self._popen.kill()

    def wait(self) -> Exit:
        return Exit(self._popen.wait())

    def fault(self) -> str:
        return ""  # faulthandler would change what the program prints to stderr

    def close(self) -> None:
        self._listener.close()
        for end in (self._connection, self._popen.stdout, self._popen.stderr):
            if end is not None:
                end.close()


class FreshBackend:
    """A new process for each launch."""

    def __init__(self, stdin: int | None = subprocess.DEVNULL) -> None:
        self._stdin = stdin
        self.is_ready = False

    def start(self) -> None:
        """Nothing to prepare."""

    def launch(self, job: bytes) -> FreshProcess:
        process = FreshProcess(self._stdin)
        process.give(job)
        return process

    def close(self) -> None:
        """Nothing is kept."""


def _receive(connection: socket.socket, n: int) -> bytes:
    data = b""
    while len(data) < n and (part := connection.recv(n - len(data))):
        data += part
    return data
