"""What lies in memory, moment by moment."""

from __future__ import annotations

import msgspec
import pytest

from engine.contract.trace import (
    Argument,
    CalledStep,
    CallRecord,
    InPlace,
    Overwrite,
    StorageRecord,
    TensorRecord,
    TensorState,
    Trace,
)
from engine.variants.memory import MOST_CELLS, Box, Memory, Tag, memories, memory
from tests.graphviz_tools.traces import leaf_call, mutated, trace, value

A, B, LOSS, ALIAS = 0, 1, 3, 4  # tensors of the traces
MADE, CUT, WRITTEN, STARTED, MEAN_RAN = 2, 5, 6, 7, 8  # steps


def box_of_b(cut: str, step: int) -> Box:
    found = memory(mutated(cut), step).box(B)
    assert found is not None
    return found


@pytest.mark.parametrize("cut", ["detach", "data"])
def test_the_alias_points_into_the_same_storage_and_a_write_shows_in_it(cut):
    before, after = box_of_b(cut, CUT), box_of_b(cut, WRITTEN)
    assert [tag.tensor for tag in before.tags] == [B, ALIAS]
    assert (before.cells, before.is_written) == ((9.0, 2.0, 2.0), False)
    assert (after.cells, after.is_written) == ((0.0, 0.0, 0.0), True)
    assert not box_of_b(cut, STARTED).is_written
    assert memory(mutated(cut), WRITTEN).box(A) == Box(0, 3, (7.0, 0.0, 0.0), None, False, (Tag(A, 0),), ())


def test_detach_moves_the_counter_of_b_and_data_does_not():
    assert box_of_b("detach", WRITTEN).tags == (Tag(B, 1, True), Tag(ALIAS, 1, True))
    assert box_of_b("data", WRITTEN).tags == (Tag(B, 0), Tag(ALIAS, 1, True))
    assert box_of_b("data", STARTED).tags == (Tag(B, 0), Tag(ALIAS, 1))


@pytest.mark.parametrize(("cut", "now"), [("detach", 1), ("data", 0)])
def test_what_was_saved_is_compared_with_what_is_there(cut, now):
    (before,), (after,) = box_of_b(cut, CUT).saved, box_of_b(cut, WRITTEN).saved
    assert (before.node, before.roles, before.tensor) == (2, ("other", "self"), B)
    assert (before.version, before.now, before.is_same, before.state) == (0, 0, True, "kept")
    assert before.value == value(9, 2, 2)
    assert (after.version, after.now, after.is_same) == (0, now, False)
    assert after.value == value(9, 2, 2)


def test_the_saved_tensor_is_taken_out_given_back_or_refused():
    def states(cut: str) -> list[str]:
        found = [memory(mutated(cut), step).box(B) for step in range(MEAN_RAN, len(mutated(cut).steps) + 1)]
        return [box.saved[0].state for box in found if box is not None]

    assert states("data") == ["kept", "running", "freed", "freed", "freed", "freed"]
    assert states("detach") == ["kept", "failed", "failed"]


def test_nothing_is_there_before_the_first_line_and_steps_outside_are_refused():
    assert memory(mutated(), 0).boxes == ()
    assert [box.storage for box in memory(mutated(), MADE).boxes] == [0, 1]
    for step in (-1, 11):
        with pytest.raises(IndexError):
            memory(mutated(), step)


def silent(*rows: Overwrite) -> Trace:
    """b, saved; b.detach().numpy(); then memory is written behind PyTorch's back."""
    whole = mutated("data")
    array = CallRecord("numpy", "torch.Tensor.numpy", 5, (Argument(tensor=ALIAS),), cut="numpy")
    return msgspec.structs.replace(whole, calls=(*whole.calls[:5], array), steps=whole.steps[:6], overwrites=rows)


def test_a_numpy_array_has_no_counter_and_its_write_is_a_moment_of_its_own():
    found = memories(silent(Overwrite(2, "self", 6, 5, "memory", value=value(0, 0, 0))))
    before, after = found[-2].box(B), found[-1].box(B)
    assert before is not None and after is not None
    assert [one.beat.step for one in found[-2:]] == [6, 6]
    assert before.tags == (Tag(B, 0), Tag(ALIAS, 0), Tag(None, None))
    assert (before.cells, before.saved[0].is_same) == ((9.0, 2.0, 2.0), True)
    assert (after.cells, after.is_written) == ((0.0, 0.0, 0.0), True)
    assert [(saved.roles, saved.is_same) for saved in after.saved] == [(("other", "self"), False)]
    assert after.tags == before.tags


def test_bytes_that_were_put_back_are_as_saved_again():
    rows = (
        Overwrite(2, "self", 6, 5, "memory", value=value(0, 0, 0)),
        Overwrite(2, "self", 6, 6, "memory", is_restored=True),
    )
    *_, changed, restored = memories(silent(*rows))
    assert [one.box(B).saved[0].is_same for one in (changed, restored)] == [False, True]  # type: ignore[union-attr]
    assert restored.box(B).cells == (9.0, 2.0, 2.0)  # type: ignore[union-attr]


def views() -> Trace:
    """m of shape (2, 3); its second column; the column set to zero; the name m given to another tensor."""
    whole, zeros, other = value(1, 2, 3, 4, 5, 6, shape=(2, 3)), value(0, 0), value(7)
    column = TensorRecord((2,), "float32", "cpu", "column", storage=0, storage_offset=1, strides=(3,), base=0, call=1)
    fill = CallRecord(
        "zero_",
        "torch.Tensor.zero_",
        3,
        (Argument(tensor=1),),
        (TensorState(1, 1, value=zeros),),
        in_place=(InPlace(1, 0, 1),),
    )
    return trace(
        "",
        storages=(StorageRecord(24, "cpu"), StorageRecord(4, "cpu")),
        tensors=(
            TensorRecord((2, 3), "float32", "cpu", "m", storage=0, strides=(3, 1), call=0, line=1),
            column,
            TensorRecord((1,), "float32", "cpu", "m", storage=1, strides=(1,), call=3, line=4),
        ),
        calls=(
            leaf_call(0, whole, 1),
            CallRecord(
                "select", "torch.Tensor.select", 2, (Argument(tensor=0),), (TensorState(1, 0, value=value(2, 5)),)
            ),
            fill,
            leaf_call(2, other, 4),
        ),
        steps=tuple(CalledStep(i) for i in range(4)),
    )


def test_a_write_through_a_view_changes_its_elements_alone_and_every_counter():
    box = memory(views(), 3).box(0)
    assert box is not None
    assert (box.cells, box.n_columns, box.is_written) == ((1.0, 0.0, 3.0, 4.0, 0.0, 6.0), 3, True)
    assert [(tag.tensor, tag.version, tag.has_moved) for tag in box.tags] == [(0, 1, True), (1, 1, True)]


def test_a_name_given_to_another_tensor_is_told_of_the_first():
    def renamed(one: Memory) -> list[int | None]:
        return [tag.renamed_by for box in one.boxes for tag in box.tags if tag.tensor != 1]

    assert renamed(memory(views(), 3)) == [None]
    assert renamed(memory(views(), 4)) == [2, None]


def test_a_large_storage_is_shown_by_its_value():
    n = MOST_CELLS + 1
    big = value(*range(n))
    record = TensorRecord((n,), "float32", "cpu", "x", storage=0, strides=(1,), call=0)
    found = trace(
        "",
        storages=(StorageRecord(4 * n, "cpu"),),
        tensors=(record,),
        calls=(leaf_call(0, big, 1),),
        steps=(CalledStep(0),),
    )
    assert memory(found, 1).boxes == (Box(0, 1, (), big, False, (Tag(0, 0),), ()),)
