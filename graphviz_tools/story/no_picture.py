"""Why there is nothing to draw, and what to do about it."""

from __future__ import annotations

import ast

from engine.contract.trace import Trace
from engine.program.source import source_of
from engine.text.language import Translate


def why_no_picture(trace: Trace, _: Translate) -> str:
    """Two short sentences for a trace without any autograd node."""
    reason, cure = _reason(trace, _)
    return f"{reason} {cure}" if cure else reason


def _reason(trace: Trace, _: Translate) -> tuple[str, str]:
    if trace.ending == "syntax" or (trace.failure is not None and trace.failure.phase == "compile"):
        return _syntax(trace, _)
    if source_of(trace.program.source).is_blank:
        return _("The program is empty."), _("Write some PyTorch code, or choose a lesson, and run it.")
    if trace.ending != "ok" and not trace.calls:
        return (
            _("The program ended before it made any tensor, so there is no graph."),
            _("See the message beside the code."),
        )
    if not trace.calls and not _imports_torch(trace.program.source):
        return (
            _(
                "This program calculates without PyTorch. Its numbers do not remember where they came from, so there "
                "is no graph, and there are no steps to go through."
            ),
            _(
                "What it prints stands below the code. The page Training draws programs while they train, this one too "
                "if it does."
            ),
        )
    if not trace.calls:
        return (
            _("No PyTorch tensor was made, so there is no autograd graph: PyTorch records only its own operations."),
            _("Use torch.tensor(..., requires_grad=True) for the values you want gradients of."),
        )
    if not _tracked_at_the_end(trace):
        return (
            _("No tensor here requires grad, so PyTorch built no graph."),
            _("Pass requires_grad=True to the tensors you want gradients of."),
        )
    if any(not call.grad_enabled for call in trace.calls):
        return (
            _("Everything was calculated while gradients were switched off, so PyTorch built no graph."),
            _("Move the calculation out of torch.no_grad()."),
        )
    return (
        _("There are leaves that require grad, but nothing was calculated from them yet."),
        _("Calculate something with them, for example y = (x * 2).sum(), then y.backward()."),
    )


def _tracked_at_the_end(trace: Trace) -> bool:
    """Whether a tensor requires grad as it was seen last. Frozen parameters did so at first."""
    last = {state.tensor: state.requires_grad for call in trace.calls for state in (*call.seen, *call.outputs)}
    return any(last.values())


def _imports_torch(source: str) -> bool:
    found = (node for node in source_of(source).nodes if isinstance(node, (ast.Import, ast.ImportFrom)))
    names = (name for node in found for name in (getattr(node, "module", None), *(alias.name for alias in node.names)))
    return any(name is not None and name.partition(".")[0] == "torch" for name in names)


def _syntax(trace: Trace, _: Translate) -> tuple[str, str]:
    line = trace.failure.line if trace.failure is not None else None
    if line is None:
        return _("Python cannot read this program."), _("Correct it and run it again.")
    return _("Python cannot read line {line}.").format(line=line), _("Correct it and run the program again.")
