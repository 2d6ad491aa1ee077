"""The system calls left to a program: an allow-list the kernel itself checks (seccomp).

The filter is a program for the kernel's packet-filter machine (BPF): a list of instructions, each
(code, jump if true, jump if false, constant). Every check is a self-contained block that either
returns or falls through to the next. What is not allowed fails with EPERM as if it were forbidden;
what is newer than this table fails with ENOSYS, so that libraries fall back to older calls. A call
through another architecture's gate kills the process. Closing a descriptor of the recorder's traps (SIGSYS): the
program is ended where it tries, and its line is told.
"""

from __future__ import annotations

import ctypes
import platform
import struct
from collections.abc import Iterator

from engine.sandbox.syscalls import ALLOWED, CHECKED
from engine.sandbox.system import ConfineError, prctl

Instruction = tuple[int, int, int, int]

LOAD, EQUAL, ABOVE, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
ALLOW, REFUSE, KILL, TRAP = 0x7FFF0000, 0x00050000, 0x80000000, 0x00030000  # REFUSE | errno
EPERM, ENOSYS = 1, 38
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; arguments are 8 bytes each
X32_BIT = 0x40000000
FIRST_NEW = 424  # numbers from here on are the same on all architectures, and grow

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables, AUDIT_ARCH
WRITING = 0o3 | 0o100 | 0o1000 | 0o20000000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_TMPFILE
PRCTL = (3, 15, 16, 0x53564D41)  # GET_DUMPABLE, SET_NAME, GET_NAME, SET_VMA (names of memory regions)
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, WINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
FCNTL = (0, 1, 2, 3, 4, 1030, 1032)  # DUPFD, GET/SETFD, GET/SETFL, DUPFD_CLOEXEC, GETPIPE_SZ: none names a process

PR_SET_SECCOMP, FILTER = 22, 2


def restrict(pid: int, kept: tuple[int, ...] = ()) -> None:
    """Confine this process, whose id is ``pid``, for ever; descriptors ``kept`` stay open.

    Wants no_new_privs. Raises ConfineError.
    """
    instructions = filter_for(pid, platform.machine(), kept)
    code = ctypes.create_string_buffer(assembled(instructions))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(instructions), ctypes.addressof(code)))
    prctl("seccomp", PR_SET_SECCOMP, FILTER, ctypes.addressof(head))


def filter_for(pid: int, machine: str, kept: tuple[int, ...] = ()) -> list[Instruction]:
    """The filter of a process. Raises ConfineError for a machine without a table."""
    if machine not in MACHINES:
        raise ConfineError(f"no table of system calls for {machine}")
    column, architecture = MACHINES[machine]
    program = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    if machine == "x86_64":
        program += [(AT_LEAST, 0, 1, X32_BIT), (RETURN, 0, 0, KILL)]
    for numbers in ALLOWED.values():
        if (number := numbers[column]) is not None:
            program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    for name, numbers in CHECKED.items():
        if (number := numbers[column]) is not None:
            block = list(_checks(name, pid, kept))
            program += [(EQUAL, 0, len(block), number), *block]
    program += [(AT_LEAST, 0, 1, FIRST_NEW), (RETURN, 0, 0, REFUSE | ENOSYS), (RETURN, 0, 0, REFUSE | EPERM)]
    return program


def assembled(instructions: list[Instruction]) -> bytes:
    """The filter as the kernel reads it."""
    return b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)


def _checks(name: str, pid: int, kept: tuple[int, ...]) -> Iterator[Instruction]:
    """A block that always returns: only calls whose argument is harmless are allowed."""
    match name:
        case "open":
            yield from _without_bits(1, WRITING)
        case "openat":
            yield from _without_bits(2, WRITING)
        case "kill" | "tgkill":
            yield from _one_of(0, (pid,))
        case "prlimit64":
            yield from _one_of(0, (0, pid))
        case "prctl":
            yield from _one_of(0, PRCTL)
        case "ioctl":
            yield from _one_of(1, IOCTL)
        case "fcntl":
            yield from _one_of(1, FCNTL)
        case "close":
            yield from _none_of(0, kept)
        case "dup2" | "dup3":
            yield from _none_of(1, kept)
        case "close_range":
            yield from _no_range_around(kept)
        case _:
            raise ConfineError(f"no check for {name}")


def _one_of(argument: int, values: tuple[int, ...]) -> Iterator[Instruction]:
    yield LOAD, 0, 0, ARGUMENTS + 8 * argument
    for value in values:
        yield EQUAL, 0, 1, value
        yield RETURN, 0, 0, ALLOW
    yield RETURN, 0, 0, REFUSE | EPERM


def _without_bits(argument: int, bits: int) -> Iterator[Instruction]:
    yield LOAD, 0, 0, ARGUMENTS + 8 * argument
    yield ANY_BIT, 0, 1, bits
    yield RETURN, 0, 0, REFUSE | EPERM
    yield RETURN, 0, 0, ALLOW


def _none_of(argument: int, values: tuple[int, ...]) -> Iterator[Instruction]:
    yield LOAD, 0, 0, ARGUMENTS + 8 * argument
    for value in values:
        yield EQUAL, 0, 1, value
        yield RETURN, 0, 0, TRAP
    yield RETURN, 0, 0, ALLOW


def _no_range_around(values: tuple[int, ...]) -> Iterator[Instruction]:
    """Arguments 0 and 1 are the first and the last of a range; none of ``values`` may lie in it."""
    for value in values:
        yield LOAD, 0, 0, ARGUMENTS
        yield ABOVE, 3, 0, value
        yield LOAD, 0, 0, ARGUMENTS + 8
        yield AT_LEAST, 0, 1, value
        yield RETURN, 0, 0, TRAP
    yield RETURN, 0, 0, ALLOW
