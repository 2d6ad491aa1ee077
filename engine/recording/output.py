"""The program's stdout: an ordinary text stream over descriptor 1 that counts what it wrote."""

from __future__ import annotations

import io
import sys
from typing import cast


class CountingFile(io.FileIO):
    """A raw file that knows how many bytes were written to it."""

    n_written = 0

    def write(self, data: bytes) -> int | None:  # type: ignore[override]
        n = super().write(data)
        self.n_written += n or 0
        return n


class Output:
    """Replaces sys.stdout by a counting one; :meth:`printed` is what the recorder asks at each step."""

    def __init__(self) -> None:
        self._raw = CountingFile(1, "w", closefd=False)
        earlier = sys.stdout
        encoding, errors = (earlier.encoding, earlier.errors) if earlier is not None else ("utf-8", "strict")
        self.stream = io.TextIOWrapper(
            io.BufferedWriter(cast(io.RawIOBase, self._raw)), encoding=encoding, errors=errors, line_buffering=False
        )
        sys.stdout = self.stream

    def printed(self) -> int:
        """Bytes the program has written so far. Also sends them on, so that output keeps up with steps."""
        try:
            self.stream.flush()
        except (ValueError, OSError):
            pass  # closed by the program, or nobody reads any more: the count stands
        return self._raw.n_written
