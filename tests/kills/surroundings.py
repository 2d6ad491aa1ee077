"""A server in odd surroundings: does an honest program run, and what is said where one cannot; how a server ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.e2e.serving import ROOT, STREAMLIT, Server, ServerError, serve
from tests.kills.deaths import CLASSROOM, HONEST, RECORDING
from tests.kills.processes import below, processes, until, victim
from tests.kills.row import Row
from tests.load.visitor import visit

PLACES = ("no HOME", "LANG=C", "ulimit -n 256", "full disk", "no /dev/shm", "read-only checkout", "another user")
POLICIES = ("classroom", "trusted")
LACKING = ("landlock", "seccomp", "pidfd")
END_S = 10.0


def rows() -> Iterator[Row]:
    for place in PLACES:
        for policy in POLICIES:
            yield _within(("-m", "tests.kills.within", place), place, policy)
    yield _within((), "IPv6 only", "classroom", ("--server.address", "::1"), "[::1]")
    for what in LACKING:
        yield _lacking(what)
    yield port_taken()
    for number in (signal.SIGTERM, signal.SIGINT):
        for policy in POLICIES:
            yield told_to_end(number, policy)


def _within(
    wrapper: tuple[str, ...], what: str, policy: str, more: tuple[str, ...] = (), host: str = "127.0.0.1"
) -> Row:
    try:
        with serve((*wrapper, *STREAMLIT, *more), environment={"BACKSTEP_POLICY": policy}, host=host) as server:
            server.wait_until_ready()
            started = time.monotonic()
            seen, is_right = _honest(server)
            return Row(what, policy, seen, "", time.monotonic() - started, is_right)
    except ServerError as error:
        return Row(what, policy, f"no server: {str(error).splitlines()[-1][:38]}", "", None, False)


def _honest(server: Server) -> tuple[str, bool]:
    """What an honest visitor sees of an own program, and whether that is right."""
    with visit(server.url) as visitor:
        visitor.open()
        visitor.run(HONEST)
        is_right = "tensor([4., 6.])" in visitor.text and "<svg" in visitor.text
        return ("its picture and what it prints" if is_right else visitor.text[-50:]), is_right


def _lacking(what: str) -> Row:
    """Without Landlock or seccomp own programs are refused under classroom; without pidfds they run."""
    with serve(("-m", "tests.kills.without", what, sys.executable, *STREAMLIT), environment=CLASSROOM) as server:
        server.wait_until_ready()
        with visit(server.url) as visitor:
            visitor.open()
            visitor.run(HONEST)
            ran = "tensor([4., 6.])" in visitor.text
            refused = "cannot be confined" in visitor.text
        confinement = server.health()["confinement"]
    is_right = ran if what == "pidfd" else refused and not ran and confinement != "enforced"
    return Row(f"no {what}", "classroom", "runs" if ran else "refused" if refused else "neither", "", None, is_right)


def port_taken() -> Row:
    """A second server on the same port ends, and says which port that is."""
    with serve(environment=CLASSROOM) as server:
        port = server.url.rpartition(":")[2]
        command = [sys.executable, *(part.format(port=port) for part in STREAMLIT)]
        second = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=60, env={**os.environ, **CLASSROOM}
        )
    said = next((line.strip() for line in (second.stdout + second.stderr).splitlines() if port in line), "")
    said = said[said.find("Port") :]  # behind the time
    return Row("port taken", "start", said[:50], "", None, second.returncode != 0 and "not available" in said)


def told_to_end(number: signal.Signals, policy: str) -> Row:
    """In the middle of a program: no process is left, and soon."""
    with serve(environment={"BACKSTEP_POLICY": policy}) as server:
        server.wait_until_ready()
        with visit(server.url) as visitor:
            visitor.open()
            visitor.press(RECORDING)
            assert until(lambda: victim(server.pid, "program")), "no program runs"
            there = [one.pid for one in below(server.pid)]
            started = time.monotonic()
            os.kill(server.pid, number)
            is_gone = until(lambda: not (set(there) | {server.pid}) & processes().keys(), END_S)
    left = len((set(there) | {server.pid}) & processes().keys())
    return Row(
        number.name,
        policy,
        "no process is left" if is_gone else f"{left} processes are left",
        "",
        time.monotonic() - started,
        is_gone,
    )
