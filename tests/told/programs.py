"""The programs whose telling is written down, recorded, and where it lies."""

from __future__ import annotations

from pathlib import Path

from engine.contract.trace import Limits, Program, Trace
from engine.running import Runner, run
from tests.referee.corpus import WRONG
from tests.told.telling import ROOT, judged

HERE = Path(__file__).parent
JUDGED = HERE / "wrong.txt"


def lesson_file(name: str) -> Path:
    return HERE / f"{name}.txt"


def recorded_lesson(one: Runner, name: str) -> Trace:
    return recorded(one, ROOT / "engine" / "lessons" / name[0] / f"{name}.py")


def recorded(one: Runner, path: Path) -> Trace:
    return run(one, Program(path.read_text(encoding="utf-8"), filename=path.name, seed=0), Limits(time_s=30))


def all_judged(one: Runner) -> str:
    """What is told of every wrong program of the corpus, one after the other."""
    return "".join(f"== {path.stem}\n{judged(recorded(one, path))}" for path in WRONG)
