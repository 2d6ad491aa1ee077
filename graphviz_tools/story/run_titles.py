"""What the backward runs of a program are called where one of them is chosen."""

from __future__ import annotations

from engine.contract.packed import full_runs
from engine.contract.trace import Trace
from engine.text.language import Translate
from graphviz_tools.graph.labels import elided, tensor_text

LONGEST = 16


def run_titles(trace: Trace, _: Translate) -> dict[int, str]:
    """Run -> "Backward 1"; where different tensors are gone back from, as in a GAN, "1: loss_d"."""
    full = full_runs(trace.runs)
    roots = {number: _root(trace, number, _) for number in full}
    if len(set(roots.values()) - {None}) < 2:
        return {number: _("Backward {number}").format(number=nth) for nth, number in enumerate(full, 1)}
    return {number: f"{nth}: {roots[number] or '?'}" for nth, number in enumerate(full, 1)}


def _root(trace: Trace, number: int, _: Translate) -> str | None:
    tensor = next((root.tensor for root in trace.runs[number].roots), None)
    return None if tensor is None else elided(tensor_text(trace, tensor, _), LONGEST)
