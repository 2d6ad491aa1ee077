"""Saying in words what is not allowed, at the line that tries it.

An audit hook raises before the kernel would refuse. It is for the words only: native code never passes
here, and what holds is :mod:`landlock` and :mod:`seccomp`. Refused reads are the kernel's own, since only
it knows what may be read; :mod:`engine.sandbox.retell` finds words for them afterwards.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

NETWORK = "Network connections aren't available here"
PROGRAMS = "Starting other programs isn't allowed here"
PROCESSES = "Starting other processes isn't allowed here"
THREADS = "Starting threads isn't allowed here"
SIGNALS = "Sending signals to other processes isn't allowed here"
FILES = "Writing files isn't allowed here"

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = (
    "remove",
    "rename",
    "rmdir",
    "mkdir",
    "link",
    "symlink",
    "truncate",
    "chmod",
    "chown",
    "utime",
    "setxattr",
    "removexattr",
    "lockf",
    "chflags",
)


class NotAllowed(PermissionError):
    """Something that a confined program may not do; an ordinary exception that it may catch."""


def install() -> None:
    """Watch from here on, for good: an audit hook cannot be taken off."""
    rules = _rules(os.getpid())
    find = rules.get

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        rule = find(event)
        if rule is not None:
            rule(arguments)

    sys.addaudithook(hook)


def _rules(own_pid: int) -> dict[str, Callable[[tuple[Any, ...]], None]]:
    def never(message: str) -> Callable[[tuple[Any, ...]], None]:
        def refuse(_arguments: tuple[Any, ...]) -> None:
            raise NotAllowed(message)

        return refuse

    def no_writing(arguments: tuple[Any, ...]) -> None:
        if arguments[2] & WRITING and type(arguments[0]) is not int:  # a number: open already, file or pipe
            raise NotAllowed(f"{FILES} ({arguments[0]!r})")

    def no_change(arguments: tuple[Any, ...]) -> None:
        raise NotAllowed(f"{FILES} ({arguments[0]!r})")

    def to_oneself(arguments: tuple[Any, ...]) -> None:
        if arguments[0] != own_pid:
            raise NotAllowed(SIGNALS)

    return {
        "open": no_writing,
        **{f"os.{name}": no_change for name in CHANGES},
        **{f"socket.{name}": never(NETWORK) for name in ("__new__", "getaddrinfo", "gethostbyname", "gethostbyaddr")},
        "urllib.Request": never(NETWORK),
        **{
            name: never(PROGRAMS) for name in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")
        },
        **{name: never(PROCESSES) for name in ("os.fork", "os.forkpty", "pty.spawn")},
        **{name: never(THREADS) for name in ("_thread.start_new_thread", "_thread.start_joinable_thread")},
        "os.kill": to_oneself,
        "os.killpg": never(SIGNALS),
    }
