"""All findings of a run, in the order of the lines that caused them. A right program has none."""

from __future__ import annotations

from collections.abc import Callable

from engine.contract.trace import Trace
from engine.reading.index import index_of
from engine.referee.finding import Finding
from engine.referee.rules import (
    accumulated,
    errors,
    nonfinite,
    not_reached,
    rebound,
    retained,
    silently_wrong,
    stepping,
)
from engine.text.language import N_

RULES: tuple[Callable[[Trace], tuple[Finding, ...]], ...] = (
    silently_wrong.findings,
    errors.findings,
    not_reached.findings,
    accumulated.findings,
    rebound.findings,
    stepping.findings,
    retained.findings,
    nonfinite.findings,
)


WORN_OUT = N_("This recording is so long that not every fault was looked for.")  # where index.is_worn_out


def findings(trace: Trace) -> tuple[Finding, ...]:
    """What is wrong with the gradients of this run."""
    index = index_of(trace)  # held, so that all rules look things up in the same one
    found = [finding for rule in RULES for finding in rule(index.trace)]
    return tuple(sorted(found, key=lambda finding: (finding.line or 0, finding.kind)))
