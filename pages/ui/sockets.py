"""Small frames sent at once: TCP_NODELAY for the server's sockets.

``streamlit run`` binds its socket with protocol 0, for which asyncio does not set TCP_NODELAY, so that
the small frames of a rerun wait for a delayed acknowledgement (about 40 ms each time). Accepted
sockets inherit the option from the listening one, so setting it there once is enough.
"""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

DESCRIPTORS = (Path("/proc/self/fd"), Path("/dev/fd"))


def send_at_once() -> int:
    """Set TCP_NODELAY on every listening TCP socket of this process; how many there were.

    0 where the system does not list a process's descriptors (Windows).
    """
    return sum(_tune(descriptor) for descriptor in _own_sockets())


def _own_sockets() -> Iterator[int]:
    folder = next((folder for folder in DESCRIPTORS if folder.is_dir()), None)
    for name in os.listdir(folder) if folder else ():
        try:
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                yield int(name)
        except OSError:  # the descriptor of the listing itself is closed by now
            continue


def _tune(descriptor: int) -> bool:
    with socket.socket(fileno=os.dup(descriptor)) as copy:
        if copy.family not in (socket.AF_INET, socket.AF_INET6) or copy.type != socket.SOCK_STREAM:
            return False
        if not copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return False
        copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return True
