"""Who gets a turn: programs that never end, bursts of presses, paused trainings, runs whose browser has gone."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection

from tests.attack.row import Row
from tests.e2e.serving import Server, serve
from tests.e2e.streamlit_socket import page_cookie
from tests.load.load import p
from tests.load.visitor import Visitor, visit

ENDLESS = "import torch\nx = torch.ones(2, requires_grad=True)\nwhile True:\n    pass\n"
HONEST = "import torch\nx = torch.tensor([2.0], requires_grad=True)\n(x * x).sum().backward()\nprint(x.grad, {n})\n"
TRAINING = "import torch\nw = torch.ones(1, requires_grad=True)\nwhile True:\n    (w * w).sum().backward()  # {n}\n"
N_RUNS = 20  # of the honest visitor
N_PAUSED = 8
MOST_S = 3.0


def rows() -> Iterator[Row]:
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        with visit(server.url) as first:
            first.open()  # what the first visitor makes the server import is nobody's wait
        yield beside(server, "10 endless programs of one browser in 10 tabs", [page_cookie(server.url)] * 10)
        yield beside(server, "20 endless programs of 20 browsers", [page_cookie(server.url) for _ in range(20)])
        yield burst(server)
        yield left_behind(server)
        yield trainings(server)


def beside(server: Server, what: str, cookies: list[str]) -> Row:
    """An honest visitor's runs while every one of these browsers' tabs presses Run again as soon as it may."""
    with ExitStack() as stack:
        tabs = [stack.enter_context(tab(server, cookie)) for cookie in cookies]
        honest = stack.enter_context(visit(server.url, page_cookie(server.url)))
        honest.open()
        for n, one in enumerate(tabs):
            one.press(f"{ENDLESS}# {n}")
        seconds = []
        for n in range(N_RUNS):
            seconds.append(honest.run(HONEST.format(n=n)))
            tabs[n % len(tabs)].press(f"{ENDLESS}# again {n}")
    _idle(server)
    return Row(
        f"run to picture beside {what}: p95",
        f"under {MOST_S:g} s",
        f"{p(95, seconds):.2f} s, longest {max(seconds):.2f} s",
        p(95, seconds) < MOST_S,
    )


def burst(server: Server) -> Row:
    """300 presses that nobody waits for."""
    with tab(server, page_cookie(server.url)) as visitor:
        for n in range(300):
            visitor.press(f"{ENDLESS}# {n}")
        seen = [_runs(server) for _ in range(20) if time.sleep(0.1) is None]
        most = max(running for running, _waiting in seen), max(waiting for _running, waiting in seen[-5:])
    _idle(server)
    return Row(
        "300 presses of Run in a burst: running + waiting",
        "1 + 1 at most",
        f"{most[0]} + {most[1]}",
        most[0] <= 1 and most[1] <= 1,
    )


def left_behind(server: Server) -> Row:
    """A run whose browser has gone."""
    with tab(server, page_cookie(server.url)) as visitor:
        visitor.press(ENDLESS)
        _until(lambda: _runs(server)[0] == 1)
    seconds = _idle(server)
    return Row("a run whose browser has gone: seconds to its end", "3 at most", f"{seconds:.1f}", seconds <= 3.0)


def trainings(server: Server) -> Row:
    """Eight paused trainings of one visitor, and another who trains."""
    with (
        visit(server.url, page_cookie(server.url), Trainer) as holder,
        visit(server.url, page_cookie(server.url), Trainer) as other,
    ):
        holder.come()
        for n in range(N_PAUSED):
            holder.start(TRAINING.format(n=n))
            _until(lambda n=n: len(holder.phases(server)) == n + 1)  # type: ignore[misc]
            holder.pause_all(server)
        n_paused = sum(phase == "paused" for phase in holder.phases(server).values())
        other.come()
        other.start(TRAINING.format(n="other"))
        seconds = _until(lambda: "running" in other.phases(server).values())
    return Row(
        "seconds until a training begins beside 8 paused ones",
        f"{MOST_S:g} at most",
        f"{seconds:.1f}, {n_paused} paused",
        seconds <= MOST_S and n_paused > 0,
    )


class Trainer(Visitor):
    """A visitor of the Training page who writes programs of their own."""

    def __init__(self, socket: ClientConnection) -> None:
        super().__init__(socket)
        self._ids: dict[str, str] = {}  # of widgets
        self._desk: dict[str, str] = {}  # the addresses of the page's desk

    def come(self) -> None:
        """To the page, with a program of one's own chosen."""
        self.open()
        self._ask(page=self._pages["training"], query="train=own")
        self._read()

    def start(self, source: str) -> None:
        """Write the program and press Start."""
        self._ask(states=[WidgetState(id=self._ids["training-own"], string_value=source)])
        self._read()
        self._ask(states=[WidgetState(id=self._ids["training-start"], trigger_value=True)])
        self._read()

    def phases(self, server: Server) -> dict[str, str]:
        """What each of the desk's runs does now."""
        with urllib.request.urlopen(server.url + self._desk["events"], timeout=10) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    return {run["id"]: run["phase"] for run in json.loads(line[6:])["runs"]}
        return {}

    def pause_all(self, server: Server) -> None:
        """Press Pause on each run that is not paused."""
        for run, phase in self.phases(server).items():
            if phase not in ("paused", "ended"):
                body = json.dumps({"what": "pause", "run": run}).encode()
                urllib.request.urlopen(server.url + self._desk["act"], body, timeout=10).close()

    def _take(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind in ("button", "text_area"):
            found: str = getattr(element, kind).id
            self._ids |= {name: found for name in ("training-start", "training-own") if found.endswith(name)}
        data = json.loads(element.bidi_component.json or "{}") if kind == "bidi_component" else {}
        if "act" in data:
            self._desk = data
        else:
            super()._take(message)


@contextmanager
def tab(server: Server, cookie: str) -> Iterator[Visitor]:
    """A page that is open and reads what it is sent."""
    with ExitStack() as stack:
        visitor = stack.enter_context(visit(server.url, cookie))
        visitor.open()
        reader = threading.Thread(target=visitor.drain, daemon=True)
        reader.start()
        yield visitor
    reader.join(10)


def _runs(server: Server) -> tuple[int, int]:
    runs = server.health()["runs"]
    return runs["running"], runs["waiting"] + runs["parked"]


def _idle(server: Server) -> float:
    """Seconds until nothing runs."""
    return _until(lambda: _runs(server) == (0, 0))


def _until(holds: Callable[[], bool], timeout_s: float = 60.0) -> float:
    """Seconds until something holds."""
    started = time.monotonic()
    while not holds() and time.monotonic() - started < timeout_s:
        time.sleep(0.05)
    return time.monotonic() - started
