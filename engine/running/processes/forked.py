"""A child of the zygote, seen from the server (Linux)."""

from __future__ import annotations

import os
import signal
import threading

from engine.running.processes.command_pipe import Letters
from engine.running.processes.fault import read_fault
from engine.running.processes.handles import Handle
from engine.running.processes.process import Exit, Pipe, close_all

ANSWER_S = 0.3  # for faulthandler to write down where the program is


class ForkedProcess:
    """Signalled by its handle; its status comes by a pipe from the zygote, whose end says that the zygote has gone."""

    def __init__(
        self, handle: Handle, letters: Letters, events: int, stdout: int, stderr: int, fault: int, status: int
    ) -> None:
        self.events, self.stdout, self.stderr = Pipe(events), Pipe(stdout), Pipe(stderr)
        self._handle, self._letters, self._fault, self._status = handle, letters, fault, status
        self._lock = threading.Lock()  # between a late kill and close()
        self._is_closed = False

    def ask(self) -> str:
        with self._lock:
            return read_fault(self._fault, ANSWER_S) if self._signal(signal.SIGUSR1) else ""

    def kill(self) -> None:
        with self._lock:
            self._signal(signal.SIGKILL)

    def tell(self, command: bytes) -> bool:
        return self._letters.send(command)

    def pause(self) -> bool:
        with self._lock:
            return self._signal(signal.SIGSTOP)

    def go_on(self) -> bool:
        with self._lock:
            return self._signal(signal.SIGCONT)

    def lower(self) -> None:
        with self._lock:
            if not self._is_closed:
                self._handle.lower()

    def wait(self) -> Exit:
        text = os.read(self._status, 16)
        return Exit(int(text) if text else None)

    def fault(self) -> str:
        return read_fault(self._fault, 0)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            self._letters.close()
            self._handle.close()
            close_all([self._fault, self._status])

    def _signal(self, number: int) -> bool:
        return not self._is_closed and self._handle.signal(number)
