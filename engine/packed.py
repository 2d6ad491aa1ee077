"""A recording as compressed bytes: what a server keeps of it, a tenth or less of what its rows take as objects."""

from __future__ import annotations

import hashlib
import weakref
import zlib
from typing import cast

import msgspec

from engine.codec import packed
from engine.trace import Trace

QUICKLY = 1  # of zlib's levels: numbers and names repeat, so that more effort gains little


class Packed:
    """A trace. ``key`` is the same for the same content, ``n_rows`` its calls, nodes and steps."""

    def __init__(self, trace: Trace) -> None:
        data = packed(trace)
        self.key = hashlib.sha256(data).hexdigest()
        self.n_rows = sum(len(table) for table in (trace.calls, trace.nodes, trace.steps))
        self._data = zlib.compress(data, QUICKLY)
        self._known = weakref.ref(trace)

    def message(self) -> bytes:
        """The trace in MessagePack."""
        return zlib.decompress(self._data)

    def trace(self) -> Trace:
        """The trace itself, made anew where nobody holds it any more."""
        trace = self._known()
        if trace is None:
            trace = cast(Trace, msgspec.msgpack.decode(self.message(), type=Trace))
            self._known = weakref.ref(trace)
        return trace
