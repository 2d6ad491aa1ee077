"""Frames over a pipe or a connection: four bytes of length (little-endian), then the body."""

from __future__ import annotations

from typing import IO

PREFIX_BYTES = 4


def framed(body: bytes) -> bytes:
    """The body behind its length."""
    return len(body).to_bytes(PREFIX_BYTES, "little") + body


def length_in(prefix: bytes | bytearray) -> int:
    """How long the frame that begins so is."""
    return int.from_bytes(prefix[:PREFIX_BYTES], "little")


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end of the stream or when it breaks off."""
    prefix = stream.read(PREFIX_BYTES)
    if len(prefix) < PREFIX_BYTES:
        return None
    body = stream.read(length_in(prefix))
    return body if len(body) == length_in(prefix) else None


def write_frame(stream: IO[bytes], body: bytes) -> None:
    stream.write(framed(body))
    stream.flush()
