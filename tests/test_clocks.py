"""A clock that jumps an hour moves no limit: nothing in the product asks for the time of day to decide anything."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(
    path
    for folder in ("engine", "graphviz_tools", "pages")
    for path in (ROOT / folder).rglob("*.py")
    if "lessons" not in path.parts
)
WALL = {"time", "time_ns", "now", "utcnow", "today", "localtime", "ctime"}
STAMPS = {"runlog.py": {"gmtime"}}  # the time of day in the log of runs


def wall_clocks(source: str) -> set[str]:
    """Names under which a source asks for the time of day."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id="time" | "datetime" | "date"), attr=name) if name in {*WALL, "gmtime"}:
                found.add(name)
            case ast.ImportFrom(module="time", names=names):
                found |= {one.name for one in names} & {*WALL, "gmtime"}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_log_asks_for_the_time_of_day(path: Path) -> None:
    assert wall_clocks(path.read_text(encoding="utf-8")) <= STAMPS.get(path.name, set())


@pytest.mark.parametrize(
    "source", ["import time\ntime.time()", "from time import time", "import datetime\ndatetime.now()"]
)
def test_the_time_of_day_is_noticed(source: str) -> None:
    assert wall_clocks(source)
