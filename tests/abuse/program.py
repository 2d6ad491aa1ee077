"""A hostile program and what its header says must happen to it.

# title: what it tries
# expect: denied|error          the endings allowed
# message: words found in "Type: message"; "|" between alternatives
# stdout: text it must have printed
# time: seconds it may run, where the battery's are too few
x = 1   # <- line to report     the line that the failure must name
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from engine.contract.trace import Trace

FOLDER = Path(__file__).parent / "programs"
MARK = "# <- line to report"


@dataclass(frozen=True)
class Hostile:
    name: str
    source: str
    title: str
    endings: tuple[str, ...]
    message: str = ""
    stdout: str = ""
    time_s: float | None = None

    @property
    def line(self) -> int | None:
        """The line that must be named; None: any."""
        return next((n for n, text in enumerate(self.source.splitlines(), 1) if MARK in text), None)

    def complaints(self, trace: Trace) -> list[str]:
        """What is not as the header says."""
        failure = trace.failure
        said = f"{failure.type}: {failure.message}" if failure is not None else ""
        wrong = []
        if trace.ending not in self.endings:
            wrong.append(f"ended {trace.ending}, {said[:120]!r} {trace.stderr[-200:]!r}")
        if "ESCAPED" in trace.stdout:
            wrong.append(f"escaped: {trace.stdout[:200]}")
        if not any(words in said for words in self.message.split("|")):
            wrong.append(f"said {said[:120]!r}")
        if self.stdout not in trace.stdout:
            wrong.append(f"printed {trace.stdout[:120]!r}")
        if self.line is not None and (failure is None or failure.line != self.line):
            wrong.append(f"line {failure.line if failure else None}, not {self.line}")
        return wrong


def read(path: Path) -> Hostile:
    """A program with its header. Raises KeyError for one without."""
    source = path.read_text(encoding="utf-8")
    header = dict(re.findall(r"^# (title|expect|message|stdout|time): (.*)$", source, re.MULTILINE))
    time_s = float(header["time"]) if "time" in header else None
    return Hostile(
        path.stem,
        source,
        header["title"],
        tuple(header["expect"].split("|")),
        header.get("message", ""),
        header.get("stdout", ""),
        time_s,
    )


def programs(folder: Path = FOLDER) -> list[Hostile]:
    """All of them, by name."""
    return [read(path) for path in sorted(folder.glob("*.py"))]
