"""What a program must be able to read: Python, its packages, shared libraries, time zones. Nothing else.

NOTE [An explicit list] ``sys.path`` is never taken: it may hold the current folder, and that may be "/".
A folder that would open too much (the root, a home, the temporary folder, or anything above them) is
left out, whatever the installation says.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable

SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
)
PACKAGES = ("torch", "numpy")
NEVER = ("/", "/etc", "/home", "/root", "/proc", "/sys", "/tmp", "/var/tmp", "/dev", "/run")  # nor anything above


def readable() -> tuple[str, ...]:
    """Absolute paths without links, each once."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    wanted = [*SYSTEM, *(sysconfig.get_path(name) for name in names), *_folders_of(PACKAGES)]
    return safe(os.path.realpath(path) for path in wanted)


def safe(paths: Iterable[str]) -> tuple[str, ...]:
    """``paths`` without those that would open too much.

    >>> safe(["/usr/lib/python3", "/", "/home", "/home/ada/.venv/lib"])
    ('/usr/lib/python3', '/home/ada/.venv/lib')
    """
    guarded = [*NEVER, os.path.realpath(os.path.expanduser("~"))]
    return tuple(path for path in dict.fromkeys(paths) if not any(_holds(path, one) for one in guarded))


def _holds(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _folders_of(packages: tuple[str, ...]) -> list[str]:
    """Where the packages lie that this process has imported."""
    files = (getattr(sys.modules.get(name), "__file__", None) for name in packages)
    return [os.path.dirname(file) for file in files if file]
