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
    """Replaces sys.stdout by a counting one; :meth:`printed` is what the recorder asks at each step.

    ``is_live``: each line is sent at once, as to a terminal; else when Python would send it.
    """

    def __init__(self, *, is_live: bool = False) -> None:
        self._raw = CountingFile(1, "w", closefd=False)
        earlier = cast(io.TextIOWrapper, sys.stdout)
        encoding, errors = (earlier.encoding, earlier.errors) if earlier is not None else ("utf-8", "strict")
        is_unbuffered = earlier is not None and earlier.write_through  # python -u
        raw = cast(io.RawIOBase, self._raw)
        self.stream = io.TextIOWrapper(
            cast(io.BufferedWriter, raw) if is_unbuffered else io.BufferedWriter(raw),
            encoding=encoding,
            errors=errors,
            line_buffering=is_live or (earlier is not None and earlier.line_buffering),
            write_through=is_unbuffered,
        )
        sys.stdout = sys.__stdout__ = self.stream  # type: ignore[misc]

    def printed(self) -> int:
        """Bytes the program has written so far. Also sends them on, so that output keeps up with steps."""
        try:
            self.stream.flush()
        except (ValueError, OSError):
            pass  # closed by the program, or nobody reads any more: the count stands
        return self._raw.n_written
