"""The process that lays graphs out: ``python -m graphviz_tools.layout_worker MEMORY_BYTES``.

Graphviz is native code, not thread-safe, and may run for minutes or die on an odd graph; here it can be
killed without harm. Requests and answers are frames on stdin and stdout: four bytes of length
(big-endian), then UTF-8. An answer begins with ``+`` (SVG) or ``-`` (why there is none).
"""

from __future__ import annotations

import os
import struct
import sys
from typing import IO

LENGTH = struct.Struct(">I")


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end of the stream or when it breaks off."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def write_frame(stream: IO[bytes], body: bytes) -> None:
    stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()


def main(memory_bytes: int) -> None:
    """Serve frames until stdin ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever native code prints must not break a frame
    import pygraphviz

    limit_memory(memory_bytes)
    while (request := read_frame(sys.stdin.buffer)) is not None:
        write_frame(answers, lay_out(pygraphviz, request))


def lay_out(pygraphviz: object, request: bytes) -> bytes:
    try:
        graph = pygraphviz.AGraph(string=request.decode())  # type: ignore[attr-defined]
        return b"+" + graph.draw(format="svg", prog="dot")
    except Exception as error:  # noqa: BLE001 - told to the parent, whatever it is
        return b"-" + f"{type(error).__name__}: {error}".encode(errors="replace")


def limit_memory(n_bytes: int) -> None:
    """Bound this process's address space where the system can."""
    try:
        import resource
    except ImportError:
        return  # Windows: the time limit alone holds
    try:
        resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))
    except (OSError, ValueError):
        sys.stderr.write("layout: this system sets no memory limit\n")  # macOS


if __name__ == "__main__":
    main(int(sys.argv[1]))
