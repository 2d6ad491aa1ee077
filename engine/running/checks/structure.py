"""What a MessagePack body would become in memory, counted before anything is built of it.

A program can write into its own event channel, and one byte on the way may be an object here. So a stranger's frame is
walked first: nothing is made, and the walk stops where the budget ends.

NOTE [Weights]
Bytes of CPython's objects, each rounded up to what the allocator gives. A test holds them against what msgspec
really builds.
1. A map is a record: a struct is as large as its type, however few of its fields are there. ``RECORD`` has, for so
   many entries, the largest struct within an event that needs no more. Its keys are field names and cost nothing.
2. An array is a tuple, with a slot for each element.
3. A number is a number object: a float may be sent as a small integer.
4. A text of ASCII takes a byte for a character, another one up to ``WIDE``.
5. Whatever a byte says, it becomes ``WORST`` bytes at most. So what is short need not be walked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import msgspec

from engine.contract.codec import CodecError
from engine.contract.events import ChildEvent

WIDE = 5  # bytes for each of a text that has one wide character: four, and one while it is read
SLOT, ARRAY, NUMBER, LONG_NUMBER, TEXT, WIDE_TEXT = 8, 48, 32, 48, 64, 96
EVENT = 512  # an event itself, with its tables' tuples
WORST = 160  # of one byte: an empty record and its slot, and slots of every array around it that claims it
MOST_TEXT = 100_000  # bytes; the longest is a traceback of 20,000 characters (engine/recording/program/failure.py)
MOST_DEPTH = 16  # arrays and records inside each other; an event of ours has eight
ONE_BYTE = bytes((*range(0x80), 0xC0, 0xC2, 0xC3, *range(0xE0, 0x100)))  # small integers, nil, false, true
RUN = 8  # an array of so many elements is tried as a whole
FIXED = {0xCA: 5, 0xCB: 9, 0xCC: 2, 0xCD: 3, 0xCE: 5, 0xCF: 9, 0xD0: 2, 0xD1: 3, 0xD2: 5, 0xD3: 9}  # numbers: bytes
TEXTS = {0xD9: 1, 0xDA: 2, 0xDB: 4}  # bytes of the length


class TooMuch(CodecError):
    """A body that is well formed, as far as it was read, and would become more than it may."""


def weight(body: bytes, most: int) -> int:
    """Bytes that the objects in ``body`` would take, never less than they do.

    Raises TooMuch beyond ``most``, CodecError for what no event of ours contains: other types, other keys than short
    texts, more depth, bytes that are missing or left over.
    """
    walk = _Walk(body, most)
    walk.total = EVENT
    try:
        end = walk.value(0, 0)
    except IndexError:
        raise CodecError("a frame that ends in the middle of a value") from None
    if end != len(body):
        raise CodecError(f"a frame with {len(body) - end} bytes too many")
    return walk.total


class _Walk:
    """One pass over a body. The methods take a position and return the one behind what they counted."""

    def __init__(self, body: bytes, most: int) -> None:
        self.total = 0
        self._body = body
        self._most = most

    def value(self, at: int, depth: int) -> int:
        """Any one value."""
        return self._values(at, 1, depth, is_record=False)

    def _values(self, at: int, n: int, depth: int, *, is_record: bool) -> int:
        """``n`` values one after the other, in a record each behind its key. The loop is the price of every event."""
        body, total, fixed = self._body, 0, FIXED
        for _ in range(n):
            if is_record:
                key = body[at]
                if not 0xA0 <= key <= 0xBF:
                    raise CodecError("a frame with a key that is no name of a field")
                at += key - 0x9F
            head = body[at]
            if head < 0x80 or head >= 0xE0:
                total += NUMBER
                at += 1
            elif 0xA0 <= head <= 0xBF:
                end = at + head - 0x9F
                total += TEXT + head - 0xA0 if body[at + 1 : end].isascii() else WIDE_TEXT + WIDE * (head - 0xA0)
                at = end
            elif size := fixed.get(head):
                total += NUMBER if size < 9 or head == 0xCB else LONG_NUMBER
                at += size
            elif 0xC0 <= head <= 0xC3 and head != 0xC1:
                at += 1
            else:
                self._spend(total)
                total = 0
                at = self._long(at, head, depth + 1)
        self._spend(total)
        return at

    def _long(self, at: int, head: int, depth: int) -> int:
        """An array, a record, or a text with its length in front."""
        if depth > MOST_DEPTH:
            raise CodecError(f"a frame with more than {MOST_DEPTH} values inside each other")
        if head <= 0x8F:
            return self._record(at + 1, head & 0xF, depth)
        if head <= 0x9F:
            return self._array(at + 1, head & 0xF, depth)
        if head in TEXTS:
            return self._text(at + 1, TEXTS[head])
        if head in (0xDC, 0xDD):
            size = 2 if head == 0xDC else 4
            return self._array(at + 1 + size, self._length(at + 1, size), depth)
        if head == 0xDE:
            return self._record(at + 3, self._length(at + 1, 2), depth)
        raise CodecError(f"a frame with a value of the type 0x{head:x}, which no event contains")

    def _record(self, at: int, n: int, depth: int) -> int:
        self._spend(RECORD[min(n, len(RECORD) - 1)])
        return self._values(at, n, depth, is_record=True)

    def _array(self, at: int, n: int, depth: int) -> int:
        if n > len(self._body) - at:
            raise CodecError(f"a frame with an array of {n} elements in {len(self._body) - at} bytes")
        self._spend(ARRAY + SLOT * n)  # made before what is in it
        if n < RUN:
            return self._values(at, n, depth, is_record=False)
        if not self._body[at : at + n].translate(None, ONE_BYTE):
            self._spend(NUMBER * n)
            return at + n
        if self._body[at : at + 9 * n : 9] == b"\xcb" * n:
            self._spend(NUMBER * n)
            return at + 9 * n
        return self._values(at, n, depth, is_record=False)

    def _text(self, at: int, size: int) -> int:
        n = self._length(at, size)
        start, end = at + size, at + size + n
        if end > len(self._body):
            raise CodecError(f"a frame with a text of {n} bytes in {len(self._body) - start}")
        if n > MOST_TEXT:
            raise TooMuch(f"a frame with a text of {n} bytes")
        is_ascii = self._body[start:end].isascii()
        self._spend(TEXT + n if is_ascii else WIDE_TEXT + WIDE * n)
        return end

    def _length(self, at: int, size: int) -> int:
        return int.from_bytes(self._body[at : at + size], "big")

    def _spend(self, weight: int) -> None:
        self.total += weight
        if self.total > self._most:
            raise TooMuch(f"a frame that would take more than {self._most} bytes")


def _structs(kind: msgspec.inspect.Type, seen: set[type]) -> Iterator[msgspec.inspect.StructType]:
    """Every struct that ``kind`` may contain, once."""
    if isinstance(kind, msgspec.inspect.StructType):
        if kind.cls in seen:
            return
        seen.add(kind.cls)
        yield kind
        for field in kind.fields:
            yield from _structs(field.type, seen)
    for name in ("types", "item_types"):
        for one in getattr(kind, name, ()):
            yield from _structs(one, seen)
    if (item := getattr(kind, "item_type", None)) is not None:
        yield from _structs(item, seen)


def _record_weights() -> tuple[int, ...]:
    """By the number of entries: the largest struct in an event that needs no more, with its collector's header."""
    weights: dict[int, int] = {}
    for kind in _structs(msgspec.inspect.type_info(ChildEvent), set()):
        if kind.cls not in get_args(ChildEvent):
            n_needed = sum(field.required for field in kind.fields) + (kind.tag is not None)
            weights[n_needed] = max(weights.get(n_needed, 0), (kind.cls.__basicsize__ + 16 + 15) // 16 * 16)
    return tuple(max([0, *(weights[m] for m in weights if m <= n)]) for n in range(max(weights) + 1))


RECORD = _record_weights()
