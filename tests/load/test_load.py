"""A small class on one server: nobody meets an error, hostile neighbours or not. The full size: python -m tests.load."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import ExitStack

import pytest

from tests.e2e.serving import serve
from tests.load.load import Plan, run_load
from tests.load.visitor import VisitError, visit

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(sys.platform != "linux", reason="needs confined programs")]
SMALL = Plan(n_sessions=5, rounds=2, think_s=(0.0, 0.3), n_hostile=1)


def test_a_small_class_works_beside_a_hostile_visitor() -> None:
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        seen = run_load(server, SMALL)
        health = server.health()
        log = server.output()
    assert seen.errors == []
    assert (len(seen.lessons), len(seen.runs), len(seen.pages), seen.n_hostile) == (10, 10, 20, 2)
    assert (health["policy"], health["confinement"], health["torch_in_server"]) == ("classroom", "enforced", False)
    assert health["runs"]["running"] == health["runs"]["waiting"] == 0
    assert '"ending": "ok"' in log and "requires_grad" not in log  # a line for each run, without its code


def test_a_visitor_notices_when_the_app_answers_with_an_error() -> None:
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        with visit(server.url) as visitor:
            visitor.open()
            with pytest.raises((VisitError, TypeError)):
                visitor.run(None)  # type: ignore[arg-type]


def test_who_waits_is_told_the_place_and_loops_of_others_do_not_starve_anybody() -> None:
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        n = 5 * server.health()["runs"]["places"]
        with ExitStack() as stack:
            looping = [stack.enter_context(visit(server.url)) for _ in range(n)]
            honest = stack.enter_context(visit(server.url))
            for visitor in (*looping, honest):
                visitor.open()
            loops = [threading.Thread(target=visitor.run, args=("while True: pass",)) for visitor in looping]
            for thread in loops:
                thread.start()
            deadline = time.monotonic() + 30
            while server.health()["runs"]["waiting"] < n / 4 and time.monotonic() < deadline:
                time.sleep(0.02)
            seconds = honest.run("print(6 * 7)")
            for thread in loops:
                thread.join(60)
    assert honest.place_seen and '"stdout":"42' in honest.text.replace(" ", "")
    assert seconds < 25  # the time limit of the loops, and a busy machine
    assert all("still running" in visitor.text or "full of long programs" in visitor.text for visitor in looping)
