"""Running programs in child processes. ``Runner`` is the interface; no torch here."""

from engine.running.runner import Runner, run

__all__ = ["Runner", "run"]
