"""What the runner needs of a program's process, however it was started."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Protocol

CHUNK_BYTES = 1 << 16
LOWEST = 19  # of nice(1)


@dataclass(frozen=True)
class Exit:
    """How a process ended: its status, or minus the signal that killed it; None when nobody could tell."""

    status: int | None


class Stream(Protocol):
    """One thing a process writes. Read and closed by the same thread, so that no descriptor is read after its end."""

    def read(self) -> bytes:
        """What has arrived, b"" at the end; waits for it."""
        ...

    def close(self) -> None:
        """Give back the descriptor."""
        ...


@dataclass(frozen=True)
class Pipe:
    """The reading end of a pipe."""

    descriptor: int

    def read(self) -> bytes:
        return os.read(self.descriptor, CHUNK_BYTES)

    def close(self) -> None:
        os.close(self.descriptor)


class Process(Protocol):
    """One program's process."""

    @property
    def events(self) -> Stream:
        """Frames of :data:`engine.contract.events.ChildEvent`."""
        ...

    @property
    def stdout(self) -> Stream: ...

    @property
    def stderr(self) -> Stream: ...

    def ask(self) -> str:
        """Have it write down where it is and end; what it wrote, "" when it does not answer soon."""
        ...

    def kill(self) -> None:
        """End it now, without a word. Harmless when it has ended or is closed."""
        ...

    def tell(self, command: bytes) -> bool:
        """Send a framed :data:`engine.contract.live.Message`; False when nobody is there to read it."""
        ...

    def pause(self) -> bool:
        """Stop it where it is; False when it has ended, or where no process can be stopped so."""
        ...

    def go_on(self) -> bool:
        """Let it go on after :meth:`pause`."""
        ...

    def lower(self) -> None:
        """Let it have the processor only when nobody else wants it. Harmless when it has ended."""
        ...

    def wait(self) -> Exit:
        """Block until it has ended, then how."""
        ...

    def fault(self) -> str:
        """What faulthandler wrote so far about a crash, "" when nothing."""
        ...

    def close(self) -> None:
        """Give back what is not a stream, after :meth:`wait`."""
        ...


class Backend(Protocol):
    """A way of starting processes."""

    can_confine: bool  # whether a job's wish for confinement is kept; else such a job must not be launched

    @property
    def folder(self) -> str | None:
        """Where the folders of runs are made; None: where the system keeps temporary ones."""
        ...

    def start(self) -> None:
        """Begin to get ready; returns at once."""
        ...

    @property
    def is_ready(self) -> bool:
        """Whether a launch would not wait for torch to be imported."""
        ...

    def launch(self, job: bytes) -> Process:
        """A process that has been given the framed job. Raises BackendError when none can be had."""
        ...

    def close(self) -> None:
        """End every process of this backend that runs no program; the runner ends the others."""
        ...


class BackendError(RuntimeError):
    """No process could be started; the message says why and what to do."""


def open_pipes(n: int) -> list[tuple[int, int]]:
    """``n`` pipes as (reading end, writing end). Raises BackendError, with none left open."""
    pipes: list[tuple[int, int]] = []
    try:
        for _ in range(n):
            pipes.append(os.pipe())
    except OSError as error:
        for ends in pipes:
            close_all(ends)
        raise BackendError(f"no pipe to the program ({error.strerror}); close other programs and run again") from error
    return pipes


def lower(pid: int) -> None:
    """The lowest priority, where the system has such a thing and lets us."""
    try:
        os.setpriority(os.PRIO_PROCESS, pid, LOWEST)
    except (AttributeError, OSError):
        return  # Windows, or it has just ended


def close_all(descriptors: tuple[int, ...] | list[int]) -> None:
    """Close descriptors that are open."""
    for descriptor in descriptors:
        os.close(descriptor)
