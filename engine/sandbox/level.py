"""What this computer really keeps a program from: found out by trying, not by the system's name.

A confined process tries what must not work and prints what did. Only an empty list counts: where a probe
worked, could not be asked, or the process could not be confined at all, nothing is promised.
"""

from __future__ import annotations

import sys
from typing import Literal

import msgspec

from engine.contract.trace import Record, Trace

Level = Literal["enforced", "soft", "unknown"]

PROBES = """
import ctypes, mmap, os
libc = ctypes.CDLL(None, use_errno=True)
worked = []
def probe(name, works):
    try:
        if works(): worked.append(name)
    except OSError: pass
    except MemoryError: pass
probe("read", lambda: libc.open(b"/etc/passwd", 0) >= 0)
probe("list", lambda: os.listdir("/"))
probe("write", lambda: libc.open(b"/tmp/backstep-probe", 0o101, 0o600) >= 0)
probe("chmod", lambda: libc.chmod(b"/tmp", 0o1777) == 0)
probe("network", lambda: libc.socket(2, 1, 0) >= 0)
probe("local-socket", lambda: libc.socket(1, 1, 0) >= 0)
probe("fork", lambda: libc.fork() >= 0)
probe("signal", lambda: libc.kill(os.getppid(), 0) == 0)
probe("shared-memory", lambda: libc.shmget(0, 4096, 0o1600) >= 0)
probe("memory-file", lambda: libc.memfd_create(b"x", 0) >= 0)
probe("memory", lambda: mmap.mmap(-1, 8 << 30))
probe("look-inside", lambda: libc.open(b"/proc/%d/cmdline" % os.getppid(), 0) >= 0)
print(",".join(worked) or "contained")
"""


class Guarantee(Record, frozen=True):
    """What may be promised of a confined run here."""

    level: Level
    system: str
    worked: tuple[str, ...] = ()  # probes that should have failed and did not
    reason: str = ""  # why nothing is promised, in English


NOT_TRIED = Guarantee("unknown", sys.platform)


def without(reason: str) -> Guarantee:
    """No promise beyond a process of its own and its time limit."""
    return Guarantee("soft", sys.platform, reason=reason)


def judged(trace: Trace) -> Guarantee:
    """The guarantee from the trace of :data:`PROBES`, run confined."""
    if trace.ending != "ok":
        message = trace.failure.message if trace.failure is not None else trace.ending
        return without(f"{message} {trace.stderr.strip()[-300:]}".strip())
    told = trace.stdout.strip()
    if told == "contained":
        return Guarantee("enforced", sys.platform)
    return msgspec.structs.replace(without("not contained"), worked=tuple(told.split(",")))
