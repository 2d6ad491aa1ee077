"""The cheap rows of the attack's table on turns."""

from __future__ import annotations

import sys

import pytest

from tests.attack import turns
from tests.e2e.serving import serve

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs confined programs"),
]


def test_bursts_leave_one_run_what_is_left_behind_ends_and_paused_trainings_keep_nobody_waiting() -> None:
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        seen = [row(server) for row in (turns.burst, turns.left_behind, turns.trainings)]
    assert [row.what for row in seen if not row.holds] == [], seen
