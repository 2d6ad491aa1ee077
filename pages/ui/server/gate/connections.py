"""Connections from their first moment: never more than there are descriptors for, and none that keeps silent.

uvicorn ends a connection that is idle after an answer, but waits for ever for the first request, for the rest of one
that has begun, for a body, and for a reader who does not read. Here every connection is looked at each second. What is
known of them is what uvicorn's protocols say by themselves (``cycle``, ``response_complete``, ``more_body``).
"""

from __future__ import annotations

import asyncio
import inspect
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

LOOK_S = 1.0
REQUEST_S = 15.0  # until a request has come, its body included
STUCK_S = 30.0  # while nothing of what waits to be sent is taken
MOST = 2_000
SPARE = 128  # descriptors for programs, files and the batch of connections that is accepted at once
BACKLOG = 64  # connections that are accepted at once
LINGER = "hh" if sys.platform == "win32" else "ii"

Sign = tuple[object, ...]  # what a connection does; another one, or another number of waiting bytes, is progress


class Connections:
    """All connections of one server; ``clock`` in seconds."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most, self._clock = most, clock
        self._all: set[Any] = set()  # uvicorn's own set
        self._since: dict[Any, tuple[Sign, float]] = {}

    def guard(self, config: Any) -> None:
        """Stand before the connections of a server that does not listen yet; ``config`` is uvicorn's."""
        config.backlog = min(config.backlog, BACKLOG)
        make = config.http_protocol_class

        def protocol(**given: Any) -> asyncio.BaseProtocol:
            self._all = given["server_state"].connections
            return make(**given) if self.make_room() else _TurnedAway()

        config.http_protocol_class = protocol

    def make_room(self) -> bool:
        """Whether one more may come: where all places are taken, the one that is silent for longest goes."""
        if len(self._all) < self._most:
            return True
        silent = [one for one in self._all if is_silent(one) and not one.transport.is_closing()]
        if silent:
            now = self._clock()
            end(min(silent, key=lambda one: self._since.get(one, ((), now))[1]))
        return bool(silent)

    def look(self) -> int:
        """End those that have kept their sign for too long; how many there were."""
        now, known = self._clock(), self._since
        self._since = {}
        for one in tuple(self._all):
            sign = sign_of(one)
            before, since = known.get(one, (sign, now))
            self._since[one] = (sign, since if sign == before else now)
        late = [one for one, (_, since) in self._since.items() if now - since >= patience_s(one)]
        for one in late:
            end(one)
        return len(late)

    async def watch(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()


class _TurnedAway(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def is_silent(connection: Any) -> bool:
    """Whether a connection waits for a request, and none is being answered."""
    if not hasattr(connection, "cycle"):
        return not getattr(connection, "handshake_complete", True)
    return connection.cycle is None or connection.cycle.response_complete


def sign_of(connection: Any) -> Sign:
    cycle = getattr(connection, "cycle", None)
    if is_silent(connection):
        return "silent", cycle
    return "busy", cycle, getattr(cycle, "more_body", False), n_waiting(connection)


def patience_s(connection: Any) -> float:
    """How long a connection may stay as it is."""
    if is_silent(connection) or getattr(getattr(connection, "cycle", None), "more_body", False):
        return REQUEST_S
    return STUCK_S if n_waiting(connection) else float("inf")


def end(connection: Any) -> None:
    """Close it at once: the system too keeps nothing for a reader who does not read."""
    own = connection.transport.get_extra_info("socket")
    if own is not None:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(LINGER, 1, 0))
    connection.transport.abort()


def n_waiting(connection: Any) -> int:
    """Bytes that wait until the other side reads."""
    return connection.transport.get_write_buffer_size()


def most_connections() -> int:
    """As many as there are descriptors for, with some to spare for everything else."""
    try:
        import resource
    except ImportError:  # Windows
        return MOST
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else max(16, min(MOST, soft - SPARE))


def uvicorn_config() -> Any | None:
    """The settings of the uvicorn that runs the current task, its lifespan's; None under another server.

    Streamlit makes them itself and takes none from an app, and uvicorn has no setting for what is needed here.
    """
    task = asyncio.current_task()
    coroutine = task.get_coro() if task else None
    if not inspect.iscoroutine(coroutine):
        return None
    config = getattr(inspect.getcoroutinelocals(coroutine).get("self"), "config", None)
    return config if hasattr(config, "http_protocol_class") else None


@asynccontextmanager
async def watched(connections: Connections):
    """Looked at while the block runs."""
    task = asyncio.create_task(connections.watch(), name="connections")
    try:
        yield
    finally:
        task.cancel()
