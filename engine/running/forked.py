"""A child of the zygote, seen from the server (Linux)."""

from __future__ import annotations

import os
import select
import signal
import threading

from engine.running.fault import read_fault
from engine.running.process import Exit, Pipe, close_all, lower
from engine.running.told import Letters

ANSWER_S = 0.3  # for faulthandler to write down where the program is


class ForkedProcess:
    """Killed by its pidfd, which never means another process; its status comes by a pipe from the zygote."""

    def __init__(self, pidfd: int, letters: Letters, events: int, stdout: int, stderr: int, fault: int,
                 status: int) -> None:  # fmt: skip
        self.events, self.stdout, self.stderr = Pipe(events), Pipe(stdout), Pipe(stderr)
        self._pidfd, self._letters, self._fault, self._status = pidfd, letters, fault, status
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
            if not self._is_closed and (pid := _pid_of(self._pidfd)) > 0:
                lower(pid)

    def wait(self) -> Exit:
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        poll.poll()
        text = os.read(self._status, 16)
        return Exit(int(text) if text else None)

    def fault(self) -> str:
        return read_fault(self._fault, 0)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            self._letters.close()
            close_all([self._pidfd, self._fault, self._status])

    def _signal(self, number: int) -> bool:
        if self._is_closed:
            return False
        try:
            signal.pidfd_send_signal(self._pidfd, number)
        except ProcessLookupError:
            return False  # it has ended
        return True


def _pid_of(pidfd: int) -> int:
    """-1 once it has ended and its status was read; see pidfd_open(2)."""
    with open(f"/proc/self/fdinfo/{pidfd}") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("Pid:")), -1)
