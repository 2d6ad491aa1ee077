"""What an exception says of a program's end."""

from __future__ import annotations

import errno

import pytest
import torch

from engine.recording.program import tracebacks
from engine.recording.program.failure import MAX_MESSAGE, failure_of, status_of
from engine.recording.program.giving_back import Kept, Steps


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


def test_an_attribute_that_says_ending_is_the_programs_own() -> None:
    class Story(Exception):
        ending = "sad"
        line = "twelve"

    assert status_of(Story()) == ("error", 1)
    failure = failure_of(Story("x"), "program.py", None, None)
    assert failure is not None and (failure.type, failure.message, failure.line) == ("Story", "x", None)


def test_endless_words_and_names_are_cut() -> None:
    error = ValueError("x" * 3_000_000)
    error.__cause__ = KeyError("y" * 3_000_000)
    failure = failure_of(error, "program.py", None, None)
    assert failure is not None and failure.message == "x" * MAX_MESSAGE
    assert len(tracebacks.text(error)) < 2 * tracebacks.MAX_TEXT + 1_000
    named = type("E" * 3_000_000, (Exception,), {})()
    assert len(tracebacks.text(named)) < 1_000 and tracebacks.name_of(type(named)) == "E" * tracebacks.MAX_NAME


def test_a_class_that_lies_about_its_traceback_is_read_all_the_same() -> None:
    class Lying(Exception):
        __traceback__ = __cause__ = property(lambda self: 1 / 0)  # type: ignore[assignment]

    with pytest.raises(Lying) as caught:
        raise Lying("x")
    tracebacks.clean(caught.value)
    assert tracebacks.program_line(caught.value, __file__) is not None
    assert tracebacks.text(caught.value).endswith("Lying\n")


def test_a_step_is_done_again_with_everything_put_back_and_then_left_out() -> None:
    import time

    steps = Steps(Kept())
    kept = time.perf_counter
    del time.perf_counter
    assert steps.do(lambda: time.perf_counter() > 0, False) is True and time.perf_counter is kept
    assert not steps.is_broken
    assert steps.do(lambda: 1 / 0, 7) == 7 and steps.is_broken
