"""Calls to the Linux kernel that Python has no function for, through libc."""

from __future__ import annotations

import ctypes
import os
from functools import cache


class ConfineError(RuntimeError):
    """The kernel would not confine this process; no program may run in it."""


@cache
def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> int:
    """``result`` of a call. Raises ConfineError with errno's words when it is negative."""
    if result < 0:
        raise ConfineError(f"{what}: {os.strerror(ctypes.get_errno())}")
    return result


def syscall(what: str, number: int, *arguments: object) -> int:
    """A system call by its number. Raises ConfineError."""
    return checked(libc().syscall(ctypes.c_long(number), *arguments), what)


def prctl(what: str, option: int, *arguments: int) -> int:
    """``prctl`` with whole machine words, as it wants them. Raises ConfineError."""
    words = [ctypes.c_ulong(word) for word in (*arguments, 0, 0, 0, 0)[:4]]
    return checked(libc().prctl(ctypes.c_int(option), *words), what)
