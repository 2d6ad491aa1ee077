"""Some rows of ``python -m tests.kills``: a port that is taken, and a server told to end in the middle of a program."""

from __future__ import annotations

import signal
import sys

import pytest

from tests.kills.surroundings import port_taken, told_to_end

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]


def test_a_second_server_on_a_port_says_so_and_ends() -> None:
    row = port_taken()
    assert row.holds, row


@pytest.mark.parametrize(("number", "policy"), [(signal.SIGTERM, "classroom"), (signal.SIGINT, "trusted")])
def test_a_server_told_to_end_leaves_no_process(number: signal.Signals, policy: str) -> None:
    row = told_to_end(number, policy)
    assert row.holds, row
