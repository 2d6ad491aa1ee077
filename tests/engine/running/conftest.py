"""One runner for the tests of a file that do not harm it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.running import Runner


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner(n_slots=4) as one:
        yield one
