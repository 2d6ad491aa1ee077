"""Limits of one process that the kernel keeps: memory, processor time, files, processes.

Two limits on memory, both relative to what the process has when it begins, so that they do not
depend on torch's version: on private writable memory, and on address space, which a shared mapping
cannot dodge. The soft limits lie a little below the hard ones: what lies between, and a reserve that
is given back when the program has ended, is what its last word is written with.
"""

from __future__ import annotations

import mmap
import resource

from engine.contract.policy import Confinement

LAST_WORD_BYTES = 64 << 20
RESERVE_BYTES = 16 << 20
MAPPINGS_BYTES = 256 << 20  # address space for libraries and files mapped later
LINGER_CPU_S = 5  # between the signal of the soft limit and the end


class Reserve:
    """Memory put aside, never touched. :meth:`give_back` and :func:`widen` make room for the last word."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, RESERVE_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.give_back = self._memory.close  # a C function: it needs no memory itself


def limit(confinement: Confinement) -> None:
    """Set every limit; for good, without the right to raise them."""
    address_space, private = _sizes()
    data = private + confinement.memory_bytes
    space = address_space + confinement.memory_bytes + MAPPINGS_BYTES
    for kind, hard in ((resource.RLIMIT_DATA, data), (resource.RLIMIT_AS, space)):
        resource.setrlimit(kind, (hard - LAST_WORD_BYTES, hard))
    resource.setrlimit(resource.RLIMIT_CPU, (confinement.cpu_s, confinement.cpu_s + LINGER_CPU_S))
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, confinement.n_files),
    ):
        resource.setrlimit(kind, (most, most))


def widen() -> None:
    """Raise the soft limits on memory to the hard ones: the program is over, its end is to be told."""
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (hard, hard))


def _sizes() -> tuple[int, int]:
    """(address space, private writable memory) of this process in bytes; see proc(5), statm."""
    with open("/proc/self/statm") as file:
        pages = [int(number) for number in file.read().split()]
    return pages[0] * mmap.PAGESIZE, pages[5] * mmap.PAGESIZE
