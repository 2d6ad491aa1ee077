"""Keeping the recorder's own modules out of the program's sight."""

from __future__ import annotations

import sys

from engine.installation import PACKAGE


def step_aside() -> None:
    """Forget our modules, so that a program's own ``import engine`` finds its own; those loaded go on working."""
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
