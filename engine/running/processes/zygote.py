"""Processes forked from a zygote that has torch imported: milliseconds each (Linux)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
from shutil import rmtree

from engine.installation import PACKAGE, ROOT
from engine.running.processes.command_pipe import Letters
from engine.running.processes.forked import ForkedProcess
from engine.running.processes.forker import Forker
from engine.running.processes.process import BackendError, close_all, open_pipes

BARE = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")  # of the environment, for strangers' programs
N_PIPES = 6  # job, events, stdout, stderr, fault, status


class ZygoteBackend:
    """Keeps one zygote alive; a dead one is replaced by the one that stands by, as soon as it is noticed."""

    can_confine = True

    def __init__(self, *, is_bare: bool = False) -> None:
        self._is_bare = is_bare  # children see nothing of the server's environment
        self._lock = threading.Lock()
        self._process: Forker | None = None
        self._spare: Forker | None = None
        self._folder = ""
        self._is_ready = False
        self._is_closed = False

    @property
    def is_ready(self) -> bool:
        """Whether the zygote is there."""
        process = self._process
        return self._is_ready and process is not None and process.is_alive

    @property
    def folder(self) -> str | None:
        """Where the folders of runs are made, None for the system's temporary folder; the zygote removes it when the
        server was killed."""
        return self._folder or None

    def start(self) -> None:
        """Start the zygote in the background; torch's import takes some seconds."""
        self._make_folder()  # now: a run may ask for one before the zygote is there
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
            self._drop_spare()
            folder, self._folder = self._folder, ""
            if folder:
                rmtree(folder, ignore_errors=True)

    def _warm(self) -> None:
        with self._lock:
            try:
                self._ensure_ready()
            except (BackendError, OSError):
                self._drop()  # the first launch tries again and tells

    def _ensure_ready(self) -> Forker:
        if self._is_closed:
            raise BackendError("the runner is closed")
        if self._process is not None and self._process.is_alive:
            return self._process
        self._drop()
        if (process := self._stood_by()) is None:
            process = self._started()
        self._is_ready = True
        threading.Thread(target=self._replace, args=(process,), name="zygote-watch", daemon=True).start()
        return process

    def _stood_by(self) -> Forker | None:
        """The one that stood by, serving now; None when it has died too."""
        self._process, self._spare = self._spare, None
        if self._process is None:
            return None
        try:
            self._process.wake()
            self._spare = self._process.await_ready()
        except (BackendError, OSError):
            self._drop()
        return self._process

    def _started(self) -> Forker:
        self._make_folder()
        self._process = process = _start_zygote(is_bare=self._is_bare, folder=self._folder)
        try:
            self._spare = process.await_ready()
        except BackendError:
            self._drop()
            raise
        return process

    def _make_folder(self) -> None:
        if not self._is_bare and not self._folder:
            self._folder = _made_folder()

    def _replace(self, process: Forker) -> None:
        """When this zygote dies of itself, take the next, so that no program waits for torch's import."""
        process.wait()
        if self._process is process and not self._is_closed:
            self._warm()

    def _fork(self, zygote: Forker, job: bytes) -> ForkedProcess:
        pipes = open_pipes(N_PIPES)
        theirs = [pipes[0][0], *(w for _, w in pipes[1:])]
        ours = [pipes[0][1], *(r for r, _ in pipes[1:])]
        try:
            handle = zygote.fork(theirs)
        except BaseException:
            close_all(ours)
            raise
        finally:
            close_all(theirs)
        letters = Letters(ours[0])
        letters.send_job(job)
        return ForkedProcess(handle, letters, *ours[1:])

    def _drop(self) -> None:
        self._is_ready = False
        process, self._process = self._process, None
        if process is not None:
            process.leave()

    def _drop_spare(self) -> None:
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.leave()


def _made_folder() -> str:
    try:
        return tempfile.mkdtemp(prefix="backstep-")
    except OSError:
        return ""  # a full disk, or none that can be written: runs try for themselves


def _start_zygote(*, is_bare: bool, folder: str) -> Forker:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    strange = ("PYTEST_", "STREAMLIT_", "COV_", "PYTHONSAFEPATH")
    environment = {
        name: text for name, text in os.environ.items() if (name in BARE if is_bare else not name.startswith(strange))
    }
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", f"{PACKAGE}.recording.process.zygote", str(theirs.fileno()), folder],
            pass_fds=[theirs.fileno()],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    return Forker(ours, process.pid, process)
