"""Small frames sent at once: TCP_NODELAY for the server's sockets.

``streamlit run`` binds its socket with protocol 0, for which asyncio does not set TCP_NODELAY, so that
the small frames of a rerun wait for a delayed acknowledgement (about 40 ms each time). Accepted
sockets inherit the option from the listening one, so setting it there once is enough.
"""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

DESCRIPTORS = (Path("/proc/self/fd"), Path("/dev/fd"))


def send_at_once() -> int:
    """Set TCP_NODELAY on every listening TCP socket of this process; how many there were.

    0 where the system does not list a process's descriptors (Windows).
    """
    with _listening() as sockets:
        for one in sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return len(sockets)


def listening_addresses() -> tuple[str, ...]:
    """Where this process listens for TCP connections: "127.0.0.1", "0.0.0.0", "::" ...; () when that is not known."""
    with _listening() as sockets:
        return tuple(sorted({str(one.getsockname()[0]) for one in sockets}))


@contextmanager
def _listening() -> Generator[list[socket.socket], None, None]:
    """The listening TCP sockets of this process, as copies that are closed afterwards."""
    with ExitStack() as stack:
        copies = [stack.enter_context(socket.socket(fileno=os.dup(descriptor))) for descriptor in _own_sockets()]
        yield [one for one in copies if _is_listening(one)]


def _own_sockets() -> Iterator[int]:
    folder = next((folder for folder in DESCRIPTORS if folder.is_dir()), None)
    for name in os.listdir(folder) if folder else ():
        try:
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                yield int(name)
        except OSError:  # the descriptor of the listing itself is closed by now
            continue


def _is_listening(one: socket.socket) -> bool:
    if one.family not in (socket.AF_INET, socket.AF_INET6) or one.type != socket.SOCK_STREAM:
        return False
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
