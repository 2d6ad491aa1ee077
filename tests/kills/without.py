"""``python -m tests.kills.without pidfd,landlock,seccomp COMMAND ...``: a kernel that lacks them, for one command.

A filter that refuses the system calls is put on this process, which then becomes the command; filters are inherited.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

from engine.sandbox import seccomp as bpf
from engine.sandbox.syscalls import CHECKED
from engine.sandbox.system import prctl

EINVAL = 22
PR_SET_NO_NEW_PRIVS = 38
CALLS = {"pidfd": (434, 424), "landlock": (444, 445, 446), "seccomp": (317 if platform.machine() == "x86_64" else 277,)}


def filter_without(names: list[str]) -> list[bpf.Instruction]:
    """Refuses what ``names`` stand for with ENOSYS, and for seccomp also its older way in with EINVAL."""
    program: list[bpf.Instruction] = [(bpf.LOAD, 0, 0, bpf.NUMBER)]
    for number in (number for name in names for number in CALLS[name]):
        program += [(bpf.EQUAL, 0, 1, number), (bpf.RETURN, 0, 0, bpf.REFUSE | bpf.ENOSYS)]
    if "seccomp" in names:
        column = bpf.MACHINES[platform.machine()][0]
        number = CHECKED["prctl"][column]
        assert number is not None
        program += [
            (bpf.EQUAL, 0, 3, number),
            (bpf.LOAD, 0, 0, bpf.ARGUMENTS),
            (bpf.EQUAL, 0, 1, bpf.PR_SET_SECCOMP),
            (bpf.RETURN, 0, 0, bpf.REFUSE | EINVAL),
        ]
    return [*program, (bpf.RETURN, 0, 0, bpf.ALLOW)]


def main(names: str, command: list[str]) -> None:
    """Become ``command`` without them."""
    instructions = filter_without(names.split(","))
    code = ctypes.create_string_buffer(bpf.assembled(instructions))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(instructions), ctypes.addressof(code)))
    prctl("no_new_privs", PR_SET_NO_NEW_PRIVS, 1)
    prctl("seccomp", bpf.PR_SET_SECCOMP, bpf.FILTER, ctypes.addressof(head))
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
