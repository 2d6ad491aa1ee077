"""Where a program was, read from what Python's faulthandler wrote when it crashed or was asked."""

from __future__ import annotations

import os
import re
import select

from engine.running.processes.process import CHUNK_BYTES


def fault_line(text: str, filename: str) -> int | None:
    r"""The innermost line in the program's file; None when ``text`` names none.

    faulthandler writes the most recent call first and escapes what is not ASCII.

    >>> fault_line('  File "x.py", line 5 in at\n  File "p.py", line 3 in f\n  File "p.py", line 9 in g', "p.py")
    3
    """
    name = os.path.basename(filename).encode("ascii", "backslashreplace").decode()
    found = re.search(rf'^  File "(?:[^"]*[/\\])?{re.escape(name)}", line (\d+) in ', text, re.MULTILINE)
    return int(found[1]) if found else None


def read_fault(descriptor: int, timeout_s: float) -> str:
    """What arrives on faulthandler's pipe until it is closed or has been silent for ``timeout_s`` (POSIX)."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    text = b""
    while poll.poll(timeout_s * 1000) and (data := os.read(descriptor, CHUNK_BYTES)):
        text += data
    return text.decode("ascii", "replace")
