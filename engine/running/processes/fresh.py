"""A fresh process for each program, told its job over a local connection (every platform).

Used by the command line, where the program must see stdin, folder, environment and thread counts as
``python PROGRAM.py`` would, and by :mod:`engine.running.processes.pool`, which starts such processes early.
"""

from __future__ import annotations

import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from engine.installation import PACKAGE, ROOT
from engine.running.processes.fault import read_fault
from engine.running.processes.process import CHUNK_BYTES, BackendError, Exit, Pipe, close_all, lower, open_pipes

START_TIMEOUT_S = 120  # importing torch on a busy machine
LOOK_EVERY_S = 0.2
ANSWER_S = 0.3  # for faulthandler to write down where the program is
HAS_FAULTS = os.name == "posix"  # a descriptor can be handed on
BOOT = (
    "import sys; sys.path.insert(0, {root!r}); import {package}.recording.process.child as c; "
    "sys.path.remove({root!r}); c.main()"
)


@dataclass(frozen=True)
class Connection:
    """The events' end of the local connection."""

    socket: socket.socket

    def read(self) -> bytes:
        return self.socket.recv(CHUNK_BYTES)

    def close(self) -> None:
        self.socket.close()


class FreshProcess:
    """One process started by us."""

    def __init__(self, stdin: int | None = subprocess.DEVNULL) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._token = secrets.token_bytes(16)
        (out, out_w), (err, err_w), (self._fault, fault_w) = open_pipes(3)
        self.stdout, self.stderr = Pipe(out), Pipe(err)
        self._connection: Connection | None = None
        self._lock = threading.Lock()  # between a late question and close()
        self._is_closed = False
        try:
            self._popen = subprocess.Popen(
                [sys.executable, "-c", BOOT.format(root=str(ROOT), package=PACKAGE)],
                env={**os.environ, **self._settings(fault_w)},
                stdin=stdin,
                stdout=out_w,
                stderr=err_w,
                pass_fds=[fault_w] if HAS_FAULTS else [],
            )
        except OSError as error:
            self._listener.close()
            close_all([out, err, self._fault])
            raise BackendError(f"no process could be started ({error}); please run again") from error
        finally:
            close_all([out_w, err_w, fault_w])

    @property
    def events(self) -> Connection:
        assert self._connection is not None, "give() it a job first"
        return self._connection

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    @property
    def is_ready(self) -> bool:
        """Whether torch has been imported: only then it connects."""
        return self.is_alive and bool(select.select([self._listener], [], [], 0)[0])

    def give(self, job: bytes) -> None:
        """Send the job, once torch has been imported. Raises BackendError when the process cannot take it."""
        try:
            self._connection = Connection(self._accept())
            self._connection.socket.sendall(job)
        except OSError as error:
            last = self.discard().strip().rpartition("\n")[2]  # of a traceback, when importing torch failed
            raise BackendError(f"the program's process did not start: {last or error}") from error
        finally:
            self._listener.close()

    def ask(self) -> str:
        with self._lock:
            if not HAS_FAULTS or self._is_closed or not self.is_alive:
                return ""
            self._popen.send_signal(signal.SIGUSR1)
            return read_fault(self._fault, ANSWER_S)

    def kill(self) -> None:
        self._popen.kill()

    def tell(self, command: bytes) -> bool:
        try:
            self.events.socket.sendall(command)
        except OSError:
            return False
        return True

    def pause(self) -> bool:
        return self._signal("SIGSTOP")

    def go_on(self) -> bool:
        return self._signal("SIGCONT")

    def lower(self) -> None:
        if self.is_alive:
            lower(self._popen.pid)

    def wait(self) -> Exit:
        return Exit(self._popen.wait())

    def fault(self) -> str:
        return read_fault(self._fault, 0) if HAS_FAULTS else ""

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            os.close(self._fault)

    def discard(self) -> str:
        """End a process that got no job; what it wrote to stderr."""
        self._popen.kill()
        self._popen.wait()
        self._listener.close()
        text = b"".join(iter(self.stderr.read, b"")).decode(errors="replace")
        for stream in (self.stdout, self.stderr, self, *([self._connection] if self._connection else [])):
            stream.close()
        return text

    def _signal(self, name: str) -> bool:
        number = getattr(signal, name, None)  # Windows cannot stop a process and let it go on
        if number is None or not self.is_alive:
            return False
        self._popen.send_signal(number)
        return True

    def _settings(self, fault_fd: int) -> dict[str, str]:
        """What the child needs to find us, and how it notices that we have gone (see child.py)."""
        by_kernel = sys.platform == "linux" and threading.current_thread() is threading.main_thread()
        return {
            "BACKSTEP_PORT": str(self._listener.getsockname()[1]),
            "BACKSTEP_TOKEN": self._token.hex(),
            "BACKSTEP_FAULT": str(fault_fd) if HAS_FAULTS else "",
            "BACKSTEP_PARENT": str(os.getpid()) if by_kernel else "",
        }

    def _accept(self) -> socket.socket:
        deadline = time.monotonic() + START_TIMEOUT_S
        self._listener.settimeout(LOOK_EVERY_S)
        while time.monotonic() < deadline:
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                if not self.is_alive:
                    raise ConnectionError(f"it ended with status {self._popen.wait()}") from None
                continue
            connection.settimeout(1)
            if _receive(connection, len(self._token)) == self._token:
                connection.settimeout(None)
                return connection
            connection.close()  # somebody else found the port
        raise TimeoutError(f"importing torch took more than {START_TIMEOUT_S} s")


class FreshBackend:
    """A new process for each launch."""

    is_ready = False
    can_confine = False
    folder = None

    def __init__(self, stdin: int | None = subprocess.DEVNULL) -> None:
        self._stdin = stdin

    def start(self) -> None:
        """Nothing to prepare."""

    def launch(self, job: bytes) -> FreshProcess:
        """A process that sees what ``python`` would see, given the job."""
        process = FreshProcess(self._stdin)
        process.give(job)
        return process

    def close(self) -> None:
        """Nothing is kept."""


def _receive(connection: socket.socket, n: int) -> bytes:
    data = b""
    try:
        while len(data) < n and (part := connection.recv(n - len(data))):
            data += part
    except OSError:
        return b""  # silent, or gone again
    return data
