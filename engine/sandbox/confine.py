"""Confining this process before a stranger's program runs in it (Linux).

NOTE [The order of the calls] Each step forbids something that an earlier one needs.
1. The environment is emptied; the process becomes the one the kernel ends first when memory is short.
2. As root: another account where possible, then no capabilities at all.
3. The signal for the parent's death is asked for again: changing the account cleared it.
4. Undumpable, so that other processes of the account cannot look inside.
5. Limits, with a reserve for the last word.
6. Landlock, then seccomp: the last, since it forbids the steps before.
7. The audit hook, for the words.
Descriptors are the caller's business: all but its own must be closed by then.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

from engine.contract.policy import Confinement
from engine.sandbox import guard, landlock, limits, privileges, seccomp
from engine.sandbox.system import ConfineError, prctl

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "HOME": "/",
    "PATH": "/usr/bin:/bin",
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "CUDA_VISIBLE_DEVICES": "",
}


@dataclass(frozen=True)
class Ground:
    """What the zygote finds out once for all its children."""

    readable: tuple[str, ...]
    may_be_nobody: bool  # root can, and "nobody" can read all that is readable to programs


Relief = tuple[Callable[[], object], ...]


def survey(readable: tuple[str, ...]) -> Ground:
    """What this computer allows. Forks when run as root, so before any thread."""
    return Ground(readable, privileges.is_root() and privileges.nobody_can_read(readable))


def confine(confinement: Confinement, ground: Ground, parent: int, kept: tuple[int, ...] = ()) -> Relief:
    """Confine this process for good; what to call, in order, when its program has ended.

    ``kept`` are descriptors that the program cannot close.

    Raises ConfineError when the kernel refuses any step: then nothing may run here.
    """
    try:
        _prepare()
        if ground.may_be_nobody:
            privileges.become_nobody()
        privileges.drop_capabilities()
        prctl("death signal", PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            raise ConfineError("the zygote has ended")
        privileges.become_undumpable()
        prctl("no_new_privs", PR_SET_NO_NEW_PRIVS, 1)
        reserve = limits.Reserve()
        limits.limit(confinement)
        landlock.restrict(ground.readable)
        seccomp.restrict(os.getpid(), kept)
    except (OSError, ValueError) as error:
        raise ConfineError(str(error)) from error
    guard.install()
    return reserve.give_back, limits.widen


def _prepare() -> None:
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    os.chdir("/")
    os.umask(0o077)
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
