"""What the text of a program tells: where a name is given, used under a condition, or put away."""

from __future__ import annotations

from engine.program.source import Source


def test_the_first_line_that_gives_a_name() -> None:
    source = Source("x = 1\nclass M:\n    def __init__(self):\n        self.fc = 2\nfc: int = 3\na, b = 1, 2\n")
    assert (source.assigned("x"), source.assigned("fc"), source.assigned("b")) == (1, 4, 6)
    assert source.assigned("z") is None


def test_reading_the_grad_is_no_use() -> None:
    source = Source("w = 1\nprint(w.grad)\n")
    assert not source.is_loaded("w")
    assert Source("print(w.grad, w)").is_loaded("w")


def test_uses_under_a_condition() -> None:
    assert Source("if x:\n    y = w\n").conditional("w")
    assert Source("y = layers[0]").conditional("layers")
    assert not Source("y = w * 2").conditional("w")
    assert Source("for i, l in enumerate(layers):\n    if keep():\n        x = l(x)\n").conditional("layers")
    assert Source("for l in layers:\n    if drop():\n        continue\n    x = l(x)\n").conditional("layers")
    assert not Source("for l in layers:\n    x = l(x)\n").conditional("layers")


def test_lines_that_may_be_skipped() -> None:
    source = Source('if a:\n    b\nelse:\n    c\nif __name__ == "__main__":\n    d\n')
    assert [source.may_be_skipped(line) for line in (1, 2, 4, 5, 6, None)] == [False, True, True, False, False, False]


def test_a_name_given_to_what_its_gradient_makes() -> None:
    source = Source("w = w - lr * w.grad\nself.w = self.w - self.w.grad\nw = w - v.grad\n")
    assert source.updates("w", 1)
    assert source.updates("w", 2)
    assert not source.updates("w", 3)
    assert not source.updates("v", 3)


def test_what_is_put_into_a_container() -> None:
    assert Source("kept.append(loss)").keeps("loss", None) == 1
    assert Source("kept.append(loss.item())").keeps("loss", None) is None
    assert Source("kept.append(float(loss))").keeps("loss", None) is None
    assert Source("def log(value):\n    kept.append(value)\nlog(loss)").keeps("loss", None) == 2
    assert Source("x = [step() for _ in y]").keeps("", "step") == 1


def test_a_text_that_is_no_python_tells_nothing() -> None:
    assert Source("for\n").assigned("x") is None
