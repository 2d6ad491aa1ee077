"""The process that lays graphs out: ``python -m graphviz_tools.render.graphviz_worker MEMORY_BYTES SECONDS``.

Graphviz is native code, not thread-safe, and may run for minutes or die on an odd graph; here it can be
killed without harm, and what a stranger's graph makes it do is confined. Requests and answers are frames on
stdin and stdout, in UTF-8. The first answer comes unasked: ``+`` when the
process is confined, else ``-`` and why not. The others begin with ``+`` (SVG) or ``-`` (why there is none; the
process ends with it).

NOTE [The server's end] Stdin ends when the server does, but nobody reads it while Graphviz works. So the kernel
is asked to end this process SECONDS after a request came, whoever is still there.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from typing import IO, Any

from engine.contract.frames import read_frame, write_frame
from engine.sandbox.worker import confine_worker

FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig")
SCRATCH_BYTES = 64_000_000  # the largest DOT text
WARM = b'digraph { node [fontname="Helvetica,Arial,sans-serif"]; a -> b }'


def main(memory_bytes: int, seconds: float) -> None:
    """Serve frames until stdin ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever native code prints must not break a frame
    graphviz = Graphviz()
    graphviz.lay_out(WARM)  # reads plug-ins and fonts, which may be out of reach later
    limit_memory(memory_bytes)
    reason = confine_worker(FONTS, SCRATCH_BYTES)
    write_frame(answers, b"-" + reason.encode() if reason else b"+")
    while (request := read_frame(sys.stdin.buffer)) is not None:
        _end_after(seconds)
        answer = graphviz.lay_out(request)
        _end_after(0)
        write_frame(answers, answer)
        if not answer.startswith(b"+"):
            break  # Graphviz may be in disorder: another process takes over


class Graphviz:
    """Graphviz with a file of its own: it reads graphs from files only, and a confined process can open none."""

    def __init__(self) -> None:
        import pygraphviz  # pyright: ignore[reportMissingTypeStubs]

        self._new_graph: Any = pygraphviz.AGraph
        self._scratch = _scratch()
        self._longest = 0

    def lay_out(self, request: bytes) -> bytes:
        try:
            graph = self._new_graph()
            graph.read(self._written(request))
            return b"+" + graph.draw(format="svg", prog="dot")
        except Exception as error:  # noqa: BLE001 - told to the parent, whatever it is
            return b"-" + f"{type(error).__name__}: {error}".encode(errors="replace")

    def _written(self, text: bytes) -> IO[bytes]:
        """The file with the text alone: spaces cover what is left of a longer one before it."""
        self._longest = max(self._longest, len(text))
        self._scratch.seek(0)
        self._scratch.write(text.ljust(self._longest))
        self._scratch.seek(0)
        return self._scratch


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


def _scratch() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("graph"), "w+b")  # also where the disk is full
    return tempfile.TemporaryFile()


def _end_after(seconds: float) -> None:
    """Have the kernel end this process then, even inside native code; 0: not any more."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
