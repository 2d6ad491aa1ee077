"""The browser of the tests that look at the player."""

from tests.e2e.conftest import browser

__all__ = ["browser"]
