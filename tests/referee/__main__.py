"""``python -m tests.referee [NAME ...]``: recall and false alarms over the golden corpus, or the named programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from engine.running import Runner
from tests.referee.corpus import RIGHT, WRONG, Verdict, judge, trace_of


def main(names: Sequence[str]) -> int:
    """Print what fell short and the two numbers; 0 when there is nothing to print but the numbers."""
    paths = [path for path in (*WRONG, *RIGHT) if not names or path.stem in names]
    if not paths:
        print(f"no program of the corpus is called {' or '.join(names)}")
        return 2
    with Runner() as runner:
        verdicts = [judge(path, trace_of(runner, path)) for path in paths]
    for verdict in verdicts:
        _print(verdict)
    n_expected = sum(verdict.n_expected for verdict in verdicts)
    n_found = n_expected - sum(len(verdict.missing) for verdict in verdicts)
    n_alarms = sum(bool(verdict.unexpected) for verdict in verdicts)
    share = f"{n_found / n_expected:.1%}" if n_expected else "nothing to find"
    print(f"recall        {share:>6}   {n_found} of {n_expected} findings expected in {len(paths)} programs")
    print(f"false alarms  {n_alarms:>6}   programs with a finding that was not expected")
    return 0 if all(verdict.is_perfect for verdict in verdicts) else 1


def _print(verdict: Verdict) -> None:
    for expected in verdict.missing:
        print(f"{verdict.name:44} missing     {expected}")
    for finding in verdict.unexpected:
        print(f"{verdict.name:44} unexpected  {finding}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
