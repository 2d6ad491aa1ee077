"""Recordings beside each other: variants of a program, and two graphs."""
