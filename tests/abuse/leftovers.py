"""What a run must not leave behind: processes, descriptors, shared memory, files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PLACES = ("/dev/shm", "/var/tmp", "/")  # not /tmp: everybody's, all the time
OTHERS = ("backstep-canary", ".org.chromium", ".com.google", "sem.mp-")  # of programs beside us


@dataclass(frozen=True)
class Remains:
    """A look at the computer: compare one taken before with one taken after."""

    children: frozenset[int]
    n_descriptors: int
    system_v: frozenset[str]
    files: frozenset[str]


def look(zygote: int) -> Remains:
    """``zygote``: the process whose children the runs are."""
    return Remains(
        frozenset(_children(zygote)), len(os.listdir("/proc/self/fd")), frozenset(_system_v()), frozenset(_files())
    )


def left(before: Remains, after: Remains) -> list[str]:
    """What is there now and was not before."""
    found = [f"process {pid}" for pid in sorted(after.children - before.children)]
    if after.n_descriptors > before.n_descriptors:
        found.append(f"{after.n_descriptors - before.n_descriptors} descriptors")
    return found + sorted(after.system_v - before.system_v) + sorted(after.files - before.files)


def _children(zygote: int) -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended
            if int(fields[1]) == zygote:
                found.append(int(name))
    return found


def _system_v() -> list[str]:
    kinds = [kind for kind in ("shm", "sem", "msg") if Path(f"/proc/sysvipc/{kind}").exists()]
    return [
        f"{kind} {line.split()[1]}"
        for kind in kinds
        for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]
    ]


def _files() -> list[str]:
    return [f"{place}/{name}" for place in PLACES for name in os.listdir(place) if not name.startswith(OTHERS)]
