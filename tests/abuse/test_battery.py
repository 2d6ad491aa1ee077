"""Hostile programs through the real runner: contained, in time, nothing left, nobody disturbed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.abuse.battery import judged, limits, run_battery
from tests.abuse.leftovers import Remains, left
from tests.abuse.program import programs, read

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines programs"),
    pytest.mark.timeout(400),
]


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.slow
def test_every_hostile_program_ends_as_its_header_says(half: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSTEP_CANARY", "SECRET")
    chosen = programs()[half::2]
    assert len(chosen) > 50
    complaints = run_battery(chosen)
    again = [one for one in chosen if any(said.startswith(f"{one.name}: ") for said in complaints)]
    others = [said for said in complaints if not any(said.startswith(f"{one.name}: ") for one in again)]
    assert others == []
    assert run_battery(again) == [], complaints  # a busy machine is late once; what escapes does so again


@pytest.mark.slow
def test_the_battery_can_fail(tmp_path: Path) -> None:
    from engine.running import Runner

    harmless = "# title: prints what an escaped program would\n# expect: denied\n# message: no\nprint('ESCAPED')\n"
    (tmp_path / "a.py").write_text(harmless + "x = 1   # <- line to report\n")
    with Runner(policy="classroom") as runner:
        runner.guarantee()  # torch is imported by then
        (complaints,) = [judged(runner, one).complaints for one in programs(tmp_path)]
    assert complaints == ["ended ok, '' ''", "escaped: ESCAPED\n", "said ''", "line None, not 5"]


def test_what_is_left_behind_is_found() -> None:
    before = Remains(frozenset({1}), 10, frozenset(), frozenset({"/tmp/a"}))
    after = Remains(frozenset({1, 2}), 12, frozenset({"shm 5"}), frozenset({"/tmp/a", "/tmp/b"}))
    assert left(before, after) == ["process 2", "2 descriptors", "shm 5", "/tmp/b"]
    assert left(after, after) == []


@pytest.mark.slow
def test_a_trusted_runner_lets_the_same_programs_through(tmp_path: Path) -> None:
    """So that the battery shows what the confinement does, not what the programs cannot do anyway."""
    from engine.contract.trace import Program
    from engine.running import Runner, run

    passwd = next(one for one in programs() if one.name.startswith("f01"))
    with Runner() as runner:
        assert "ESCAPED" in run(runner, Program(passwd.source), limits()).stdout
    assert read(Path(__file__).parent / "programs" / "f01_read_passwd.py").endings == ("denied",)
