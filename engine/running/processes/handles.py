"""How a forked child is signalled: by its pidfd, or where there is none by the zygote, whose child it is."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.running.processes.process import lower


class Handle(Protocol):
    """Never means another process than the one it was made for."""

    def signal(self, number: int) -> bool:
        """False when it has ended."""
        ...

    def lower(self) -> None:
        """The lowest priority. Harmless when it has ended."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class ByDescriptor:
    """A pidfd (Linux 5.3 or later, where no filter forbids it)."""

    pidfd: int

    def signal(self, number: int) -> bool:
        try:
            signal.pidfd_send_signal(self.pidfd, number)
        except ProcessLookupError:
            return False
        return True

    def lower(self) -> None:
        if (pid := _pid_of(self.pidfd)) > 0:
            lower(pid)

    def close(self) -> None:
        os.close(self.pidfd)


@dataclass(frozen=True)
class ByZygote:
    """A process id that only the zygote uses: it knows whether its child has been reaped."""

    pid: int
    send: Callable[[bytes], bool]

    def signal(self, number: int) -> bool:
        return self.send(b"signal %d %d" % (self.pid, number))

    def lower(self) -> None:
        self.send(b"lower %d" % self.pid)

    def close(self) -> None:
        """Nothing is held."""


def _pid_of(pidfd: int) -> int:
    """-1 once it has ended and its status was read; see pidfd_open(2)."""
    with open(f"/proc/self/fdinfo/{pidfd}") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("Pid:")), -1)
