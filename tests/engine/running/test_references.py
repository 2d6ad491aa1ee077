"""Rows that point at nothing never reach those who read a trace."""

from __future__ import annotations

import math

import msgspec
import pytest

from engine.contract.codec import CodecError
from engine.contract.events import Chunk, Finished, Started
from engine.contract.tables import tables_of_ids
from engine.contract.trace import (
    Argument,
    Bins,
    CalledStep,
    CallRecord,
    Edge,
    Environment,
    Leaf,
    NodeRecord,
    RunRecord,
    Saved,
    TensorRecord,
    Value,
)
from engine.running.checks.references import References

GOOD = Chunk(
    tensors=(TensorRecord((2,), "float32", "cpu"),),
    nodes=(NodeRecord("MulBackward0", next_functions=(Edge(None), Edge(None)), saved=(Saved("self", 0, tensor=0),)),),
    calls=(CallRecord("mul", "torch.mul", 1, inputs=(Argument(tensor=0), Argument(text="2"))),),
    runs=(RunRecord("backward", 2, nodes=(0,)),),
    steps=(CalledStep(call=0),),
)


def test_rows_that_fit_together_pass_also_across_events() -> None:
    references = References()
    references.check(Started(Environment("3", "2")))
    references.check(GOOD)
    references.check(Chunk(steps=(CalledStep(call=0),), names=((0, "x"),)))
    references.check(Finished("ok", leaves=(Leaf("w", 0, (2,), "float32", grad=Value((2,), "float32", (1.0, 2.0))),)))


@pytest.mark.parametrize(
    "bad",
    [
        Chunk(steps=(CalledStep(call=1),)),
        Chunk(steps=(CalledStep(call=-1),)),
        Chunk(names=((1, "x"),)),
        Chunk(nodes=(NodeRecord("A", next_functions=(Edge(2),)),)),
        Chunk(nodes=(NodeRecord("A", saved=(Saved("self", 0, storage=0),)),)),
        Chunk(runs=(RunRecord("backward", 1, nodes=(0, 5)),)),
        Chunk(runs=(RunRecord("grad", 1, inputs=(3,)),)),
        Finished("ok", leaves=(Leaf("w", 9, (2,), "float32"),)),
        Finished("ok", held_roots=(4,)),
        Finished("ok", leaves=(Leaf("w", 0, (2,), "float32", grad=Value((3,), "float32", (1.0, 2.0))),)),
        Finished("ok", leaves=(Leaf("w", 0, (9,), "float32", grad=Value((9,), "float32", (1.0,), ((9,),), False)),)),
    ],
)
def test_a_row_that_points_at_nothing_is_refused(bad: Chunk | Finished) -> None:
    references = References()
    references.check(GOOD)
    with pytest.raises(CodecError):
        references.check(bad)


def test_more_rows_than_a_recording_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.running.checks.references.MOST_ROWS", 3)
    references = References()
    references.check(GOOD)
    with pytest.raises(CodecError, match="more than 3 rows"):
        references.check(Chunk(steps=(CalledStep(call=0),) * 3))


@pytest.mark.parametrize(
    "bad",
    [
        Chunk(tensors=(TensorRecord((2,), "float32", "cpu", base=1),)),
        Chunk(tensors=(TensorRecord((2,), "float32", "cpu", cut_from=2), TensorRecord((), "x", "cpu", cut_from=1))),
        Chunk(tensors=(TensorRecord((2,), "float32", "cpu", grad_of=1),)),
        Chunk(nodes=(NodeRecord("A", next_functions=(Edge(1),)),)),
        Chunk(nodes=(NodeRecord("A", next_functions=(Edge(2),)), NodeRecord("A", next_functions=(Edge(0), Edge(1))))),
        Chunk(runs=(RunRecord("backward", 2, parent=1),)),
        Chunk(runs=(RunRecord("backward", 2, parent=2), RunRecord("backward", 2, parent=0))),
    ],
)
def test_rows_that_lead_into_a_circle_are_refused(bad: Chunk) -> None:
    references = References()
    references.check(GOOD)
    with pytest.raises(CodecError):
        references.check(bad)


def test_a_row_may_point_at_a_later_one_where_that_leads_to_an_end() -> None:
    References().check(Chunk(nodes=(NodeRecord("A", next_functions=(Edge(1),)), NodeRecord("B"))))


def test_runs_inside_each_other_and_what_they_reach_have_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.running.checks.references.MOST_NESTED", 2)
    runs = tuple(RunRecord("backward", 1, parent=i - 1 if i else None) for i in range(4))
    References().check(Chunk(runs=runs[:3]))
    with pytest.raises(CodecError, match="more than 2 runs inside"):
        References().check(Chunk(runs=runs))
    monkeypatch.setattr("engine.running.checks.references.MOST_REACHED", 5)
    references = References()
    references.check(Chunk(nodes=(NodeRecord("A"),) * 3, runs=(RunRecord("grad", 1, nodes=(0, 1, 2)),)))
    with pytest.raises(CodecError, match="more than 5 nodes"):
        references.check(Chunk(runs=(RunRecord("grad", 1, nodes=(0, 1, 2)),)))


VALUES = [
    Value((1,) * 65, "float32"),
    Value((99,), "float32", bins=Bins((0.0, 1.0), ())),
    Value((99,), "float32", bins=Bins((0.0, 1.0, 1.0), (1, 1))),
    Value((99,), "float32", bins=Bins((0.0, math.nan, 1.0), (1, 1))),
    Value((99,), "float32", bins=Bins(tuple(map(float, range(43))), (1,) * 42)),
    Value((99,), "float32", bins=Bins((0.0, 1.0), (-1,))),
    Value((-1,), "float32"),
    Value((2**62, 2), "float32"),
    Value((2**64,), "float32"),
    Value((0, 2**63), "float32"),
    Value((2,), "float32", kept=((0, 1),)),
    Value((10_001,), "float32", (1.0,) * 10_001),
]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_no_recording_has_is_refused(value: Value) -> None:
    with pytest.raises(CodecError):
        References().check(Finished("ok", leaves=(Leaf("w", None, (), "float32", value),)))


def test_shapes_are_those_of_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    References().check(Chunk(tensors=(TensorRecord((0, 3, 10**15), "float32", "cpu", strides=(3, 1, 1)),)))
    for bad in (
        Chunk(tensors=(TensorRecord((1,) * 65, "float32", "cpu"),)),
        Chunk(tensors=(TensorRecord((1,), "float32", "cpu", strides=(1, 1)),)),
        Chunk(nodes=(NodeRecord("A", output_shapes=((-1,),)),)),
    ):
        with pytest.raises(CodecError):
            References().check(bad)


def test_every_reference_field_of_the_trace_is_looked_at() -> None:
    """A new field of whole numbers must have an id's type, or be known to hold none."""
    numbers = {
        "call",
        "node",
        "nodes",
        "run",
        "parent",
        "tensor",
        "storage",
        "base",
        "cut_from",
        "grad_of",
        "variable",
        "through",
        "inputs",
        "failed_node",
        "held_roots",
    }
    no_ids = {
        "line",
        "size_bytes",
        "n_zeros",
        "n_nan",
        "n_inf",
        "storage_offset",
        "version",
        "output_nr",
        "version_before",
        "version_after",
        "sequence_nr",
        "input_nr",
        "step",
        "printed",
        "column",
        "limit",
        "n_threads",
        "exit_status",
        "kinks",
        "counts",
    }
    found: set[str] = set()
    kinds: set[type] = set()
    for event in (Started, Chunk, Finished):
        _collect(msgspec.inspect.type_info(event), found, kinds)
    assert numbers | {"names"} == {name for kind in kinds for name, table in tables_of_ids(kind).items() if table}
    assert found - numbers <= no_ids | {"names", "later_losses", "shape", "kept", "strides", "items", "output_shapes"}


def _collect(kind: object, found: set[str], seen: set[type]) -> None:
    if isinstance(kind, msgspec.inspect.StructType):
        if kind.cls in seen:
            return
        seen.add(kind.cls)
        for field in kind.fields:
            if _has_int(field.type):
                found.add(field.name)
            _collect(field.type, found, seen)
    for name in ("types", "item_types"):
        for one in getattr(kind, name, ()):
            _collect(one, found, seen)
    if (item := getattr(kind, "item_type", None)) is not None:
        _collect(item, found, seen)


def _has_int(kind: object) -> bool:
    if isinstance(kind, msgspec.inspect.IntType):
        return True
    parts = [*getattr(kind, "types", ()), *getattr(kind, "item_types", ()), getattr(kind, "item_type", None)]
    return any(
        _has_int(part) for part in parts if part is not None and not isinstance(part, msgspec.inspect.StructType)
    )
