"""Connections that keep silent, and more of them than there is room for."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn

from pages.ui.server.gate.connections import (
    BACKLOG,
    LOOK_S,
    REQUEST_S,
    STUCK_S,
    Connections,
    most_connections,
    uvicorn_config,
)


@dataclass
class Transport:
    n_waiting: int = 0
    is_aborted: bool = False

    def abort(self) -> None:
        self.is_aborted = True

    def get_extra_info(self, name: str) -> None:
        """There is no socket."""

    def is_closing(self) -> bool:
        return self.is_aborted

    def get_write_buffer_size(self) -> int:
        return self.n_waiting


@dataclass(eq=False)
class Http:
    """As uvicorn's protocols say of themselves."""

    cycle: Any = None
    transport: Transport = field(default_factory=Transport)


@dataclass(eq=False)
class Socket:
    handshake_complete: bool = True
    transport: Transport = field(default_factory=Transport)


@dataclass(eq=False)
class Cycle:
    """One request and its answer, as uvicorn keeps it."""

    more_body: bool
    response_complete: bool


def answering(*, more_body: bool = False, is_over: bool = False) -> Cycle:
    return Cycle(more_body, is_over)


class Watched:
    """Connections whose clock goes on by one look at a time."""

    def __init__(self, *all_of_them: Any, most: int = 10) -> None:
        self.now, self.server = 0.0, set(all_of_them)
        self.connections = Connections(most, lambda: self.now)
        config = SimpleNamespace(backlog=2048, http_protocol_class=lambda **_: "made")
        self.connections.guard(config)
        self.config = config
        self.arrives()

    def arrives(self) -> Any:
        return self.config.http_protocol_class(server_state=SimpleNamespace(connections=self.server))

    def wait(self, seconds: float) -> Watched:
        end = self.now + seconds
        while self.now < end:
            self.connections.look()
            self.server = self.server - {one for one in self.server if one.transport.is_aborted}
            self.now += LOOK_S
        return self


@pytest.mark.parametrize(
    "silent",
    [Http(), Http(answering(is_over=True)), Http(answering(more_body=True)), Socket(handshake_complete=False)],
    ids=["says nothing", "keeps silent after an answer", "owes its body", "half a handshake"],
)
def test_who_waits_too_long_goes(silent: Any) -> None:
    watched = Watched(silent).wait(REQUEST_S)
    assert not silent.transport.is_aborted
    watched.wait(2 * LOOK_S)
    assert silent.transport.is_aborted


@pytest.mark.parametrize("patient", [Http(answering()), Socket()], ids=["a long answer", "an open page"])
def test_who_is_being_served_stays(patient: Any) -> None:
    Watched(patient).wait(10 * STUCK_S)
    assert not patient.transport.is_aborted


@pytest.mark.parametrize("reader", [Http(answering()), Socket()])
def test_who_does_not_read_goes_and_a_slow_reader_stays(reader: Any) -> None:
    watched = Watched(reader)
    for n_waiting in range(60_000, 20_000, -1_000):
        reader.transport.n_waiting = n_waiting
        watched.wait(LOOK_S)
    assert not reader.transport.is_aborted
    watched.wait(STUCK_S + LOOK_S)
    assert reader.transport.is_aborted


def test_another_request_is_another_wait() -> None:
    http = Http()
    watched = Watched(http)
    for _ in range(5):
        watched.wait(REQUEST_S - LOOK_S)
        http.cycle = answering(is_over=True)
    assert not http.transport.is_aborted


def test_where_there_is_no_room_the_longest_silent_one_goes() -> None:
    old, served = Http(), Http(answering())
    watched = Watched(old, served, most=3).wait(3 * LOOK_S)
    new = Http()
    watched.server.add(new)
    watched.wait(LOOK_S)
    assert watched.arrives() == "made"
    assert [one.transport.is_aborted for one in (old, served, new)] == [True, False, False]


def test_where_all_are_served_the_newcomer_is_turned_away() -> None:
    served = [Http(answering()), Socket()]
    watched = Watched(*served, most=2)
    refused, transport = watched.arrives(), Closing()
    refused.connection_made(transport)
    assert transport.is_closed and not any(one.transport.is_aborted for one in served)


class Closing:
    is_closed = False

    def close(self) -> None:
        self.is_closed = True


def test_few_are_accepted_at_once_so_that_descriptors_do_not_run_out() -> None:
    assert Watched().config.backlog == BACKLOG
    assert 16 <= most_connections() <= 2_000


def test_uvicorns_settings_are_found_from_its_lifespan_and_no_others() -> None:
    found: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append(uvicorn_config())
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def lives() -> uvicorn.Config:
        config = uvicorn.Config(app, lifespan="on", log_level="error")
        config.load()
        lifespan = config.lifespan_class(config)
        await lifespan.startup()
        await lifespan.shutdown()
        found.append(uvicorn_config())
        return config

    with ThreadPoolExecutor(1) as own:
        config = own.submit(lambda: asyncio.run(lives())).result()
    assert found == [config, None]
