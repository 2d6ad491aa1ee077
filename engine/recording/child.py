"""A process for one program, started fresh or kept ready: it asks its parent for a job over a socket.

The program's stdin, stdout and stderr are the process's own, as its parent set them up; events travel
over a connection to the parent's port, opened with the parent's one-time token. Used by the command
line and, kept ready with torch imported, where there is no fork.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping

from engine.codec import FrameReader, Job

PORT, TOKEN = "BACKSTEP_PORT", "BACKSTEP_TOKEN"


def main(environ: Mapping[str, str] | None = None) -> None:
    """Connect, import torch, wait for the job, run it, exit as the program exits."""
    port, token = int(os.environ.pop(PORT)), os.environ.pop(TOKEN)
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(bytes.fromhex(token))
    from engine.recording.job import run_job  # after the connection: importing torch takes seconds

    reader: FrameReader[Job] = FrameReader(Job)
    job = None
    while job is None:
        data = connection.recv(1 << 16)
        if not data:
            sys.exit(0)  # the parent has gone
        job = next(iter(reader.feed(data)), None)
    status = run_job(job, connection.sendall)
    connection.shutdown(socket.SHUT_WR)
    sys.exit(status)
