"""The changes that ``python -m tests.mutants`` makes are such as a test could notice, and leave a program."""

from __future__ import annotations

import ast

from tests.mutants.places import changed, places

SOURCE = '''"""Module 1."""
from dataclasses import dataclass
MOST: int = 5
@dataclass(frozen=True)
class One:
    n: int = 3
def f(a: "list[1]", ü=2):
    """Docstring 7."""
    if a < MOST and not ü:
        return min(a, ü) + 1
    return "x" + "y"
'''


def test_every_kind_of_place_is_found_and_nothing_else() -> None:
    found = [(place.old, place.new) for place in places("f.py", SOURCE)]
    assert found == [
        ("5", "6"),
        ("3", "4"),
        ("2", "3"),
        ("a < MOST", "a <= MOST"),
        ("a < MOST and not ü", "((a < MOST) or (not ü))"),
        ("not ü", "ü"),
        ("min", "max"),
        ("min(a, ü) + 1", "(min(a, ü) - 1)"),
        ("min(a, ü) + 1", "None"),
        ("1", "2"),
        ('"x" + "y"', "None"),
    ]


def test_a_changed_program_is_one_and_differs_in_one_place() -> None:
    for place in places("f.py", SOURCE):
        ast.parse(changed(SOURCE, place))
        assert changed(SOURCE, place) != SOURCE and place.line == SOURCE.encode()[: place.start].count(b"\n") + 1
