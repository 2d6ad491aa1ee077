"""A process for one program, started fresh or kept ready: it imports torch and asks its parent for a job.

The program's stdin, stdout and stderr are the process's own, as its parent set them up; events travel
over a connection to the parent's port, opened with the parent's one-time token.
"""

from __future__ import annotations

import _thread
import os
import socket
import sys
from collections import deque
from collections.abc import Callable

from engine.contract.codec import Job, first_message

PORT, TOKEN, FAULT, PARENT = "BACKSTEP_PORT", "BACKSTEP_TOKEN", "BACKSTEP_FAULT", "BACKSTEP_PARENT"


def main() -> None:
    """Import torch, connect, wait for the job, run it, exit as the program exits."""
    port, token, fault, parent = (os.environ.pop(name) for name in (PORT, TOKEN, FAULT, PARENT))
    if parent:
        _die_with(int(parent))
    from engine.recording.process.hide_modules import step_aside
    from engine.recording.process.job import begun  # seconds; only then the connection, which says "ready"
    from engine.recording.program.mailbox import Mailbox

    connection = socket.create_connection(("127.0.0.1", int(port)))
    connection.sendall(bytes.fromhex(token))
    job = _receive_job(connection)
    if job is None:
        sys.exit(0)  # the parent has gone
    arrived: deque[bytes] = deque()
    if not parent:
        _thread.start_new_thread(_leave_with_parent, (connection, arrived))
    commands = Mailbox(_reader(connection) if parent else lambda: arrived.popleft() if arrived else b"")
    step_aside()
    finished = begun(job, connection.sendall, int(fault) if fault else None, commands)()
    connection.shutdown(socket.SHUT_WR)
    if finished.failure is not None and finished.failure.type == "KeyboardInterrupt":
        sys.excepthook = lambda *_: None  # told already; by raising it again the process ends as Python's does
        raise KeyboardInterrupt
    sys.exit(finished.exit_status)


def _receive_job(connection: socket.socket) -> Job | None:
    return first_message(connection.recv, Job)


def _reader(connection: socket.socket) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            return connection.recv(1 << 16, socket.MSG_DONTWAIT)
        except OSError:
            return b""  # nothing there

    return read


def _die_with(parent: int) -> None:
    """Let the kernel end this process when the parent's main thread ends (Linux); no thread of ours is needed."""
    import ctypes
    import signal

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        sys.exit(0)  # it ended in between


def _leave_with_parent(connection: socket.socket, arrived: deque[bytes]) -> None:
    """Elsewhere a thread takes in the parent's commands and waits for the connection's end."""
    try:
        while data := connection.recv(1 << 16):
            arrived.append(data)
    except OSError:
        return  # we closed it ourselves
    os._exit(1)
