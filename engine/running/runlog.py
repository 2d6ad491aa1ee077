"""One line of JSON for each run: who waited how long and how it ended, never what the program says.

Lines go to the logger ``backstep.runs``. A program's text is known by a digest; it is logged itself only
when BACKSTEP_LOG_CODE is 1, and what it printed never is.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterable, Iterator

from engine.contract.events import Event, Finished
from engine.contract.trace import Program

LOGGER = logging.getLogger("backstep.runs")
WITH_CODE = "BACKSTEP_LOG_CODE"


class RunLog:
    """What is noted of one run on its way."""

    def __init__(self, program: Program, run_id: str, visitor: str) -> None:
        self._program, self._run_id, self._visitor = program, run_id, visitor
        self._asked = time.monotonic()
        self._begun: float | None = None
        self._last = Finished(ending="cancelled")

    def begin(self) -> None:
        """It has got a place."""
        self._begun = time.monotonic()

    def passing(self, events: Iterable[Event]) -> Iterator[Event]:
        """``events``, looked at for the last one."""
        for event in events:
            if isinstance(event, Finished):
                self._last = event
            yield event

    def end(self) -> None:
        """Write the line."""
        if LOGGER.isEnabledFor(logging.INFO):
            LOGGER.info("%s", json.dumps(self._entry()))

    def _entry(self) -> dict[str, object]:
        now, begun = time.monotonic(), self._begun
        source = self._program.source.encode("utf-8", "backslashreplace")
        failure = self._last.failure
        entry: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "run": self._run_id,
            "visitor": hashlib.sha256(self._visitor.encode()).hexdigest()[:8],
            "program": hashlib.sha256(source).hexdigest()[:12],
            "bytes": len(source),
            "waited_s": round((begun or now) - self._asked, 3),
            "ran_s": round(now - begun, 3) if begun is not None else None,
            "ending": self._last.ending,
            "line": failure.line if failure is not None else None,
        }
        if os.environ.get(WITH_CODE) == "1":
            entry["code"] = self._program.source
        return entry
