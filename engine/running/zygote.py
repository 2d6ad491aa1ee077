"""Processes forked from a zygote that has torch imported: milliseconds each (Linux)."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from engine.running.process import BackendError, Exit

ROOT = Path(__file__).resolve().parents[2]
READY_TIMEOUT_S = 120
CHUNK = 1 << 16


class ZygoteBackend:
    """Keeps one zygote alive; a dead one is replaced at the next launch."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._is_ready = False
        self._is_closed = False

    @property
    def is_ready(self) -> bool:
        return self._is_ready and self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the zygote in the background; torch's import takes some seconds."""
        threading.Thread(target=self._warm, name="zygote-start", daemon=True).start()

    def launch(self, job: bytes) -> ForkedProcess:
        """A forked child that has been given the job."""
        with self._lock:
            for attempt in (1, 2):
                control = self._ensure_ready()
                try:
                    return self._fork(control, job)
                except OSError as error:
                    self._drop()
                    if attempt == 2:
                        raise BackendError(f"the zygote does not answer ({error}); please run again") from error
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the zygote and with it every child."""
        with self._lock:
            self._is_closed = True
            self._drop()

    def _warm(self) -> None:
        with self._lock:
            try:
                self._ensure_ready()
            except BackendError:
                self._drop()  # the first launch tries again and tells

    def _ensure_ready(self) -> socket.socket:
        if self._is_closed:
            raise BackendError("the runner is closed")
        if self._control is not None and self._process is not None and self._process.poll() is None:
            return self._control
        self._drop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "STREAMLIT_", "COV_"))}
        environment["PYTHONPATH"] = str(ROOT)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "engine.recording.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], env=environment, cwd="/", stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self._control = ours
        ours.settimeout(READY_TIMEOUT_S)
        try:
            message = ours.recv(16)
        except OSError as error:
            raise BackendError(f"importing torch took more than {READY_TIMEOUT_S} s") from error
        if message != b"ready":
            raise BackendError("the process that imports torch ended at once: is torch installed? see the server's log")
        self._is_ready = True
        return ours

    def _fork(self, control: socket.socket, job: bytes) -> ForkedProcess:
        pipes = [os.pipe() for _ in range(6)]  # job, events, stdout, stderr, fault, status
        theirs = [pipes[0][0], *(w for _, w in pipes[1:])]
        ours = [pipes[0][1], *(r for r, _ in pipes[1:])]
        try:
            socket.send_fds(control, [b"run"], theirs)
            message, descriptors, _, _ = socket.recv_fds(control, 32, 1)
            if not message.startswith(b"pid "):
                raise OSError("no answer")
        except OSError:
            for descriptor in ours:
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        threading.Thread(target=_write_all, args=(ours[0], job), daemon=True).start()
        return ForkedProcess(descriptors[0], *ours[1:])

    def _drop(self) -> None:
        self._is_ready = False
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


class ForkedProcess:
    """A child of the zygote, killed by its pidfd and known dead by the end of its status pipe."""

    def __init__(self, pidfd: int, events: int, stdout: int, stderr: int, fault: int, status: int) -> None:
        self._pidfd = pidfd
        self._events, self._stdout, self._stderr, self._fault, self._status = events, stdout, stderr, fault, status

    def read_events(self) -> bytes:
        return os.read(self._events, CHUNK)

    def read_stdout(self) -> bytes:
        return os.read(self._stdout, CHUNK)

    def read_stderr(self) -> bytes:
        return os.read(self._stderr, CHUNK)

    def kill(self) -> None:
        try:
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        except (ProcessLookupError, OSError):
            return  # it has ended

    def wait(self) -> Exit:
        select.select([self._pidfd], [], [])
        text = os.read(self._status, 16)
        return Exit(int(text) if text else None)

    def fault(self) -> str:
        readable, _, _ = select.select([self._fault], [], [], 0)
        return os.read(self._fault, CHUNK).decode(errors="replace") if readable else ""

    def close(self) -> None:
        for descriptor in (self._pidfd, self._events, self._stdout, self._stderr, self._fault, self._status):
            os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    with open(descriptor, "wb", buffering=0) as pipe:
        view = memoryview(data)
        try:
            while view:
                view = view[pipe.write(view) or 0 :]
        except BrokenPipeError:
            return  # the child was killed before it had read its job
