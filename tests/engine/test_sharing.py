"""Who shares a version counter, and who shares bytes."""

from __future__ import annotations

from engine.contract.trace import TensorRecord
from engine.reading.shared_memory import overlap, same_storage, version_counters


def tensor(**more) -> TensorRecord:
    more.setdefault("shape", (4,))
    more.setdefault("strides", (1,))
    return TensorRecord(dtype="float32", device="cpu", storage=more.pop("storage", 0), **more)


def test_a_view_and_detach_share_the_counter_and_data_does_not() -> None:
    tensors = [tensor(), tensor(base=0), tensor(cut_from=0, cut="detach"), tensor(cut_from=0, cut="data")]
    assert version_counters(tensors) == {0: (0, 1, 2), 1: (0, 1, 2), 2: (0, 1, 2)}


def test_a_view_of_a_detached_tensor_shares_it_too() -> None:
    tensors = [tensor(), tensor(cut_from=0, cut="detach"), tensor(base=1)]
    assert version_counters(tensors)[2] == (0, 1, 2)


def test_storages_of_one_tensor_are_left_out() -> None:
    assert same_storage([tensor(), tensor(storage=1), tensor(), tensor(storage=None)]) == {0: (0, 2)}


def test_halves_of_one_storage_do_not_overlap() -> None:
    first, second = tensor(shape=(2,)), tensor(shape=(2,), storage_offset=2)
    assert not overlap(first, second)
    assert overlap(tensor(), second)
    assert not overlap(tensor(), tensor(storage=1))


def test_an_empty_tensor_overlaps_nothing() -> None:
    assert not overlap(tensor(shape=(0,)), tensor())
