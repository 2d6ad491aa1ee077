"""The endings and their causes are one table, and the documentation shows it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from engine.contract.endings import CAUSES, table
from engine.contract.trace import Ending

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "endings.md"


def test_the_documentation_shows_the_table() -> None:
    _, _, rest = DOCUMENT.read_text(encoding="utf-8").partition("<!-- endings -->\n")
    assert rest.partition("<!-- /endings -->")[0].strip() == table()


def test_every_ending_has_a_cause() -> None:
    assert {cause.ending for cause in CAUSES.values()} == set(get_args(Ending))
