"""The true gradient beside a silently wrong one is the gradient of the same program without the line that did the harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.contract.trace import Program, Trace
from engine.running import Runner, run
from tests.referee.corpus import LIMITS, WRONG, expectations, trace_of

NOT_COMPARABLE = {
    "silent_autograd_grad",  # leaves no .grad
    "silent_critic_clipped_too_early",  # in a loop, too
    "silent_input_of_custom_function",  # its backward is not run twice: the true gradient is not available
    "silent_data_copy_batch",  # in a loop: the next step starts from other weights
    "silent_in_a_module",  # the line is also part of the forward computation
    "silent_main_function",  # its leaves are gone at the end
    "silent_noise_injection",
    "silent_wgan_clip_too_early",
}
SILENT = [path for path in WRONG if path.stem.startswith("silent_") and path.stem not in NOT_COMPARABLE]


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as one:
        yield one


def without_the_harm(source: str) -> str:
    """The program with every line that an expectation names replaced by ``pass``."""
    lines = source.splitlines()
    for number in {line for one in expectations(source) for line in one.lines}:
        line = lines[number - 1]
        lines[number - 1] = line[: len(line) - len(line.lstrip())] + "pass"
    return "\n".join(lines)


def gradients(trace: Trace, true: bool) -> dict[str, tuple[object, ...]]:
    """By leaf; ``true``: what would be right, where the trace says that it differs."""
    values = {leaf.name: (leaf.true_grad if true else None) or leaf.grad for leaf in trace.leaves}
    return {name: value.items for name, value in values.items() if value is not None}


@pytest.mark.parametrize("path", SILENT, ids=lambda path: path.stem)
def test_the_true_gradient_is_that_of_the_program_without_the_harm(runner: Runner, path: Path) -> None:
    wrong = trace_of(runner, path)
    right = run(runner, Program(without_the_harm(wrong.program.source)), LIMITS)
    expected = gradients(right, true=False)
    true = gradients(wrong, true=True)
    assert true.keys() == expected.keys()
    for name, numbers in expected.items():
        assert true[name] == pytest.approx(numbers, rel=1e-4, abs=1e-6), name
    assert any(
        gradients(wrong, true=False)[name] != pytest.approx(numbers, rel=1e-3) for name, numbers in expected.items()
    )
