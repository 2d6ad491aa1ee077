"""What a class types, honest and otherwise."""

from __future__ import annotations

import random

from tests.abuse.program import programs

LESSONS = ("c1", "c2", "c3", "c4", "c5", "d1", "d2", "e1")
OWN = (
    "import torch\nx = torch.tensor([{n}., 2.], requires_grad=True)\ny = (x * x).sum()\ny.backward()\nprint(x.grad)\n",
    "import torch\nmodel = torch.nn.Linear(3, 1)\nloss = model(torch.ones({n}, 3)).pow(2).mean()\nloss.backward()\n",
    "import torch\nw = torch.ones(3, requires_grad=True)\nopt = torch.optim.SGD([w], lr=.1)\n"
    "for _ in range({n}):\n    opt.zero_grad()\n    (w * w).sum().backward()\n    opt.step()\nprint(w)\n",
    "import torch\na = torch.ones(2, requires_grad=True)\nb = a.exp()\nb += {n}\nb.sum().backward()\n",
)


def own(chance: random.Random) -> str:
    """A program nobody else runs."""
    return chance.choice(OWN).format(n=chance.randint(1, 9)) + f"# {chance.random()}\n"


def hostile(chance: random.Random) -> str:
    """One of the abuse battery."""
    return chance.choice(programs()).source
