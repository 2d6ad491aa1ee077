"""Confining a process of ours that works on strangers' data again and again: drawing their graphs, telling their runs.

It is held like a program (:mod:`engine.sandbox.confine`), with two differences. It outlives the thread that
started it, so it asks for no signal at a parent's death: it ends when its input does. And its processor time
is limited for each request, by whoever asks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping

from engine.sandbox.system import ConfineError, prctl

NEEDED = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")  # without which Python may not start
N_FILES = 32
PR_SET_NO_NEW_PRIVS = 38


def bare(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment to start such a process in: what Python itself needs, nothing of the server's.

    >>> bare({"PATH": "/usr/bin", "TOKEN": "secret"})
    {'PATH': '/usr/bin', 'LANG': 'C.UTF-8', 'HOME': '/'}
    """
    return {name: environment[name] for name in NEEDED if name in environment} | {"LANG": "C.UTF-8", "HOME": "/"}


def confine_worker(readable: Iterable[str] = (), file_bytes: int = 0) -> str:
    """Confine this process for good, after its imports and before the first request: "" or why that cannot be.

    It may read what programs may, and ``readable``; files that are open already may grow to ``file_bytes``.
    Where a step fails, those before it hold all the same.
    """
    if sys.platform != "linux":
        return f"{sys.platform} has no way to confine a process"
    try:
        _confine(tuple(readable), file_bytes)
    except (OSError, ValueError, ConfineError) as error:
        return str(error)
    return ""


def _confine(more: tuple[str, ...], file_bytes: int) -> None:
    """In the order of :mod:`engine.sandbox.confine`: each step forbids something that an earlier one needs."""
    from engine.sandbox import landlock, privileges, seccomp
    from engine.sandbox.readable import readable, safe

    paths = safe((*readable(), *map(os.path.realpath, more)))
    os.environ.clear()
    os.environ.update(bare({}))
    os.chdir("/")
    os.umask(0o077)
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # the first to go when the computer is short of memory
    if privileges.is_root() and privileges.nobody_can_read(paths):
        privileges.become_nobody()
    privileges.drop_capabilities()
    privileges.become_undumpable()
    prctl("no_new_privs", PR_SET_NO_NEW_PRIVS, 1)
    _limit(file_bytes)
    landlock.restrict(paths)
    seccomp.restrict(os.getpid())


def _limit(file_bytes: int) -> None:
    import resource

    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, N_FILES),
        (resource.RLIMIT_FSIZE, file_bytes),
    ):
        resource.setrlimit(kind, (most, most))
