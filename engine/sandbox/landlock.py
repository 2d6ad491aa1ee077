"""Which files a program may read: a short list of folders, kept by the kernel (Landlock, Linux 5.13 and later).

Nothing may be written, made, removed or executed; TCP and signals to other processes are forbidden
as well where the kernel's Landlock knows them. What Landlock does not know (changing modes and times,
UDP, memory files) :mod:`engine.sandbox.seccomp` forbids.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Iterable

from engine.sandbox.system import ConfineError, libc, syscall

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
VERSION = 1
PATH_BENEATH = 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # ABI from which on -> number of rights on files
ABI_NET, ABI_SCOPES = 4, 6
TCP, SCOPES = 0b11, 0b11


def abi() -> int:
    """The kernel's version of Landlock; 0: it has none, or it is switched off."""
    return max(0, libc().syscall(ctypes.c_long(CREATE_RULESET), None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION)))


def restrict(readable: Iterable[str]) -> None:
    """Leave this process nothing but reading below ``readable``, for ever. Raises ConfineError.

    Wants no_new_privs (or CAP_SYS_ADMIN). Paths that do not exist are passed over.
    """
    ruleset = _create(abi())
    try:
        for path in readable:
            _allow(ruleset, path)
        syscall("landlock", RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def handled(version: int) -> bytes:
    """The rights a ruleset takes away, as the kernel's structure of that version."""
    files = (1 << max(n for since, n in FILE_RIGHTS.items() if since <= version)) - 1
    if version >= ABI_SCOPES:
        return struct.pack("QQQ", files, TCP, SCOPES)
    return struct.pack("QQ", files, TCP) if version >= ABI_NET else struct.pack("Q", files)


def _create(version: int) -> int:
    if version < 1:
        raise ConfineError("this kernel has no Landlock (Linux 5.13 or later, and not switched off)")
    rights = handled(version)
    return syscall("landlock", CREATE_RULESET, rights, ctypes.c_size_t(len(rights)), ctypes.c_uint32(0))


def _allow(ruleset: int, path: str) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EACCES):
            return  # not on this computer, or not for this account
        raise ConfineError(f"landlock: {path}: {error.strerror}") from error
    try:
        rights = READ_FILE | READ_DIR if stat.S_ISDIR(os.fstat(descriptor).st_mode) else READ_FILE
        rule = struct.pack("=Qi", rights, descriptor)
        syscall(
            f"landlock: {path}", ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(PATH_BENEATH), rule, ctypes.c_uint32(0)
        )
    finally:
        os.close(descriptor)
