"""Real PyTorch programs run in processes of their own, recorded, judged and explained.

What others may use is named here; the rest is private by its folder. Nothing is imported, and no torch, before it is
asked for:

>>> from engine import Program, Runner, findings, run
>>> with Runner() as runner:
...     trace = run(runner, Program("import torch\\nw = torch.ones(1, requires_grad=True)\\nprint(w.grad)\\n"))
>>> [(finding.kind, finding.line) for finding in findings(trace)]
[]

- ``Program``, ``Limits``, ``Trace``: what is run, within which bounds, and what came of it
- ``Runner``, ``run``: one program to its trace
- ``trace_to_json``, ``trace_from_json``: a trace as text, see docs/trace-format.md
- ``snapshot``: the state of every node and tensor at a step
- ``Finding``, ``findings``: what is wrong with the gradients, with the line that did it
- ``GradientRow``, ``gradient_rows``: every gradient of a run
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.contract.codec import trace_from_json, trace_to_json
    from engine.contract.trace import Limits, Program, Trace
    from engine.gradients.table import GradientRow, gradient_rows
    from engine.reading.replay import snapshot
    from engine.referee.finding import Finding
    from engine.referee.findings import findings
    from engine.running import Runner, run

__all__ = [
    "Finding",
    "GradientRow",
    "Limits",
    "Program",
    "Runner",
    "Trace",
    "findings",
    "gradient_rows",
    "run",
    "snapshot",
    "trace_from_json",
    "trace_to_json",
]
_ROOMS = {
    "contract.codec": ("trace_from_json", "trace_to_json"),
    "contract.trace": ("Limits", "Program", "Trace"),
    "gradients.table": ("GradientRow", "gradient_rows"),
    "reading.replay": ("snapshot",),
    "referee.finding": ("Finding",),
    "referee.findings": ("findings",),
    "running": ("Runner", "run"),
}


def __getattr__(name: str) -> object:
    for room, names in _ROOMS.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{room}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
