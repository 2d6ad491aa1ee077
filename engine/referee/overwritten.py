from __future__ import annotations

from engine.referee.finding import Finding
from engine.trace import Trace


def findings(trace: Trace) -> tuple[Finding, ...]:
    return ()
