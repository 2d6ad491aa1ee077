"""Freed memory goes back to the system: else every thread keeps some, and a server of many grows without end."""

from __future__ import annotations

import ctypes
import gc

M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8  # malloc.h of glibc
N_ARENAS = 2
TRIM_BYTES = 128 * 1024  # as by default; set, so that larger blocks do not raise it


def give_back() -> bool:
    """Tell glibc's allocator so, once, before threads begin; False where there is another one."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return False
    return all([mallopt(M_ARENA_MAX, N_ARENAS), mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)])


def trim() -> bool:
    """Give back at once what is free now, also in between; False where that cannot be asked for. Takes milliseconds."""
    gc.collect()
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (OSError, AttributeError, TypeError):
        return False
