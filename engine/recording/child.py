"""A process for one program, started fresh or kept ready: it imports torch and asks its parent for a job.

The program's stdin, stdout and stderr are the process's own, as its parent set them up; events travel
over a connection to the parent's port, opened with the parent's one-time token.
"""

from __future__ import annotations

import _thread
import os
import socket
import sys

from engine.codec import FrameReader, Job

PORT, TOKEN, FAULT, PARENT = "BACKSTEP_PORT", "BACKSTEP_TOKEN", "BACKSTEP_FAULT", "BACKSTEP_PARENT"


def main() -> None:
    """Import torch, connect, wait for the job, run it, exit as the program exits."""
    port, token, fault, parent = (os.environ.pop(name) for name in (PORT, TOKEN, FAULT, PARENT))
    if parent:
        _die_with(int(parent))
    from engine.recording.aside import step_aside
    from engine.recording.job import run_job  # seconds; only then the connection, which says "ready"

    connection = socket.create_connection(("127.0.0.1", int(port)))
    connection.sendall(bytes.fromhex(token))
    job = _receive_job(connection)
    if job is None:
        sys.exit(0)  # the parent has gone
    if not parent:
        _thread.start_new_thread(_leave_with_parent, (connection,))
    step_aside()
    finished = run_job(job, connection.sendall, int(fault) if fault else None)
    connection.shutdown(socket.SHUT_WR)
    if finished.failure is not None and finished.failure.type == "KeyboardInterrupt":
        sys.excepthook = lambda *_: None  # told already; by raising it again the process ends as Python's does
        raise KeyboardInterrupt
    sys.exit(finished.exit_status)


def _receive_job(connection: socket.socket) -> Job | None:
    reader: FrameReader[Job] = FrameReader(Job)
    while data := connection.recv(1 << 16):
        for job in reader.feed(data):
            return job
    return None


def _die_with(parent: int) -> None:
    """Let the kernel end this process when the parent's main thread ends (Linux); no thread of ours is needed."""
    import ctypes
    import signal

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        sys.exit(0)  # it ended in between


def _leave_with_parent(connection: socket.socket) -> None:
    """Elsewhere a thread waits for the connection's end. The parent sends nothing after the job."""
    try:
        connection.recv(1)
    except OSError:
        return  # we closed it ourselves
    os._exit(1)
