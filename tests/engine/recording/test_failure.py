"""What an exception says of a program's end."""

from __future__ import annotations

import errno

import pytest
import torch

from engine.recording.failure import status_of


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("std::bad_alloc"),  # of a graph that grew too large
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes"),
        torch.OutOfMemoryError("CUDA out of memory"),
    ],
)
def test_memory_that_ran_out_is_called_so_whoever_says_it(error: BaseException) -> None:
    assert status_of(error) == ("memory", 1)


@pytest.mark.parametrize(
    "error", [ValueError("std::bad_alloc"), OSError(errno.ENOENT, "no file"), RuntimeError("out of memory?")]
)
def test_other_errors_are_errors(error: BaseException) -> None:
    assert status_of(error) == ("error", 1)
