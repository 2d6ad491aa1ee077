"""``python -m tests.abuse [FOLDER or FILES]``: the table of the battery; exit status 1 when something got out."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.abuse.battery import Row, run_battery
from tests.abuse.program import Hostile, programs, read


def main(arguments: list[str]) -> int:
    """Run them and print one line for each."""
    started = time.monotonic()
    chosen = _chosen([Path(argument) for argument in arguments])
    print(f"{'program':36} {'expected':34} {'got':10} {'time':>6}")
    complaints = run_battery(chosen, _tell)
    print(f"\n{len(chosen)} programs in {time.monotonic() - started:.0f} s, {len(complaints)} complaints")
    for complaint in complaints:
        print(f"  {complaint}")
    return 1 if complaints else 0


def _chosen(paths: list[Path]) -> list[Hostile]:
    if not paths:
        return programs()
    return [one for path in paths for one in (programs(path) if path.is_dir() else [read(path)])]


def _tell(row: Row) -> None:
    mark = "" if not row.complaints else "  <- " + "; ".join(row.complaints)
    expected = "|".join(row.program.endings)
    print(f"{row.program.name:36} {expected:34} {row.got:10} {row.seconds:5.1f}s{mark}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
