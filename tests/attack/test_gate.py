"""The table of who is answered, as a test."""

from __future__ import annotations

import pytest

from tests.attack import gate

pytestmark = pytest.mark.slow


def test_every_row_holds() -> None:
    assert [row for row in gate.rows() if not row.holds] == []
