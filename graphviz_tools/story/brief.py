"""Very long recordings: what a reader comes to first is told in full, the steps between in a line each.

Telling a step in full takes a tenth of a millisecond and a kilobyte. Without a bound a loop that was stopped late
would be minutes on its way to the picture.
"""

from __future__ import annotations

from engine.contract.trace import CalledStep, NodeRanStep, Step
from graphviz_tools.graph.labels import elided
from graphviz_tools.payload import ShownStep, TextBlock
from graphviz_tools.story.context import Stage
from graphviz_tools.story.step_context import Told

MOST_FULL = 2_000  # steps up to which all are told in full
WINDOW = 600  # of a longer recording: so many at each end, and around where it opens


def told_in_full(stage: Stage, opens_at: int) -> frozenset[int] | None:
    """The steps that are told in full; None: all of them."""
    n = len(stage.trace.steps)
    if n <= MOST_FULL:
        return None
    findings = (finding.step for finding in stage.findings if finding.step is not None)
    around = range(opens_at - WINDOW // 2, opens_at + WINDOW // 2)
    return frozenset((*range(WINDOW), *around, *range(n - WINDOW, n + 1), *findings))


def brief_step(stage: Stage, step: Step, told: Told) -> ShownStep | None:
    """A call or a node in one line; None for what is rare or has no shorter word."""
    _ = stage._
    note = TextBlock(_("Told in brief: this recording is very long."), "note")
    match step:
        case CalledStep(call=number):
            call = stage.trace.calls[number]
            made = (stage.vertex_of_node.get(node) for node in reversed(call.nodes))
            return told.step(f"{elided(call.name)}(…)", next(made, None), note)
        case NodeRanStep(node=node):
            headline = _("{node} runs").format(node=stage.trace.nodes[node].name)
            return told.step(headline, stage.vertex_of_node.get(node), note)
        case _:
            return None
