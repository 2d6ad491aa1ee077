"""Giving up what the account may do: capabilities, and the account itself where the program can do without it.

A server that runs as root (in a container, on a build machine) must not run programs as root. The
child takes the account "nobody" when that account can read Python and torch; else it stays root by name,
without a single capability, and Landlock and seccomp alone stand between it and root's files.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from engine.sandbox.system import checked, libc, prctl

NOBODY = 65534
PR_SET_DUMPABLE, PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_CAP_AMBIENT, CLEAR_ALL = 4, 23, 24, 47, 4
VERSION_3 = 0x20080522
N_CAPABILITIES = 64
FAILED = 1


def is_root() -> bool:
    return os.geteuid() == 0


def nobody_can_read(paths: Iterable[str]) -> bool:
    """Whether the account "nobody" can list or open all of ``paths`` that exist, tried in a process of its own."""
    there = [path for path in paths if os.path.exists(path)]
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    status = FAILED
    try:
        become_nobody()
        for path in there:
            os.close(os.open(path, os.O_RDONLY))
        status = 0
    except OSError:
        pass  # that is the answer
    finally:
        os._exit(status)


def become_nobody() -> None:
    """Change account and group for good. Needs root; clears the death signal and makes the process undumpable."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def drop_capabilities() -> None:
    """Give up every capability, now and for whatever this process might execute. Raises ConfineError."""
    for number in range(N_CAPABILITIES):
        if libc().prctl(PR_CAPBSET_READ, ctypes.c_ulong(number), *[ctypes.c_ulong(0)] * 3) == 1 and is_root():
            prctl("bounding set", PR_CAPBSET_DROP, number)
    prctl("ambient capabilities", PR_CAP_AMBIENT, CLEAR_ALL)
    header, nothing = struct.pack("=Ii", VERSION_3, 0), bytes(24)
    checked(libc().capset(header, nothing), "capabilities")


def become_undumpable() -> None:
    """No core file, no debugger, and /proc/self is root's."""
    prctl("dumpable", PR_SET_DUMPABLE, 0)
