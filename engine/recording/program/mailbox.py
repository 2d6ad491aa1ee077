"""Commands from the server, looked for when there is time; looking never waits."""

from __future__ import annotations

import os
from collections.abc import Callable

from engine.contract.codec import CodecError, FrameReader
from engine.contract.live import Command, Message, Resumed


class Mailbox:
    """``read()`` gives what has arrived since, b"" for nothing. A process forked by the program gets no letters."""

    def __init__(self, read: Callable[[], bytes] = lambda: b"") -> None:
        self._read = read
        self._reader: FrameReader[Message] = FrameReader(Message)
        self._pid = os.getpid()
        self.paused_s = 0.0  # all pauses together

    def take(self) -> list[Command]:
        """Commands that have arrived, oldest first; pauses are added up."""
        if os.getpid() != self._pid or not (data := self._read()):
            return []
        try:
            messages = list(self._reader.feed(data))
        except CodecError:
            self._read = lambda: b""  # nothing can be understood after half a frame
            return []
        self.paused_s += sum(one.paused_s for one in messages if isinstance(one, Resumed))
        return [one for one in messages if not isinstance(one, Resumed)]
