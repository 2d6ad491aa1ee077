"""``python -m tests.attack [SECTION ...]``: attacks on a running server, as a table. Exit status 1 when one succeeds.

A section is a module of this folder with ``rows() -> Iterator[Row]``; each starts the servers it needs.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

OTHERS = ("__init__", "__main__", "http", "row")


def sections() -> list[str]:
    """Their names: the modules of this folder that are no helpers."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    return [name for name in names if name not in OTHERS and not name.startswith(("_", "test_"))]


def main(asked: list[str]) -> int:
    n_wrong = 0
    for name in asked or sections():
        print(f"\n{name}", flush=True)
        for row in import_module(f"tests.attack.{name}").rows():
            n_wrong += not row.holds
            print(f"  {'ok' if row.holds else 'NO':4}{row.what:64} {row.seen:34} wanted: {row.wanted}", flush=True)
    print(f"\n{n_wrong} of the attacks succeeded" if n_wrong else "\nevery attack failed")
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
