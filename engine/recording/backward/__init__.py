"""Backward runs while they are recorded."""
