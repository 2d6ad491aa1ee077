"""kill -9 of each process of a running server, in each of its states: what a visitor sees, and how soon it works."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator

from tests.e2e.serving import Server, serve
from tests.kills.processes import below, processes, until, victim
from tests.kills.row import WANTED_S, Row
from tests.load.visitor import VisitError, Visitor, visit

N_STEPS = 20
HONEST = "import torch\nw = torch.tensor([2., 3.], requires_grad=True)\n(w * w).sum().backward()\nprint(w.grad)\n"
RECORDING = (
    "import torch\ny = w = torch.ones(2, requires_grad=True)\n"
    f"for _ in range({N_STEPS}):\n    y = y * 2\nprint('on')\nwhile True: pass\n"
)
LAYING_OUT = (
    "import torch\nws = [torch.ones(2, requires_grad=True) for _ in range(60)]\n"
    "while len(ws) > 1:\n    ws = [a * b + sum(ws[:i % 5]) for i, (a, b) in enumerate(zip(ws, ws[1:]))][:40]\n"
    "    if len(ws) < 25: break\nsum(ws).sum().backward()\n"
)
STREAMING = RECORDING.replace("pass", "print(1)") + "# prints all the time\n"
PROGRAMS = {"recording": RECORDING, "laying out": LAYING_OUT, "streaming": STREAMING}
CASES = (
    ("zygote", "idle"),
    ("zygote", "starting"),
    ("zygote", "recording"),
    ("zygote", "laying out"),
    ("zygote", "streaming"),
    ("standby", "idle"),
    ("zygote and standby", "idle"),
    ("program", "recording"),
    ("program", "streaming"),
    ("layout", "idle"),
    ("layout", "starting"),
    ("layout", "recording"),
    ("layout", "laying out"),
    ("layout", "streaming"),
    ("drawing", "idle"),
    ("drawing", "starting"),
    ("drawing", "recording"),
    ("drawing", "laying out"),
    ("drawing", "streaming"),
    ("server", "idle"),
    ("server", "starting"),
    ("server", "recording"),
    ("server", "laying out"),
    ("server", "streaming"),
)
CLASSROOM = {"BACKSTEP_POLICY": "classroom"}


def rows() -> Iterator[Row]:
    """One for each case."""
    for kind, state in CASES:
        yield _row(kind, state)


def _row(kind: str, state: str) -> Row:
    with serve(environment=CLASSROOM) as server:
        if state != "starting":
            server.wait_until_ready()
        with visit(server.url) as visitor:
            visitor.open()
            visit_ = _Visit(visitor, PROGRAMS.get(state, ""))
            _await_state(server, state)
            there = [one.pid for one in below(server.pid)]
            killed = time.monotonic()
            _kill(server, kind)
            if kind == "server":
                return _after_the_server(state, there, visit_)
            seconds = _again(server, killed)
            seen, n_steps = visit_.ending()
        lost = "" if state not in ("recording", "streaming") else "nothing" if n_steps > N_STEPS else "steps"
        # importing torch anew is what starting means, and what is left when the one that stands by is killed too
        is_soon = seconds <= WANTED_S or state == "starting" or kind == "zygote and standby"
        return Row(kind, state, seen, lost, seconds, is_soon and lost != "steps" and "exception" not in seen)


class _Visit:
    """A visitor who has pressed Run, in a thread of its own."""

    def __init__(self, visitor: Visitor, source: str) -> None:
        self._visitor, self._source, self._error = visitor, source, ""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def ending(self) -> tuple[str, int]:
        """What the page says in the end, and how many steps it has."""
        self._thread.join(30)
        if self._error:
            return self._error, 0
        if not self._source:
            return "nothing", 0
        steps = self._visitor._payload["steps"]
        return _words(steps), len(steps)

    def _run(self) -> None:
        try:
            if self._source:
                self._visitor.run(self._source)
        except VisitError as error:
            self._error = str(error)[:60]
        except Exception as error:
            self._error = f"the connection is closed ({type(error).__name__})"


def _words(steps: list[dict]) -> str:
    last = json.dumps(steps[-1], ensure_ascii=False)
    known = (
        "ended from outside",
        "process that ran the program disappeared",
        "stopped on line",
        "too long",
        "no picture",
    )
    return next((one for one in known if one in last), steps[-1]["headline"])[:48]


def _await_state(server: Server, state: str) -> None:
    if state == "starting":
        assert until(lambda: victim(server.pid, "zygote")), "no zygote"
    if state in ("recording", "streaming"):
        assert until(lambda: (one := victim(server.pid, "program")) and one.cpu_s > 0.3), "no program runs"
    if state == "laying out":
        before = victim(server.pid, "layout")
        used_s = before.cpu_s if before else 0.0
        until(lambda: (one := victim(server.pid, "layout")) and one.cpu_s > used_s + 0.05, 5)


def _kill(server: Server, kind: str) -> None:
    kinds = ("standby", "zygote") if kind == "zygote and standby" else (kind,)
    for one in kinds:
        found = None if one == "server" else victim(server.pid, one)
        if one == "server" or found:
            os.kill(found.pid if found else server.pid, signal.SIGKILL)


def _again(server: Server, since: float) -> float:
    """Seconds until somebody else's honest program has been run."""
    deadline = since + 60
    while time.monotonic() < deadline:
        try:
            with visit(server.url) as other:
                other.open()
                other.run(f"{HONEST}# {time.monotonic()}\n")
                if "tensor([4., 6.])" in other._payload["stdout"]:
                    return time.monotonic() - since
        except VisitError:
            continue
    return 60.0


def _after_the_server(state: str, there: list[int], visit_: _Visit) -> Row:
    is_clean = until(lambda: not set(there) & set(processes()), 5)
    seen, _ = visit_.ending()
    started = time.monotonic()
    with serve(environment=CLASSROOM) as server, visit(server.url) as visitor:
        visitor.open()
        seconds = time.monotonic() - started
    seen = seen if seen != "nothing" else "the connection is closed"
    return Row("server", state, seen, "no process left" if is_clean else "processes left", seconds, is_clean)
