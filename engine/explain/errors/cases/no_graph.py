"""Backward from a tensor without a graph: one message of PyTorch's, many reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.contract.trace import Cut, Failure, Trace
from engine.explain.errors.explanation import Explanation, said
from engine.reading import clues
from engine.reading.cuts import CutPlace, cut_before, number_taken
from engine.reading.index import index_of, made_from
from engine.reading.naming import called
from engine.text.language import N_

_CUTS: dict[Cut, tuple[str, str]] = {
    "detach": (
        N_("`{root}` has no graph: `detach()` on line {line} took `{tensor}` out of it."),
        N_("Leave `detach()` out on the way to the loss; use it only for what is looked at or stored."),
    ),
    "data": (
        N_("`{root}` has no graph: `.data` on line {line} took `{tensor}` out of it."),
        N_("Leave `.data` out on the way to the loss."),
    ),
    "no_grad": (
        N_(
            "`{root}` has no graph: line {line} ran with recording switched off (`torch.no_grad()` or the "
            "like), so what was calculated from `{tensor}` was not recorded."
        ),
        N_("Calculate the loss outside the block."),
    ),
    "item": (
        N_(
            "`{root}` has no graph: `item()` on line {line} took a plain number out of `{tensor}`, and a "
            "number has no history."
        ),
        N_("Calculate the loss with the tensor itself; use `item()` only for printing and collecting."),
    ),
    "tolist": (
        N_(
            "`{root}` has no graph: `tolist()` on line {line} took plain numbers out of `{tensor}`, and "
            "numbers have no history."
        ),
        N_("Calculate the loss with the tensor itself."),
    ),
    "numpy": (
        N_("`{root}` has no graph: `numpy()` on line {line} took `{tensor}` to NumPy, which records nothing."),
        N_("Do the calculation with torch functions; go to NumPy only for plots and the like."),
    ),
    "new_tensor": (
        N_(
            "`{root}` has no graph: `torch.tensor(...)` on line {line} made a new leaf out of `{tensor}`, "
            "without its history."
        ),
        N_("Use the tensor itself. To put several tensors together, use `torch.stack` or `torch.cat`."),
    ),
    "not_differentiable": (
        N_(
            "`{root}` has no graph: the operation on line {line} has no derivative (argmax, a comparison, "
            "rounding to integers), so nothing leads back to `{tensor}`."
        ),
        N_(
            "Use a smooth function in the loss, such as softmax or cross entropy, and this one only to look at "
            "the result."
        ),
    ),
}


@dataclass(frozen=True)
class NoGraph:
    """Why a tensor has no graph, the line that is to blame, and the tensor whose graph was left there."""

    explanation: Explanation
    line: int | None
    place: CutPlace | None = None


def explain(trace: Trace, failure: Failure, _match: re.Match[str]) -> Explanation:
    """Why the failed backward found no graph."""
    return found(trace, failure).explanation


def found(trace: Trace, failure: Failure) -> NoGraph:
    """Where the failed backward's graph was cut, or that nothing requires grad."""
    root = clues.failing_root(trace)
    number = root.tensor if root is not None else None
    name = called(trace, number) if number is not None else "…"
    index = index_of(trace)
    frozen = index.frozen
    switched_off = frozen.keys() & (made_from(trace, number) if number is not None else set())
    place = cut_before(trace, number) if number is not None else None
    if switched_off and place is None:
        return _frozen(trace, name, min(switched_off), frozen)
    if not index.tracked:
        return NoGraph(_nothing(name), failure.line)
    place = place or number_taken(trace, failure.line)
    return NoGraph(_unrelated(name), failure.line) if place is None else NoGraph(_cut(place, name), place.line, place)


def _frozen(trace: Trace, root: str, tensor: int, frozen: dict[int, int | None]) -> NoGraph:
    explanation = said(
        N_(
            "Backward was started from `{root}`, but what it was calculated from is frozen: line {line} switched "
            "`requires_grad` off for `{tensor}`, and nothing else on the way requires grad."
        ),
        N_("Freeze only the part that shall not learn, and let at least one tensor on the way require grad."),
        root=root,
        line=frozen[tensor] or "?",
        tensor=called(trace, tensor),
    )
    return NoGraph(explanation, frozen[tensor])


def _nothing(root: str) -> Explanation:
    return said(
        N_("Backward was started from `{root}`, but no tensor of this program requires grad, so nothing was recorded."),
        N_(
            "Say which tensors gradients are wanted for: `torch.tensor(..., requires_grad=True)`, or "
            "`.requires_grad_()` before the calculation."
        ),
        root=root,
    )


def _unrelated(root: str) -> Explanation:
    return said(
        N_(
            "Backward was started from `{root}`, which does not depend on any tensor that requires grad: "
            "nothing leads back from it."
        ),
        N_(
            "Check that the loss is calculated from the tensors that require grad, and that they required it "
            "already at that time."
        ),
        root=root,
    )


def _cut(place: CutPlace, root: str) -> Explanation:
    meaning, cure = _CUTS[place.cut]
    return said(meaning, cure, root=root, line=place.line or "?", tensor=place.name)
