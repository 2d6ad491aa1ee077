"""Traces as JSON, and events as length-prefixed MessagePack frames. Typed decoding is the validation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from engine.contract.frames import PREFIX_BYTES, framed, length_in
from engine.contract.policy import Confinement
from engine.contract.trace import SCHEMA, Limits, Program, Record, Trace

MAX_FRAME_BYTES = 64_000_000

T = TypeVar("T")

Atom: TypeAlias = "bool | int | float | str | bytes | None"
Plain: TypeAlias = "Atom | list[Plain] | tuple[Plain, ...] | dict[Atom, Plain]"  # what msgspec.to_builtins gives


class CodecError(ValueError):
    """Bytes that are no trace or no event of ours; the message says what to do."""


class FrameTooLarge(CodecError):
    """A message that does not fit into one frame."""


class Job(Record, frozen=True):
    """What a child process is asked to do."""

    program: Program
    limits: Limits
    reseed: bool = True  # the process was forked or used a generator before: draw fresh seeds
    is_live: bool = True  # send each printed line at once, as to a terminal; False: as Python would
    confinement: Confinement | None = None  # what the kernel shall hold the process to; None: nothing
    folder: str = ""  # where the program runs and its temporary files go; "": where the process is


def trace_to_json(trace: Trace) -> bytes:
    """The whole trace as JSON text (docs/trace-format.md)."""
    return msgspec.json.format(msgspec.json.encode(trace), indent=1)


def trace_from_json(text: bytes | str) -> Trace:
    """The trace in ``text``. Raises CodecError for anything else, with the reason."""
    try:
        schema = msgspec.json.decode(text, type=dict[str, Any]).get("schema", SCHEMA)
        if schema != SCHEMA:
            raise CodecError(f"trace schema {schema}, this version reads {SCHEMA}: record the program again")
        return msgspec.json.decode(text, type=Trace)
    except msgspec.MsgspecError as error:
        raise CodecError(f"not a Backstep trace: {error}") from error


def packed(message: Any) -> bytes:
    """``message`` in MessagePack. Lone surrogates, which UTF-8 has not, become escapes."""
    try:
        return msgspec.msgpack.encode(message)
    except UnicodeEncodeError:
        return msgspec.msgpack.encode(_encodable(msgspec.to_builtins(message)))


def frame(message: Any, most_bytes: int | None = None) -> bytes:
    """``message`` as one frame. Raises FrameTooLarge beyond ``most_bytes``, MAX_FRAME_BYTES when None."""
    most_bytes = MAX_FRAME_BYTES if most_bytes is None else most_bytes
    body = packed(message)
    if len(body) > most_bytes:
        raise FrameTooLarge(f"a message of {len(body)} bytes; at most {most_bytes} can be sent")
    return framed(body)


class FrameReader(Generic[T]):
    """Cuts a byte stream into frames and decodes each as one type.

    ``check`` is called with a frame's body before anything is made of it, and may raise CodecError.
    """

    def __init__(
        self, type_: Any, most_bytes: int | None = None, check: Callable[[bytes], None] = lambda body: None
    ) -> None:
        self._check = check
        self._decoder = msgspec.msgpack.Decoder(type_)
        self._buffer = bytearray()
        self._most_bytes = MAX_FRAME_BYTES if most_bytes is None else most_bytes

    def feed(self, data: bytes) -> Iterator[T]:
        """Messages complete so far. Raises CodecError for frames that are too long or of another type."""
        self._buffer += data
        while len(self._buffer) >= PREFIX_BYTES:
            length = length_in(self._buffer)
            if length > self._most_bytes:
                raise CodecError(f"a frame claims {length} bytes; at most {self._most_bytes} are allowed")
            end = PREFIX_BYTES + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[PREFIX_BYTES:end])
            del self._buffer[:end]
            self._check(body)
            try:
                yield self._decoder.decode(body)
            except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
                raise CodecError(f"a frame that is no event: {error}") from error


def first_message(read: Callable[[int], bytes], type_: type[T]) -> T | None:
    """The first message of a stream, and not one byte more; None when the stream ends before. Raises CodecError."""
    prefix = _exactly(read, PREFIX_BYTES)
    length = length_in(prefix)
    if len(prefix) < PREFIX_BYTES or length > MAX_FRAME_BYTES:
        return None
    body = _exactly(read, length)
    reader: FrameReader[T] = FrameReader(type_)
    return next(reader.feed(prefix + body), None)


def _exactly(read: Callable[[int], bytes], n: int) -> bytes:
    data = bytearray()
    while len(data) < n and (part := read(n - len(data))):
        data += part
    return bytes(data)


def _encodable(data: Plain) -> Plain:
    """Plain data with every lone surrogate in its texts escaped: ``\\ud800`` in six characters."""
    if isinstance(data, dict):
        return {_escaped(key): _encodable(item) for key, item in data.items()}
    return [_encodable(item) for item in data] if isinstance(data, (list, tuple)) else _escaped(data)


def _escaped(atom: Atom) -> Atom:
    return atom.encode("utf-8", "backslashreplace").decode() if isinstance(atom, str) else atom
