"""Changes the code in one place at a time and sees whether a test notices: ``python -m tests.mutants [N] [--seed S]``.

Own, since what is wanted is small: a fixed sample over chosen rooms, the tests of that room, and a list of answers. mutmut
and cosmic-ray change whole modules, thousands of places, and keep a database of them.

Each change is made in a copy of the checkout, so that child processes see it too. A change that no test notices either
shows a missing test or changes nothing; ``answered.txt`` has the latter, each with its reason.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.places import Place, changed, places

ROOT = Path(__file__).resolve().parents[2]
ANSWERED = Path(__file__).with_name("answered.txt")
TIME_LIMIT_S = 240
TESTS = {  # room -> its tests, those that notice most first
    "engine/contract": (
        "tests/engine/test_codec.py",
        "tests/engine/test_assemble.py",
        "tests/engine/test_packed.py",
        "tests/engine/test_endings.py",
        "tests/engine/running/test_structure.py",
        "tests/engine/running/test_allowance.py",
        "tests/engine/running/test_references.py",
        "tests/engine/running/test_live_rows.py",
        "tests/engine/sandbox/test_parts.py",
        "tests/pages/training/test_curve.py",
        "tests/engine/recording",
        "tests/test_doctests.py",
    ),
    "engine/reading": (
        "tests/engine/test_*.py",
        "tests/engine/referee",
        "tests/engine/explain",
        "tests/graphviz_tools/test_labels.py",
        "tests/referee/test_corpus.py",
        "tests/graphviz_tools/test_payload.py",
        "tests/engine/variants",
        "tests/told",
    ),
    "engine/referee": (
        "tests/engine/referee",
        "tests/referee/test_corpus.py",
        "tests/lessons/test_findings.py",
        "tests/engine/test_report.py",
        "tests/told",
    ),
    "engine/explain": (
        "tests/engine/explain",
        "tests/engine/test_endings.py",
        "tests/test_doctests.py",
        "tests/lessons/test_part_f.py",
        "tests/engine/variants",
        "tests/told",
    ),
    "graphviz_tools/story": (
        "tests/graphviz_tools/test_*.py",
        "tests/lessons/test_steps.py",
        "tests/told",
    ),
}


def main() -> int:
    arguments = _arguments()
    sample = chosen(arguments.n, arguments.seed)
    answered = _answered()
    print(f"{len(sample)} changes in {len({place.path for place in sample})} files")
    survivors = list[Place]()
    n_answered = 0
    for place, is_noticed, took_s in _tried(sample, arguments.workers):
        if is_noticed:
            continue
        if place.name in answered:
            n_answered += 1
            continue
        survivors.append(place)
        print(f"  not noticed ({took_s:.0f} s)  {place.path}:{place.line}  {place.old!r} -> {place.new!r}", flush=True)
    n = len(sample) - n_answered
    print(f"noticed: {n - len(survivors)} of {n} ({(n - len(survivors)) / n:.0%}); answered: {n_answered}")
    return 0 if len(survivors) <= 0.1 * n else 1


def chosen(n: int, seed: int) -> list[Place]:
    """``n`` places, as many of each room; the same for the same code and seed."""
    chance, sample = random.Random(seed), list[Place]()
    for room in TESTS:
        found = [place for path in sorted((ROOT / room).rglob("*.py")) for place in _places(path)]
        sample += chance.sample(found, min(len(found), -(-n // len(TESTS))))
    return sample


def _places(path: Path) -> list[Place]:
    return places(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))


def _tried(sample: list[Place], n_workers: int) -> Iterator[tuple[Place, bool, float]]:
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(n_workers):
            copies.put(_copy(Path(folder) / str(number)))

        def tried(place: Place) -> tuple[Place, bool, float]:
            copy, started = copies.get(), time.monotonic()
            try:
                return place, _is_noticed(copy, place), time.monotonic() - started
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(n_workers) as pool:
            yield from pool.map(tried, sample)


def _copy(folder: Path) -> Path:
    names = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def _is_noticed(copy: Path, place: Place) -> bool:
    path, room = copy / place.path, next(room for room in TESTS if place.path.startswith(room))
    source = path.read_text(encoding="utf-8")
    tests = [str(found) for pattern in TESTS[room] for found in sorted(copy.glob(pattern))]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-n0",
        "-p",
        "no:cacheprovider",
        "-m",
        "not e2e and not slow",
        *tests,
    ]
    path.write_text(changed(source, place), encoding="utf-8")
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            capture_output=True,
            timeout=TIME_LIMIT_S,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(source, encoding="utf-8")
    return done.returncode != 0


def _answered() -> set[str]:
    lines = ANSWERED.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith(("#", " "))}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("n", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
