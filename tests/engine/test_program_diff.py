"""Two programs compared: which lines went, which came, which words in them."""

from engine.program.diff import Piece, program_diff

BEFORE = "import torch\nb = a + 2\nb_ = b.detach()\nb_.zero_()\n"
AFTER = "import torch\nb = a + 2\nb_ = b.clone()\nb_.zero_()\n"


def told(before: str, after: str) -> list[tuple[str, int | None, int | None, str]]:
    return [(line.kind, line.before, line.after, line.text) for line in program_diff(before, after)]


def test_equal_programs_have_only_lines_that_stay():
    assert told("a\nb\n", "a\nb\n") == [("same", 1, 1, "a"), ("same", 2, 2, "b")]


def test_a_rewritten_line_is_removed_and_added_with_the_changed_word_marked():
    lines = program_diff(BEFORE, AFTER)
    assert [line.kind for line in lines] == ["same", "same", "removed", "added", "same"]
    assert lines[2].pieces == (Piece("b_ = b."), Piece("detach", True), Piece("()"))
    assert lines[3].pieces == (Piece("b_ = b."), Piece("clone", True), Piece("()"))
    assert (lines[2].before, lines[2].after, lines[3].before, lines[3].after) == (3, None, None, 3)


def test_an_operator_of_several_signs_is_one_word():
    removed, added = program_diff("y += 1\n", "y = y + 1\n")
    assert [piece.text for piece in removed.pieces if piece.is_marked] == ["+="]
    assert [piece.text for piece in added.pieces if piece.is_marked] == ["= y +"]


def test_line_numbers_run_on_past_an_inserted_line():
    assert told("a = 1\nc = 3\n", "a = 1\nb = 2 ** 8\nc = 3\n") == [
        ("same", 1, 1, "a = 1"),
        ("added", None, 2, "b = 2 ** 8"),
        ("same", 2, 3, "c = 3"),
    ]


def test_lines_that_have_nothing_in_common_are_not_taken_for_a_rewritten_one():
    lines = program_diff("y.backward()\n", "with torch.no_grad():\n")
    assert [line.kind for line in lines] == ["removed", "added"]
    assert not any(piece.is_marked for line in lines for piece in line.pieces)


def test_the_most_alike_lines_are_paired_and_the_others_lie_around_them():
    before = "y = x ** 2\ny.backward()\n"
    after = "y = x ** 2\nloss = y.mean()\nloss.backward()\n"
    assert told(before, after) == [
        ("same", 1, 1, "y = x ** 2"),
        ("added", None, 2, "loss = y.mean()"),
        ("removed", 2, None, "y.backward()"),
        ("added", None, 3, "loss.backward()"),
    ]


def test_the_lines_of_each_program_are_all_there_in_their_order():
    before, after = "a\n\nb = c + d\nif x:\n    y\n", "\na\nb = c - d\nz\n    y\n\n"
    lines = program_diff(before, after)
    assert [line.text for line in lines if line.before is not None] == before.splitlines()
    assert [line.text for line in lines if line.after is not None] == after.splitlines()
    assert [line.before for line in lines if line.before is not None] == list(range(1, 6))
    assert [line.after for line in lines if line.after is not None] == list(range(1, 7))


def test_an_empty_program_beside_another_is_all_added():
    assert told("", "a\n") == [("added", None, 1, "a")]
    assert program_diff("", "") == ()


def test_indentation_alone_is_a_marked_change():
    removed, added = program_diff("w -= g\n", "    w -= g\n")
    assert (removed.kind, added.pieces[0]) == ("removed", Piece("    ", True))
