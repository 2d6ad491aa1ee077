"""Several runs lined up moment by moment."""

from __future__ import annotations

import itertools

from engine.contract.trace import CalledStep, Overwrite, RunStartedStep, Trace
from engine.program.template import fill
from engine.variants.beats import Beat, beats
from engine.variants.in_step import in_step
from tests.graphviz_tools.traces import c1, call, mutated, trace, value

NUMBER = value(1)


def calls(*names_and_lines: tuple[str, int]) -> Trace:
    """A trace of calls without tensors of their own."""
    records = [call(name, line, (), 0, None, NUMBER) for name, line in names_and_lines]
    return trace("", calls=tuple(records), steps=tuple(CalledStep(i) for i in range(len(records))))


def test_the_same_run_twice_goes_along_step_by_step():
    steps = len(c1().steps)
    assert in_step([c1(), c1()]) == tuple((k, k) for k in range(steps + 1))


def test_one_run_alone_and_no_run_at_all():
    assert in_step([c1()]) == tuple((k,) for k in range(len(c1().steps) + 1))
    assert in_step([]) == ((),)
    assert in_step([trace(""), trace("")]) == ((0, 0),)


def test_the_run_that_raises_at_a_node_meets_the_other_at_that_node_and_then_waits():
    detach, data = mutated("detach"), mutated("data")
    rows = in_step([detach, data])
    assert len(detach.steps) == 10 and len(data.steps) == 13
    assert rows[:10] == tuple((k, k) for k in range(10))  # 9: MulBackward0 raises in one, runs in the other
    assert rows[10] == (10, 9)  # the program ends with the error
    assert rows[11:] == ((10, 10), (10, 11), (10, 12), (10, 13))


def test_own_lines_with_other_calls_go_together_in_order_and_the_rest_meets_again():
    longer = calls(("add", 1), ("data", 2), ("numpy", 2), ("mean", 5))
    shorter = calls(("add", 1), ("clone", 2), ("mean", 5))
    template = "a\n# the variant's lines\n\n\nb\n"
    places = [fill(template, "x").place] * 2
    assert in_step([longer, shorter], places) == ((0, 0), (1, 1), (2, 2), (3, 2), (4, 3))


def test_lines_are_compared_as_the_template_counts_them():
    longer, shorter = calls(("x", 1), ("y", 2), ("mean", 3)), calls(("z", 1), ("mean", 2))
    template = "# the variant's lines\nmean\n"
    places = [fill(template, "x\ny").place, fill(template, "z").place]
    assert in_step([longer, shorter], places) == ((0, 0), (1, 1), (2, 1), (3, 2))
    assert in_step([longer, shorter])[-1] == (3, 2)


def test_a_common_line_never_stands_beside_another():
    one, other = calls(("add", 1), ("mul", 2)), calls(("add", 1), ("mul", 3))
    assert in_step([one, other]) == ((0, 0), (1, 1), (2, 1), (2, 2))


def test_a_third_run_joins_the_rows_of_the_first_two():
    one, two, three = calls(("a", 1), ("c", 3)), calls(("a", 1), ("b", 2), ("c", 3)), calls(("b", 2), ("d", 4))
    assert in_step([one, two, three]) == ((0, 0, 0), (1, 1, 0), (1, 2, 1), (2, 3, 1), (2, 3, 2))


def test_no_run_ever_goes_back():
    rows = in_step([mutated("detach"), c1(), mutated("data")])
    assert all(a <= b for before, after in itertools.pairwise(rows) for a, b in zip(before, after))
    assert rows[-1] == (10, 12, 13)


def silent(step: int, *lines: int) -> Trace:
    """The .data trace, with memory written by others after ``step``."""
    rows = tuple(Overwrite(2, "self", step, line, "memory") for line in lines)
    found = mutated("data")
    return trace(
        "",
        tensors=found.tensors,
        nodes=found.nodes,
        calls=found.calls,
        runs=found.runs,
        steps=found.steps,
        overwrites=rows,
    )


def test_memory_written_without_a_torch_call_has_a_beat_of_its_own():
    found = beats(silent(5, 5))
    assert [beat.step for beat in found[:8]] == [0, 1, 2, 3, 4, 5, 5, 6]
    assert [bool(beat.writes) for beat in found[:8]] == [False] * 6 + [True, False]
    assert found[0] == Beat(0)
    assert [beat.step for beat in beats(silent(5, 5, 6))].count(5) == 3
    assert len(beats(silent(5, 5, 5))) == len(beats(silent(5, 5)))  # two saved tensors, one write


def test_a_write_by_numpy_meets_a_write_by_torch():
    alias = calls(("detach", 1), ("numpy", 1), ("mean", 9))
    alias = trace(
        "",
        calls=alias.calls,
        steps=alias.steps,
        nodes=mutated().nodes,
        tensors=mutated().tensors,
        overwrites=(Overwrite(2, "self", 2, 1, "memory"),),
    )
    data = mutated("data")
    data = trace(
        "",
        tensors=data.tensors,
        calls=data.calls,
        runs=data.runs,
        nodes=data.nodes,
        steps=(CalledStep(4), CalledStep(5), RunStartedStep(0)),
    )
    own = fill("# the variant's lines\n\n\n\n\n\n\n\n", "1\n2\n3\n4\n5").place
    assert in_step([alias, data], [own, own])[:4] == ((0, 0), (1, 1), (2, 1), (3, 2))
