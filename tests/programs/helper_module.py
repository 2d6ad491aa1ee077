"""Imported by helper_import.py: torch calls outside the program's own file."""


def loss(w):
    return (w * w * 3).sum()
