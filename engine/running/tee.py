"""Passing a program's output on while keeping it."""

from __future__ import annotations

import os
import sys

KEPT_BYTES = 64_000_000


class Tee:
    """Writes a program's bytes to our own stdout and stderr as they come, and keeps stdout up to a limit."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._broken: set[str] = set()

    def write(self, stream: str, data: bytes) -> None:
        """Pass on; when nobody reads any more, as in ``report ... | head``, the rest is dropped."""
        if stream == "stdout":
            self._kept += data[: KEPT_BYTES - len(self._kept)]
        if stream not in self._broken:
            out = sys.stdout if stream == "stdout" else sys.stderr
            try:
                out.buffer.write(data)
                out.buffer.flush()
            except BrokenPipeError:
                self._broken.add(stream)
                _to_nowhere(out.fileno())

    def text(self) -> str:
        """The kept stdout; what is no UTF-8 shows as replacement characters."""
        return self._kept.decode("utf-8", "replace")


def _to_nowhere(descriptor: int) -> None:
    """Let the interpreter's own flush at the end succeed."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
