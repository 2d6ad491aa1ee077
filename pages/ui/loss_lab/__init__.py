"""The loss laboratory."""
