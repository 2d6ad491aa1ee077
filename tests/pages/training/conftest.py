"""A desk whose runs a test leads by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pages.ui.training.desk import TrainingDesk
from tests.pages.training.hand import LiveHand


@pytest.fixture
def hand() -> LiveHand:
    return LiveHand()


@pytest.fixture
def desk(hand: LiveHand) -> Iterator[TrainingDesk]:
    the_desk = TrainingDesk(hand)
    yield the_desk
    the_desk.close()
