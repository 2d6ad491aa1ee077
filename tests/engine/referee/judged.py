"""Running a small program and judging it: what the tests of the rules compare."""

from __future__ import annotations

from engine.referee.finding import Finding
from engine.referee.findings import findings
from tests.engine.recording.runs import trace_of

W = "import torch\nfrom torch import nn\nw = torch.tensor([1., 2.], requires_grad=True)\n"  # lines 1 to 3
NET = (  # lines 1 to 5
    "import torch\nfrom torch import nn\ntorch.manual_seed(0)\nnet = nn.Linear(2, 1)\n"
    "opt = torch.optim.SGD(net.parameters(), lr=0.1)\n"
)


def found(source: str) -> tuple[Finding, ...]:
    """What the referee finds in a program."""
    return findings(trace_of(source))


def places(source: str) -> list[tuple[str, int | None]]:
    """Kind and line of each finding."""
    return [(finding.kind, finding.line) for finding in found(source)]


def words(finding: Finding) -> tuple[str, str]:
    """Sentence and cure in English."""
    return finding.explanation.text(lambda text: text)
