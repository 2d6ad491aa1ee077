"""``python -m tests.kills [SECTION ...]``: what is killed, and when, as a table.

Exit status 1 when a row does not hold.
"""

from __future__ import annotations

import sys
from importlib import import_module

SECTIONS = ("deaths", "runners", "surroundings")


def main(asked: list[str]) -> int:
    n_wrong = 0
    for name in asked or SECTIONS:
        print(f"\n{name:23} {'when':12} {'seen':50} {'lost':16} {'again':>6}", flush=True)
        for row in import_module(f"tests.kills.{name}").rows():
            n_wrong += not row.holds
            again = "" if row.seconds is None else f"{row.seconds:5.1f}s"
            mark = "ok" if row.holds else "NO"
            print(f"{mark:3} {row.what:19} {row.when:12} {row.seen:50} {row.lost:16} {again:>6}", flush=True)
    print(f"\n{n_wrong} rows do not hold" if n_wrong else "\nevery row holds")
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
