"""The report as scripts read it, made from hand-written traces."""

from __future__ import annotations

import json

import msgspec
import pytest

from engine.contract.trace import (
    Complex,
    Failure,
    Leaf,
    NodeRanStep,
    NodeRecord,
    Program,
    Root,
    RunEndedStep,
    RunRecord,
    Stats,
    TensorRecord,
    Trace,
    Value,
)
from engine.report import nested, readable, report


@pytest.mark.parametrize(
    ("shape", "items", "expected"),
    [
        ((), (2.5,), 2.5),
        ((3,), (1.0, "nan", "-inf"), [1.0, "nan", "-inf"]),
        ((2, 2), (1, 2, 3, 4), [[1, 2], [3, 4]]),
        ((2, 1, 2), (1, 2, 3, 4), [[[1, 2]], [[3, 4]]]),
        ((0,), (), []),
        ((2, 0), (), [[], []]),
        ((2, 0, 3), (), [[], []]),
        ((1,), (Complex(1.0, "inf"),), [{"re": 1.0, "im": "inf"}]),
    ],
)
def test_values_are_nested_as_tolist_would(shape: tuple[int, ...], items: tuple, expected: object) -> None:
    assert nested(Value(shape, "float32", items)) == expected


def trace(**fields: object) -> Trace:
    root = Root(tensor=0, node=0, value=Value((), "float32", (30.0,)))
    return Trace(
        Program(""),
        "error",
        tensors=(TensorRecord((), "float32", "cpu", name="loss"),),
        nodes=(NodeRecord("MulBackward0"), NodeRecord("AccumulateGrad")),
        runs=(RunRecord("backward", 7, (root,)), RunRecord("backward", 8)),
        steps=(NodeRanStep(0, 0, ()), NodeRanStep(0, 1, ()), RunEndedStep(0, True), RunEndedStep(1, False)),
        **fields,  # type: ignore[arg-type]
    )


def test_each_backward_has_its_root_its_nodes_in_order_and_whether_it_completed() -> None:
    assert report(trace(later_losses=((9, 0.5),)), "")["backwards"] == [
        {"line": 7, "root": "loss", "root_value": 30.0, "nodes": ["MulBackward0", "AccumulateGrad"], "completed": True},
        {"line": 8, "root": None, "root_value": None, "nodes": [], "completed": False},
        {"line": 9, "root": None, "root_value": 0.5, "nodes": [], "completed": True},
    ]


def test_an_error_names_its_node() -> None:
    error = report(trace(failure=Failure("RuntimeError", "no", 7, "backward", node=0)), "")["error"]
    assert error == {"type": "RuntimeError", "message": "no", "line": 7, "phase": "backward", "node": "MulBackward0"}


def test_a_gradient_too_large_to_list_has_its_norm() -> None:
    large = Value((200, 200), "float32", (1.0,), ((0,), (0,)), False, Stats(0.0, 1.0, 0.5, 12.5))
    (leaf,) = report(trace(leaves=(Leaf("w", 0, (200, 200), "float32", large),)), "")["leaves"]
    assert (leaf["grad"], leaf["grad_norm"], leaf["why_none"]) == (None, 12.5, None)


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [("ok", "finished"), ("error", "raised"), ("exit", "raised"), ("timeout", "stopped"), ("vanished", "stopped")],
)
def test_the_ending_tells_the_outcome(ending: str, outcome: str) -> None:
    data = report(msgspec.structs.replace(trace(), ending=ending), "out")
    assert (data["ending"], data["outcome"], data["stdout"], data["findings"]) == (ending, outcome, "out", [])
    assert json.loads(msgspec.json.encode(data)) == data


def test_the_readable_report_fits_a_terminal() -> None:
    text = readable(trace(failure=Failure("RuntimeError", "first\nsecond", 7, "backward", node=0)))
    lines = text.splitlines()
    assert lines[1:3] == ["  RuntimeError: first", "  backward, line 7, MulBackward0"]
    assert "  line 7: backward from loss = 30, 2 nodes" in lines
