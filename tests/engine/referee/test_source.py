"""What the text of a program tells: where a name is given, used under a condition, or put away."""

from __future__ import annotations

from engine.referee.source import Source


def test_the_first_line_that_gives_a_name() -> None:
    source = Source("x = 1\nclass M:\n    def __init__(self):\n        self.fc = 2\nfc: int = 3\na, b = 1, 2\n")
    assert (source.assigned("x"), source.assigned("fc"), source.assigned("b")) == (1, 4, 6)
    assert source.assigned("z") is None


def test_reading_the_grad_is_no_use() -> None:
    source = Source("w = 1\nprint(w.grad)\n")
    assert list(source.loads("w")) == []
    assert len(list(Source("print(w.grad, w)").loads("w"))) == 1


def test_uses_under_a_condition() -> None:
    assert Source("if x:\n    y = w\n").conditional("w")
    assert Source("y = layers[0]").conditional("layers")
    assert not Source("y = w * 2").conditional("w")


def test_optimizers_and_their_steps() -> None:
    source = Source("o = torch.optim.SGD(net.parameters(), lr=1)\np = Adam([w])\nq = dict(net)\no.step()\n")
    assert list(source.optimized("net")) == ["o"]
    assert list(source.optimized("w")) == ["p"]
    assert (source.lines_calling("o", "step"), source.lines_calling("p", "step")) == ({4}, set())


def test_what_is_put_into_a_container() -> None:
    assert Source("kept.append(loss)").keeps("loss", None) == 1
    assert Source("kept.append(loss.item())").keeps("loss", None) is None
    assert Source("kept.append(float(loss))").keeps("loss", None) is None
    assert Source("def log(value):\n    kept.append(value)\nlog(loss)").keeps("loss", None) == 2
    assert Source("x = [step() for _ in y]").keeps("", "step") == 1


def test_a_text_that_is_no_python_tells_nothing() -> None:
    assert Source("for\n").assigned("x") is None
