"""The golden corpus: small programs, each with what the referee must find in it.

``wrong/*.py`` say in their last lines what is expected, ``right/*.py`` say nothing and must have no finding::

    # expect: silent-wrong-gradient line=7 tensor=b|b_

The line is the one that caused it. ``|`` stands between answers that are equally good. Every expectation must be met
by a finding, and every finding must meet one; several may meet the same, as a loop repeats a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from engine.contract.trace import Limits, Program, Trace
from engine.referee.finding import Finding, Kind
from engine.referee.findings import findings
from engine.running import Runner, run

HERE = Path(__file__).parent
WRONG = tuple(sorted((HERE / "wrong").glob("*.py")))
RIGHT = tuple(sorted((HERE / "right").glob("*.py")))
# Programs whose rule, or whose recording, is not right yet; empty when all is done.
PENDING: frozenset[str] = frozenset()
LIMITS = Limits(time_s=10)

_EXPECT = re.compile(r"# expect: (?P<kinds>\S+) line=(?P<lines>[\d|]+)(?: tensor=(?P<tensors>\S+))?")


@dataclass(frozen=True)
class Expected:
    """One finding that must be there. ``tensors`` empty: any name, or none, is right."""

    kinds: frozenset[str]
    lines: frozenset[int]
    tensors: frozenset[str] = frozenset()

    def fits(self, finding: Finding) -> bool:
        """Whether ``finding`` is the expected one."""
        if finding.kind not in self.kinds or finding.line not in self.lines:
            return False
        return not self.tensors or finding.name in self.tensors

    def __str__(self) -> str:
        kinds, lines = "|".join(sorted(self.kinds)), "|".join(map(str, sorted(self.lines)))
        tensors = "|".join(sorted(self.tensors))
        return f"{kinds} line={lines}" + (f" tensor={tensors}" if tensors else "")


@dataclass(frozen=True)
class Verdict:
    """What the referee said of one program, held against what was expected."""

    name: str
    n_expected: int
    missing: tuple[Expected, ...] = ()
    unexpected: tuple[str, ...] = ()

    @property
    def is_perfect(self) -> bool:
        return not self.missing and not self.unexpected


def expectations(source: str) -> tuple[Expected, ...]:
    """What the comments of a program expect.

    Raises:
        ValueError: an ``# expect`` line that cannot be read, or names a kind that does not exist.
    """
    return tuple(_expected(line) for line in source.splitlines() if line.startswith("# expect"))


def judge(path: Path, trace: Trace) -> Verdict:
    """Hold the findings of ``trace`` against the expectations of the program at ``path``."""
    expected = expectations(trace.program.source)
    return compare(path.stem, expected, findings(trace))


def compare(name: str, expected: tuple[Expected, ...], found: Iterable[Finding]) -> Verdict:
    """What is missing and what is too much. Findings that fit the same expectation count once."""
    found = tuple(found)
    missing = tuple(one for one in expected if not any(one.fits(finding) for finding in found))
    unexpected = (finding for finding in found if not any(one.fits(finding) for one in expected))
    return Verdict(name, len(expected), missing, tuple(dict.fromkeys(map(_words, unexpected))))


def trace_of(runner: Runner, path: Path) -> Trace:
    """Run the program at ``path`` and record it."""
    return run(runner, Program(path.read_text(encoding="utf-8"), filename=path.name), LIMITS)


def _expected(line: str) -> Expected:
    match = _EXPECT.fullmatch(line.strip())
    if match is None:
        raise ValueError(f"cannot read {line!r}; write it as '# expect: KIND line=LINE tensor=NAME'")
    kinds = frozenset(match["kinds"].split("|"))
    if unknown := kinds - set(get_args(Kind)):
        raise ValueError(f"no kind of finding is called {', '.join(sorted(unknown))}: {line!r}")
    tensors = frozenset(match["tensors"].split("|")) if match["tensors"] else frozenset[str]()
    return Expected(kinds, frozenset(map(int, match["lines"].split("|"))), tensors)


def _words(finding: Finding) -> str:
    return f"{finding.kind} line={finding.line}" + (f" tensor={finding.name}" if finding.name else "")
