"""From a trace to its picture: diagram, layout by Graphviz, payload.

    python -m tests.benchmarks.layout

Layout runs in its child process, warm, without the cache. ``shown`` counts the vertices drawn.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter

from engine.contract.trace import Limits, Program
from engine.reading.index import index_of
from engine.running import Runner, run
from engine.text.language import translator
from graphviz_tools.payload import encode
from graphviz_tools.picture import diagram_of, show
from graphviz_tools.render.dot import dot_of
from graphviz_tools.render.layout import Layout
from tests.benchmarks.programs import PROGRAMS

N_TIMES = 5
C1 = "import torch\nx = torch.ones(2, requires_grad=True)\ny = torch.ones(2, requires_grad=True)\n(x * y).sum().backward()"
CHAIN = "import torch\nx = torch.ones(1, requires_grad=True)\ny = x\nfor _ in range(5000): y = y * 1.0\ny.backward()"
WIDE = (
    "import torch\nw = [torch.ones(1, requires_grad=True) for _ in range(3000)]\n"
    "torch.cat([(v * 2).exp() for v in w]).sum().backward()"
)


def main() -> None:
    """Print the table."""
    _ = translator("en")
    programs = {"C1": C1, **PROGRAMS, "chain of 5,000": CHAIN, "3,000 leaves": WIDE}
    print(f"{'program':22} {'nodes':>6} {'shown':>6} {'diagram ms':>11} {'layout ms':>10} {'payload ms':>11} {'kB':>6}")
    with Runner() as runner:
        for name, source in programs.items():
            trace = run(runner, Program(source), Limits())
            diagrams, layouts, payloads, size = [], [], [], 0
            for _time in range(N_TIMES):
                started = perf_counter()
                diagram = diagram_of(index_of(trace), _)
                text = dot_of(diagram)
                diagrams.append(perf_counter() - started)
                layout = Layout()
                layout.svg("digraph { a -> b }")
                started = perf_counter()
                layout.svg(text)
                layouts.append(perf_counter() - started)
                started = perf_counter()
                size = len(encode(show(trace, _=_, language="en", layout=layout)))
                payloads.append(perf_counter() - started)
                layout.close()
            print(
                f"{name:22} {len(trace.nodes):6} {len(diagram.vertices):6} {median(diagrams) * 1e3:11.1f} "
                f"{median(layouts) * 1e3:10.1f} {median(payloads) * 1e3:11.1f} {size / 1e3:6.0f}"
            )


if __name__ == "__main__":
    main()
