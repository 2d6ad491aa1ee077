"""Starting a program's process without keeping one who wants to stop it waiting for torch's import."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from engine.running.processes.process import Backend, BackendError, Process

LOOK_S = 0.05


def launched(backend: Backend, job: bytes, is_cancelled: threading.Event) -> Process | None:
    """A process that has been given the job; None when cancelled before. Raises BackendError."""
    if backend.is_ready:
        return backend.launch(job)
    launch = _Launch(backend, job)
    threading.Thread(target=launch.run, name="launch", daemon=True).start()
    while not launch.is_over.wait(LOOK_S):
        if is_cancelled.is_set() and launch.give_up():
            return None
    if launch.error is not None:
        raise launch.error
    return launch.process


@dataclass
class _Launch:
    """One launch in a thread of its own; what comes of it when nobody wants it any more is ended."""

    backend: Backend
    job: bytes
    process: Process | None = None
    error: BackendError | None = None
    is_over: threading.Event = field(default_factory=threading.Event)
    _is_given_up: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        try:
            process = self.backend.launch(self.job)
        except BackendError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - told to the one who waits
            self.error = BackendError(f"no process could be started ({error}); please run again")
        else:
            with self._lock:
                self.process = process
                is_wanted = not self._is_given_up
            if not is_wanted:
                _end(process)
        self.is_over.set()

    def give_up(self) -> bool:
        """Nobody wants the process; False when it is there already."""
        with self._lock:
            self._is_given_up = self.process is None
            return self._is_given_up


def _end(process: Process) -> None:
    process.kill()
    process.wait()
    for stream in (process.events, process.stdout, process.stderr):
        stream.close()
    process.close()
