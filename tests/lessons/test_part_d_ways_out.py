"""Part D: devices, NumPy, plain numbers, and the order of elements in a storage."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from engine.explain.errors.explain_error import explain
from tests.lessons.running import found, grad, nodes_run, ran, recorded_grads, traced

PUT_BACK = [[0, 2, 4], [1, 3, 5]]  # the weights 0 to 5, put back where the elements came from


@pytest.mark.parametrize(
    ("slug", "line", "message"),
    [
        ("d6-numpy-error", 10, "Can't call numpy() on Tensor that requires grad"),
        ("d7-item-error", 8, "a Tensor with 3 elements cannot be converted to Scalar"),
        ("d8-view-error", 9, "view size is not compatible with input tensor's size and stride"),
    ],
)
def test_a_program_that_raises_does_so_in_forward_at_its_line_and_is_explained(slug, line, message):
    assert message in ran(slug).error
    trace = traced(slug)
    assert (trace.failure.line, trace.failure.phase) == (line, "forward")
    assert explain(trace).cure


def test_d6_runs_on_the_device_that_is_asked_for_and_says_which():
    done = subprocess.run(
        [sys.executable, str(found("d6-device").path)],
        env={**os.environ, "BACKSTEP_DEVICE": "cpu"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["device: cpu", "x.grad is on: cpu", "y = [1. 4. 9.]"]


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_d6_runs_on_cuda():
    done = subprocess.run(
        [sys.executable, str(found("d6-device").path)],
        env={**os.environ, "BACKSTEP_DEVICE": "cuda"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["device: cuda", "x.grad is on: cuda", "y = [1. 4. 9.]"]


def test_d6_without_a_choice_it_takes_cuda_where_there_is_one(monkeypatch):
    monkeypatch.delenv("BACKSTEP_DEVICE", raising=False)
    namespace: dict = {}
    exec(found("d6-device").source, namespace)
    assert namespace["device"].type == ("cuda" if torch.cuda.is_available() else "cpu")


def test_d6_moving_a_tensor_that_requires_grad_is_recorded():
    x = torch.ones(3, requires_grad=True).to("meta")
    assert not x.is_leaf
    assert torch.ones(3).to("meta").requires_grad_().is_leaf


@pytest.mark.parametrize("slug", ["d6-device", "d6-numpy"])
def test_d6_after_the_way_back_the_gradient_is_right(slug):
    assert grad(slug, "x").tolist() == [2, 4, 6]
    assert recorded_grads(traced(slug)) == {"x": [2, 4, 6]}


def test_d6_detach_leaves_y_in_the_graph():
    assert ran("d6-numpy").namespace["y"].requires_grad
    assert ran("d6-numpy").stdout.splitlines() == ["array = [1. 4. 9.]", "x.grad = [2.0, 4.0, 6.0]"]


def test_d7_item_and_tolist_give_plain_numbers_and_backward_starts_from_the_tensor():
    assert ran("d7-item").stdout.splitlines() == [
        "number = 14.0 float",
        "y = [1.0, 4.0, 9.0]",
        "x.grad = tensor([2., 4., 6.])",
    ]
    cuts = [(call.name, call.cut, call.result) for call in traced("d7-item").calls if call.cut]
    assert cuts == [("item", "item", "14.0"), ("tolist", "tolist", "[1.0, 4.0, 9.0]")]


def test_d8_a_transposed_tensor_has_the_same_storage_with_other_strides():
    trace = traced("d8-view-error")
    m, t = (next(one for one in trace.tensors if one.name == name) for name in "mt")
    assert (m.strides, t.strides) == ((3, 1), (1, 3))
    assert m.storage == t.storage is not None
    assert ran("d8-view-error").stdout.splitlines() == [
        "m: (3, 1) True",
        "t: (1, 3) False",
        "t shares with m: True",
    ]


@pytest.mark.parametrize("slug", ["d8-reshape", "d8-contiguous"])
def test_d8_both_cures_copy_to_a_new_storage_and_the_gradient_finds_its_place(slug):
    trace = traced(slug)
    storages = {one.name: one.storage for one in trace.tensors if one.name}
    assert storages["row"] != storages["m"] == storages["t"]
    assert "row shares with m: False" in ran(slug).stdout
    assert "CloneBackward0" in nodes_run(trace)
    assert grad(slug, "m").tolist() == PUT_BACK


def test_d8_what_is_in_order_is_not_copied():
    m = torch.ones(2, 3)
    assert m.reshape(6).data_ptr() == m.data_ptr()
    assert m.contiguous() is m
    row = m.t().reshape(6)
    assert row.data_ptr() != m.data_ptr()
