"""Random small programs: straight-line autograd code that may be right, wrong or raise."""

from __future__ import annotations

from hypothesis import strategies as st

UNARY = [
    "{a}.exp()",
    "{a}.sin()",
    "{a}.tanh()",
    "{a}.sigmoid()",
    "{a}.relu()",
    "-{a}",
    "{a} ** 2",
    "{a}.sqrt()",
    "{a}.abs()",
    "{a} * 3",
    "2 / {a}",
    "{a} + 1",
    "{a}.view(-1)",
    "{a}.reshape(2, 3)",
    "{a}.t()",
    "{a}[0]",
    "{a}.sum(0)",
    "{a}.mean()",
    "{a}.max(0).values",
    "{a}.clone()",
    "{a}.detach()",
    "{a}.data",
    "{a}.cumsum(0)",
    "torch.nn.functional.dropout({a}, 0.5)",
    "torch.nn.functional.softmax({a}, dim=0)",
    "torch.where({a} > 0, {a}, 0.)",
    "{a}.double()",
    "{a} + torch.randn(2, 3)",
    "torch.stack([{a}, {a}]).sum(0)",
    "{a}.expand(2, 2, 3).sum(0)",
]
BINARY = ["{a} * {b}", "{a} + {b}", "{a} - {b}", "{a} / {b}", "{a} @ {b}.t()", "torch.cat([{a}, {b}])", "{a} * {a}"]
STATEMENTS = [
    "{a}.add_(1)",
    "{a}.mul_(2)",
    "{a}.data.zero_()",
    "{a}.detach().mul_(2)",
    "{a}.retain_grad()",
    "{a}[0] = 1",
    "print({a}.sum().item())",
    "{a}.register_hook(lambda g: g * 2)",
    "{a}.requires_grad_()",
    "print({a}.grad)",
    "with torch.no_grad(): {a} += 1",
    "{a}.detach().numpy()[...] = 1",
    "print({a})",
    "del {a}",
    "{a}.sum().backward()",
    "print(torch.autograd.grad({a}.sum(), x, allow_unused=True))",
    "x.grad = None",
    "{a}.sum().backward(retain_graph=True)",
    "torch.autograd.backward([{a}.sum(), {a}.mean()])",
]
HEAD = """import torch
torch.manual_seed(0)
x = torch.randn(2, 3, requires_grad=True)
y = torch.rand(2, 3, requires_grad=True)
w = torch.nn.Parameter(torch.ones(2, 3))
"""


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Source text of 1 to 8 statements over the leaves x, y, w, ended by a backward call."""
    names = ["x", "y", "w"]
    lines: list[str] = []
    for i in range(draw(st.integers(1, 8))):
        form = draw(st.sampled_from(UNARY + BINARY + BINARY + STATEMENTS))
        a, b = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        text = form.format(a=a, b=b)
        if form in STATEMENTS:
            lines.append(text)
        else:
            names.append(f"t{i}")
            lines.append(f"t{i} = {text}")
    lines.append(f"{draw(st.sampled_from(names))}.sum().backward()")
    return HEAD + "\n".join(lines) + "\n"
