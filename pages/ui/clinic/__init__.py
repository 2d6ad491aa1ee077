"""The error clinic."""
