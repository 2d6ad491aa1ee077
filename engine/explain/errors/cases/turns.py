"""Runs whose turn was taken from them: what took it, and what to do."""

from __future__ import annotations

from engine.contract.trace import Cause, Failure
from engine.explain.errors.explanation import Explanation, said
from engine.text.language import N_

WORDS: dict[Cause, tuple[str, str]] = {
    "replaced": (
        N_("Another run of this browser took this one's place in the queue, so it did not begin."),
        N_("A browser has one running and one waiting program, over all its tabs. Run it again when they have ended."),
    ),
    "full": (
        N_("The server is full of long programs, so this one was stopped. Everything up to that moment is shown."),
        N_("Run it again later, or make it shorter: a picture of the first few rounds shows the same."),
    ),
    "held": (
        N_("It was paused for too long, so it was stopped. Everything up to that moment is shown."),
        N_("Start it again; a pause may last a quarter of an hour."),
    ),
}


def explain(failure: Failure | None) -> Explanation | None:
    """None for a run that was stopped on request."""
    words = WORDS.get(failure.cause) if failure is not None and failure.cause is not None else None
    return None if words is None else said(*words)
