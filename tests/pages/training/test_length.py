"""How many steps a program will make, as far as its text says."""

from __future__ import annotations

import pytest

from engine.program.length import Length, length_of


@pytest.mark.parametrize(
    ("source", "length"),
    [
        ("loss.backward()", Length(1)),
        ("for t in range(2000):\n    loss.backward()", Length(2000)),
        ("steps = 2_000\nfor t in range(steps):\n    with scope:\n        loss.backward()", Length(2000)),
        ("for t in range(10, 0, -2):\n    loss.backward()", Length(5)),
        ("for t in range(20):\n    a.backward()\n    b.backward(retain_graph=True)", Length(40)),
        ("n, batch = 3, 4\nk = 2 * 3 - 1\nfor t in range(k // 2):\n    loss.backward()", Length(2)),
        ("for e in range(3):\n    for i in range(10):\n        loss.backward()", Length(30, 10, 3)),
        ("for e in range(3):\n    for x, y in batches:\n        loss.backward()", Length(None, None, 3)),
        ('if __name__ == "__main__":\n    for t in range(9):\n        loss.backward()', Length(9)),
        ("for t in range(2000):\n    loss = 0", Length(2000)),
        ("for t in range(9):\n    if t % 2:\n        print(t)\n    loss.backward()", Length(9)),
    ],
)
def test_a_length_that_the_text_says(source, length):
    assert length_of(source) == length


@pytest.mark.parametrize(
    "source",
    [
        "",
        "print(1)",
        "for t in range(3):\n    pass\nfor t in range(4):\n    pass",
        "while True:\n    loss.backward()",
        "for x in batches:\n    loss.backward()",
        "for t in range(n):\n    loss.backward()",
        "n = 5\nn = 6\nfor t in range(n):\n    loss.backward()",
        "for t in range(9):\n    if loss < 1:\n        break\n    loss.backward()",
        "def step():\n    loss.backward()\nfor t in range(9):\n    step()",
        "for t in range(9):\n    optimizer.step(lambda: loss.backward())",
        "for t in range(1, 9, 0):\n    loss.backward()",
        "for t in range(9\n    loss.backward()",
        "\0",
    ],
)
def test_a_length_that_cannot_be_told(source):
    assert length_of(source).total is None
    assert length_of(source).per_epoch is None


def test_a_backward_that_may_be_left_out_makes_the_length_unknown():
    assert length_of("for t in range(9):\n    if t > 3:\n        loss.backward()").total is None
