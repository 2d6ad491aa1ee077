"""What the runner needs of a program's process, however it was started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Exit:
    """How a process ended: its status, or minus the signal that killed it; None when nobody could tell."""

    status: int | None


class Process(Protocol):
    """One program's process. The readers return b"" at the end and may be used from one thread each."""

    read_events: Callable[[], bytes]
    read_stdout: Callable[[], bytes]
    read_stderr: Callable[[], bytes]

    def kill(self) -> None:
        """End it now, without a word. Harmless when it has ended."""
        ...

    def wait(self) -> Exit:
        """Block until it has ended, then how."""
        ...

    def fault(self) -> str:
        """What faulthandler wrote about a crash, "" when nothing."""
        ...

    def close(self) -> None:
        """Give back descriptors."""
        ...


class Backend(Protocol):
    """A way of starting processes."""

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
        """End every process of this backend."""
        ...


class BackendError(RuntimeError):
    """No process could be started; the message says why and what to do."""
