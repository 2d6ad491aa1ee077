"""Processes forked from a zygote that has torch imported: milliseconds each (Linux)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from engine.running.forked import ForkedProcess
from engine.running.process import BackendError, close_all, open_pipes
from engine.running.told import Letters

ROOT = Path(__file__).resolve().parents[2]
READY_TIMEOUT_S = 120
ANSWER_BYTES = 256
BARE = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")  # of the environment, for strangers' programs
N_PIPES = 6  # job, events, stdout, stderr, fault, status


class ZygoteBackend:
    """Keeps one zygote alive; a dead one is replaced as soon as it is noticed."""

    can_confine = True

    def __init__(self, *, is_bare: bool = False) -> None:
        self._is_bare = is_bare  # children see nothing of the server's environment
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._is_ready = False
        self._is_closed = False

    @property
    def is_ready(self) -> bool:
        """Whether the zygote is there."""
        process = self._process
        return self._is_ready and process is not None and process.poll() is None

    def start(self) -> None:
        """Start the zygote in the background; torch's import takes some seconds."""
        threading.Thread(target=self._warm, name="zygote-start", daemon=True).start()

    def launch(self, job: bytes) -> ForkedProcess:
        """A forked child that has been given the job."""
        with self._lock:
            try:
                return self._fork(self._ensure_ready(), job)
            except OSError:
                self._drop()  # it died since it was last seen: once more
            try:
                return self._fork(self._ensure_ready(), job)
            except OSError as error:
                self._drop()
                raise BackendError(f"the process that imports torch does not answer ({error}); run again") from error

    def close(self) -> None:
        """End the zygote and with it every child."""
        self._is_closed = True
        if not self._is_ready and (process := self._process) is not None:
            process.kill()  # it is still importing torch: nobody waits for that any more
        with self._lock:
            self._drop()

    def _warm(self) -> None:
        with self._lock:
            try:
                self._ensure_ready()
            except (BackendError, OSError):
                self._drop()  # the first launch tries again and tells

    def _ensure_ready(self) -> socket.socket:
        if self._is_closed:
            raise BackendError("the runner is closed")
        if self._control is not None and self._process is not None and self._process.poll() is None:
            return self._control
        self._drop()
        self._control, self._process = _start_zygote(is_bare=self._is_bare)
        try:
            _await_ready(self._control)
        except BackendError:
            self._drop()
            raise
        self._is_ready = True
        threading.Thread(target=self._replace, args=(self._process,), name="zygote-watch", daemon=True).start()
        return self._control

    def _replace(self, process: subprocess.Popen[bytes]) -> None:
        """When this zygote dies of itself, start the next, so that no program waits for torch's import."""
        process.wait()
        if self._process is process and not self._is_closed:
            self._warm()

    def _fork(self, control: socket.socket, job: bytes) -> ForkedProcess:
        pipes = open_pipes(N_PIPES)
        theirs = [pipes[0][0], *(w for _, w in pipes[1:])]
        ours = [pipes[0][1], *(r for r, _ in pipes[1:])]
        try:
            pidfd = _ask_for_child(control, theirs)
        except BaseException:
            close_all(ours)
            raise
        finally:
            close_all(theirs)
        letters = Letters(ours[0])
        letters.send_job(job)
        return ForkedProcess(pidfd, letters, *ours[1:])

    def _drop(self) -> None:
        self._is_ready = False
        process, self._process = self._process, None
        if self._control is not None:
            self._control.close()
            self._control = None
        if process is not None:
            try:
                process.wait(2)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _start_zygote(*, is_bare: bool) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(READY_TIMEOUT_S)
    strange = ("PYTEST_", "STREAMLIT_", "COV_", "PYTHONSAFEPATH")
    environment = {
        name: text for name, text in os.environ.items() if (name in BARE if is_bare else not name.startswith(strange))
    }
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "engine.recording.zygote", str(theirs.fileno())],
            pass_fds=[theirs.fileno()], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    return ours, process


def _await_ready(control: socket.socket) -> None:
    """Wait for torch to be imported. Raises BackendError."""
    try:
        message = control.recv(ANSWER_BYTES)
    except TimeoutError as error:
        raise BackendError(f"importing torch took more than {READY_TIMEOUT_S} s; please run again") from error
    except OSError as error:
        raise BackendError(f"the process that imports torch was lost ({error}); please run again") from error
    if message != b"ready":
        raise BackendError("the process that imports torch ended at once: is torch installed? see the server's log")


def _ask_for_child(control: socket.socket, descriptors: list[int]) -> int:
    """A new child's pidfd. Raises OSError when the zygote has gone, BackendError when it cannot fork."""
    socket.send_fds(control, [b"run"], descriptors)
    message, received, _, _ = socket.recv_fds(control, ANSWER_BYTES, 1)
    if not message:
        raise ConnectionResetError("it has ended")
    if not received:  # it says why; or we may not open any more descriptors, and the child ends for want of a job
        raise BackendError(f"no process for the program ({message.decode(errors='replace')}); please run again")
    return received[0]
