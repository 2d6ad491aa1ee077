"""What is said in place of a picture that has no node to draw."""

from __future__ import annotations

from engine.contract.trace import CallRecord, TensorState, Trace
from engine.text.language import N_
from graphviz_tools.story.no_picture import why_no_picture
from tests.graphviz_tools import traces

FROZEN = "No tensor here requires grad, so PyTorch built no graph."
UNUSED = "There are leaves that require grad, but nothing was calculated from them yet."


def seen(call: str, *, before: bool, after: bool) -> CallRecord:
    """A call that met tensor 0 for the first time and left it so."""
    return CallRecord(
        name=call,
        function=f"torch.Tensor.{call}",
        line=1,
        seen=(TensorState(0, 0, requires_grad=before),),
        outputs=(TensorState(0, 0, requires_grad=after),),
    )


def without_nodes(*calls: CallRecord) -> Trace:
    return traces.trace("w.requires_grad_(False)\n", tensors=(traces.leaf("w", 0),), calls=calls)


def test_a_leaf_that_was_frozen_does_not_require_grad_any_more():
    frozen = without_nodes(seen("requires_grad_", before=True, after=False))
    assert why_no_picture(frozen, N_).startswith(FROZEN)


def test_a_leaf_that_requires_grad_waits_for_a_calculation():
    assert why_no_picture(without_nodes(seen("fill_", before=True, after=True)), N_).startswith(UNUSED)
    thawed = without_nodes(seen("requires_grad_", before=False, after=True))
    assert why_no_picture(thawed, N_).startswith(UNUSED)


def test_a_program_without_pytorch_is_told_what_it_is_and_where_to_watch_it():
    numbers = traces.trace("import numpy as np\nprint(np.ones(2))\n")
    assert why_no_picture(numbers, N_).startswith("This program calculates without PyTorch.")
    assert "The page Training draws programs while they train" in why_no_picture(numbers, N_)
    idle = traces.trace("from torch import nn\n")
    assert why_no_picture(idle, N_).startswith("No PyTorch tensor was made")
