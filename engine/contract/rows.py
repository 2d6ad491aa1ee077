"""A table's rows as MessagePack, appended as they come."""

from __future__ import annotations

from collections.abc import Sequence

from engine.contract.codec import packed

SHORT, MIDDLE = 16, 65_536  # lengths from which an array's header has three bytes, and five


class Rows:
    """What is kept of a row is its bytes. A server of many runs that kept objects would be full of small ones, of
    which Python gives hardly any memory back."""

    def __init__(self, n: int = 0, data: bytes | bytearray = b"") -> None:
        self.n = n
        self._data = bytearray(data)

    def extend(self, rows: Sequence[object]) -> None:
        """Append some."""
        if rows:
            self._data += packed(rows)[len(header(len(rows))) :]
            self.n += len(rows)

    def and_then(self, rows: Sequence[object]) -> Rows:
        """Others: these and some more."""
        others = Rows(self.n, self._data)
        others.extend(rows)
        return others

    def array(self) -> bytes:
        """All of them, as one array."""
        return header(self.n) + self._data


def header(n: int) -> bytes:
    """The first bytes of an array of ``n`` elements in MessagePack.

    >>> header(2), header(16), header(70_000)
    (b'\\x92', b'\\xdc\\x00\\x10', b'\\xdd\\x00\\x01\\x11p')
    """
    if n < SHORT:
        return bytes([0x90 + n])
    return b"\xdc" + n.to_bytes(2, "big") if n < MIDDLE else b"\xdd" + n.to_bytes(4, "big")
