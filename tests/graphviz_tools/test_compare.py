"""Variants side by side as the browser gets them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.contract.trace import Leaf, Overwrite, Trace
from engine.program.template import Variant, fill
from engine.text.language import translator
from engine.variants.memory import memories
from graphviz_tools.compare.comparison import Column, Comparison, ShownBox
from graphviz_tools.compare.memory_view import MOST_BOXES, frames
from graphviz_tools.compare.variants import MOST_ROWS, Ran, compare
from graphviz_tools.render.layout import Layout
from tests.graphviz_tools.traces import c1, chain, leaf, leaf_call, mutated, trace, value

TEMPLATE = "a = ...\nb = a + 2\nloss = (b * b).mean()\n# the variant's lines\n\nloss.backward()\n"
EN = translator("en")


@pytest.fixture(scope="module")
def layout() -> Iterator[Layout]:
    the_layout = Layout()
    yield the_layout
    the_layout.close()


def ran(slug: str, recorded: Trace, text: str = "x\ny", template: str = TEMPLATE, is_blank: bool = False) -> Ran:
    return Ran(Variant(slug, slug, text), fill(template, text), recorded, is_blank)


@pytest.fixture(scope="module")
def both(layout: Layout) -> Comparison:
    """detach() beside .data, as recorded by hand: without what the referee needs, but with memory and steps."""
    pair = [ran("detach", mutated("detach")), ran("data", mutated("data"))]
    return compare(TEMPLATE, pair, _=EN, language="en", layout=layout)


def box(column: Column, row: int) -> ShownBox:
    (found,) = column.frames[column.rows[row].frame]
    return found


def texts(cells) -> list[str]:
    return [cell.text for cell in cells]


def test_it_opens_at_the_first_write_with_the_counters_that_moved(both):
    detach, data = both.columns
    assert both.start_step == 6
    assert [(tag.text, tag.version, tag.moved) for tag in box(detach, 6).tags] == [
        ("b", "version 0 → 1", True),
        ("b_", "version 0 → 1", True),
        ("MulBackward0", "noted version 0", False),
    ]
    assert [(tag.text, tag.version, tag.moved) for tag in box(data, 6).tags] == [
        ("b", "version 0", False),
        ("b_", "version 0 → 1", True),
        ("MulBackward0", "noted version 0", False),
    ]
    assert box(data, 6).changed == (0, 1, 2)
    assert box(data, 7).changed == ()
    assert [tag.version for tag in box(detach, 7).tags] == ["version 1", "version 1", "noted version 0"]


def test_what_was_saved_stands_beside_what_is_there_and_who_can_see_it(both):
    for column, tone, sentence in zip(
        both.columns,
        ("seen", "unseen"),
        ("Version 1, noted 0: PyTorch will refuse.", "Other bytes, still version 0: PyTorch cannot see it."),
    ):
        (saved,) = box(column, 6).saved
        assert (saved.title, saved.tone, saved.sentence) == ("MulBackward0 saved `b`", tone, sentence)
        assert (texts(saved.then), texts(saved.now), saved.differs) == (["9", "2", "2"], ["0", "0", "0"], (0, 1, 2))
        (before,) = box(column, 5).saved
        assert (before.tone, before.differs, before.sentence) == ("same", (), "The bytes are as they were saved.")


def test_what_became_of_it_is_told_at_the_end(both):
    detach, data = (box(column, len(both.steps) - 1).saved[0].sentence for column in both.columns)
    assert detach == "Version 1, noted 0: PyTorch refuses."
    assert data == "Backward used these other numbers, and PyTorch could not see it."


def test_only_the_storage_with_a_story_is_drawn(both):
    """Not those of the leaf and the loss: nothing shares, saves or writes them."""
    assert all(len(frame) <= 1 for column in both.columns for frame in column.frames)
    assert box(both.columns[0], 6).title == "storage, 12 bytes"


def test_each_row_has_the_step_of_each_picture_and_says_who_waits(both):
    detach, data = both.columns
    assert [(at.step, at.moves, at.is_over) for at in detach.rows[8:12]] == [
        (8, True, False),
        (9, True, False),
        (10, True, False),
        (10, False, True),
    ]
    assert [(at.step, at.moves) for at in data.rows[8:12]] == [(8, True), (9, True), (9, False), (10, True)]
    assert detach.rows[9].headline == "MulBackward0 fails"
    assert data.rows[9].headline == "MulBackward0 runs"
    assert [(band.phase, band.first, band.last) for band in both.bands] == [("forward", 1, 6), ("backward", 7, 14)]


def test_marks_say_whose_they_are(both):
    assert [(mark.step, mark.kind, mark.text.split(":")[0]) for mark in both.marks if mark.kind == "failure"] == [
        (9, "failure", "detach"),
        (10, "failure", "detach"),
    ]


def test_a_silent_write_is_told_with_its_line(layout):
    found = mutated("data")
    rows = (Overwrite(2, "self", 5, 5, "memory", value=value(0, 0, 0)),)
    recorded = Trace(
        found.program,
        "ok",
        storages=found.storages,
        tensors=found.tensors,
        nodes=found.nodes,
        calls=found.calls,
        runs=found.runs,
        steps=found.steps[:5],
        overwrites=rows,
    )
    comparison = compare(TEMPLATE, [ran("numpy", recorded)], _=EN, language="en", layout=layout)
    (column,) = comparison.columns
    assert (column.rows[6].headline, column.rows[6].line) == ("line 5 writes to the memory, and PyTorch is not told", 5)
    assert box(column, 6).changed == (0, 1, 2)


def test_a_right_run_shows_its_gradient_once(layout):
    whole = Trace(
        c1().program,
        "ok",
        storages=(),
        tensors=c1().tensors,
        nodes=c1().nodes,
        calls=c1().calls,
        runs=c1().runs,
        steps=c1().steps,
        leaves=(Leaf("x", 0, (2,), "float32", value(4, 5)),),
    )
    (column,) = compare("x\n", [ran("one", whole)], _=EN, language="en", layout=layout).columns
    assert column.verdict is not None
    assert (column.verdict.kind, column.verdict.word) == ("right", "right gradient")
    assert column.verdict.gradients == (("x.grad", "[4, 5]", "[4, 5]"),)


def test_what_has_not_run_has_no_verdict_and_a_template_without_a_mark_is_told(layout):
    comparison = compare("x\n", [ran("one", trace("x\n"), is_blank=True)], _=EN, language="en", layout=layout)
    assert comparison.columns[0].verdict is None
    assert len(comparison.steps) == 1
    assert comparison.mark is None
    assert comparison.notices == ("No line of the program is `# the variant's lines`: so all variants are the same.",)


def test_a_long_run_is_cut_and_says_so(layout):
    comparison = compare(TEMPLATE, [ran("long", chain(MOST_ROWS))], _=EN, language="en", layout=layout)
    assert len(comparison.steps) == len(comparison.columns[0].rows) == MOST_ROWS
    assert "the first 599 are shown" in comparison.notices[0]


def test_storages_beyond_what_can_be_read_are_counted():
    n = MOST_BOXES + 2
    tensors = tuple(leaf(f"x{i}", i, storage=i) for i in range(n))
    recorded = trace(
        "",
        tensors=tensors,
        storages=mutated().storages * n,
        calls=tuple(leaf_call(i, value(1, 2), i + 1) for i in range(n)),
        steps=mutated().steps[:4] + tuple(type(mutated().steps[0])(i) for i in range(4, n)),
    )
    found = frames(recorded, memories(recorded), EN)
    assert found.n_hidden == 2
    assert len(found.frames[-1]) == MOST_BOXES


def test_another_language_says_everything_in_it(layout):
    comparison = compare(TEMPLATE, [ran("data", mutated("data"))], _=translator("zh"), language="zh", layout=layout)
    (saved,) = box(comparison.columns[0], 6).saved
    assert saved.sentence == "内容变了，版本仍是 0：PyTorch 察觉不到。"
    assert comparison.strings["run"] == "全部运行"
